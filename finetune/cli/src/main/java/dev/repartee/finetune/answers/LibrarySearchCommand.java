package dev.repartee.finetune.answers;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.options.LibraryOptions;
import dev.repartee.finetune.options.LibraryOptions.NamedLibrary;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerSearch;
import dev.repartee.text.answers.AnswerSearch.Filter;
import dev.repartee.text.cli.Output;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repartee answers search}. */
@Command(
    name = "search",
    footer = {"  repartee answers search desk refund --queue billing"},
    description = "Finds entries of a library by the beginnings of their words, as agents do.",
    mixinStandardHelpOptions = true)
public final class LibrarySearchCommand implements Callable<Integer> {

  private static final int MOST = 1_000;

  @Parameters(
      index = "0",
      paramLabel = "LIBRARY",
      description = "Folder with library.json, NAME@NUMBER or NAME@ALIAS.")
  private String library;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "QUERY",
      description = "What an agent would type; all entries without it.")
  private List<String> query = List.of();

  @Option(
      names = "--queue",
      paramLabel = "NAME",
      description = "Leave out entries of other queues.")
  private Optional<String> queue = Optional.empty();

  @Option(
      names = "--language",
      paramLabel = "TAG",
      description = "Leave out entries in other languages.")
  private Optional<String> language = Optional.empty();

  @Option(
      names = "--agent",
      paramLabel = "ID",
      description = "Find the entries that this agent owns, too.")
  private Optional<String> agent = Optional.empty();

  @Option(
      names = "--limit",
      defaultValue = "10",
      paramLabel = "N",
      description = "Print at most N entries, 1 to " + MOST + ".")
  private int limit;

  @Mixin private LibraryOptions options;
  @Mixin private Output output;

  /** An entry in JSON, with the text that was found. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  private record EntryJson(
      String id,
      Optional<String> title,
      String text,
      Optional<String> folder,
      Optional<String> queue,
      Optional<String> language,
      Optional<String> owner) {

    static EntryJson of(Entry entry) {
      return new EntryJson(
          entry.id(),
          entry.title(),
          entry.text(),
          entry.folder(),
          entry.queue(),
          entry.language(),
          entry.owner());
    }
  }

  @Override
  public Integer call() {
    if (limit < 1 || limit > MOST) {
      throw UserException.usage(
          "--limit must be between 1 and %d but is %d".formatted(MOST, limit));
    }
    NamedLibrary named = options.read(library);
    List<Entry> found =
        new AnswerSearch(named.library())
            .find(String.join(" ", query), filter(), entry -> 0, limit);
    output.print(
        Map.of("library", named.name(), "answers", found.stream().map(EntryJson::of).toList()),
        found.isEmpty() ? List.of("nothing found") : found.stream().map(this::line).toList());
    return 0;
  }

  private Filter filter() {
    try {
      return new Filter(Instant.now(), queue, language, Optional.empty(), agent);
    } catch (IllegalArgumentException e) {
      throw UserException.usage("--" + e.getMessage());
    }
  }

  private String line(Entry entry) {
    return "%-20s %s%s"
        .formatted(
            entry.id(),
            entry.title().map(title -> title + ": ").orElse(""),
            entry.text().replaceAll("\\s+", " "));
  }
}
