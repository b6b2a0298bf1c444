package dev.repartee.finetune.answers;

import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.text.cli.Cli;
import dev.repartee.text.cli.Output;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * {@code repartee answers}: libraries of answers that people keep by hand; {@code models} publishes
 * them.
 */
@Command(
    name = "answers",
    footer = {"  repartee answers import --csv answers.csv --output desk"},
    description = {
      "Makes, reviews and compares libraries of answers; 'models publish answers/NAME' publishes"
          + " them."
    },
    subcommands = {
      LibraryImportCommand.class,
      ReviewCommand.class,
      AnswersCommand.DiffCommand.class
    },
    mixinStandardHelpOptions = true)
public final class AnswersCommand extends Cli.Group {

  @Command(
      name = "diff",
      footer = {"  repartee answers diff desk@production desk --store registry"},
      description = {
        "Shows what distinguishes two libraries, and what to look at in the newer one: near"
            + " duplicates, personal data, entries that cannot be offered.",
        "Each is a folder with library.json, NAME@NUMBER or NAME@ALIAS."
      },
      mixinStandardHelpOptions = true)
  static final class DiffCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "OLD", description = "Folder, NAME@NUMBER or NAME@ALIAS.")
    private String from;

    @Parameters(index = "1", paramLabel = "NEW", description = "The newer one.")
    private String to;

    @Mixin private StoreOptions libraries;
    @Mixin private Output output;

    @Override
    public Integer call() {
      NamedLibrary older = libraries.library(from);
      NamedLibrary newer = libraries.library(to);
      LibraryDiff diff = LibraryDiff.of(older, newer, Instant.now());
      output.print(diff, diff.lines(older, newer));
      return 0;
    }
  }
}
