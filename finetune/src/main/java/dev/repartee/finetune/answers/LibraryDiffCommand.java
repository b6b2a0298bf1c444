package dev.repartee.finetune.answers;

import dev.repartee.finetune.options.LibraryOptions;
import dev.repartee.finetune.options.LibraryOptions.NamedLibrary;
import dev.repartee.text.cli.Output;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code repartee answers diff}. */
@Command(
    name = "diff",
    footer = {"  repartee answers diff desk@production desk --store registry"},
    description = {
      "Shows what distinguishes two libraries, and what to look at in the newer one: near"
          + " duplicates, personal data, entries that cannot be offered.",
      "Each is a folder with library.json, NAME@NUMBER or NAME@ALIAS."
    },
    mixinStandardHelpOptions = true)
public final class LibraryDiffCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "OLD", description = "Folder, NAME@NUMBER or NAME@ALIAS.")
  private String from;

  @Parameters(index = "1", paramLabel = "NEW", description = "The newer one.")
  private String to;

  @Mixin private LibraryOptions libraries;
  @Mixin private Output output;

  @Override
  public Integer call() {
    NamedLibrary older = libraries.read(from);
    NamedLibrary newer = libraries.read(to);
    LibraryDiff diff = LibraryDiff.of(older, newer, Instant.now());
    output.print(diff, diff.lines(older, newer));
    return 0;
  }
}
