package dev.repartee.finetune.answers;

import dev.repartee.finetune.answers.LibraryOptions.NamedLibrary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repartee answers diff}. */
@Command(
    name = "diff",
    description = {
      "Shows what distinguishes two libraries, and what to look at in the newer one: near duplicates,"
          + " personal data, entries that cannot be offered.",
      "Each is a folder with library.json, NAME@NUMBER or NAME@ALIAS."
    },
    mixinStandardHelpOptions = true)
public final class DiffCommand implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "OLD", description = "Folder, NAME@NUMBER or NAME@ALIAS.")
  private String from;

  @Parameters(index = "1", paramLabel = "NEW", description = "The one that is to follow.")
  private String to;

  @Option(
      names = "--feedback",
      paramLabel = "URI",
      description =
          "The store that keeps agents' feedback; names the entries of both that none of it used.")
  private Optional<String> feedback = Optional.empty();

  @Mixin private LibraryOptions options;
  @Mixin private Output output;

  @Override
  public Integer call() {
    NamedLibrary older = options.read(from);
    NamedLibrary newer = options.read(to);
    Optional<FeedbackUse> used = feedback.map(FeedbackUse::read);
    LibraryDiff diff = LibraryDiff.of(older, newer, used, Instant.now());
    List<String> lines = new ArrayList<>(diff.lines(older, newer));
    used.ifPresent(use -> lines.add("read %d records of feedback".formatted(use.records())));
    output.print(diff, lines);
    return 0;
  }
}
