package dev.repartee.finetune.answers;

import dev.repartee.text.TextNorm;
import dev.repartee.text.Timestamps;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.NeverPhrases;
import dev.repartee.text.answers.PublicFile;
import dev.repartee.text.answers.ReviewRow;
import dev.repartee.text.cli.Output;
import dev.repartee.text.io.Spreadsheet;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee answers import}: makes a library of tables and of an extraction. */
@Command(
    name = "import",
    footer = {"  repartee answers import --csv answers.csv --never never.txt --output desk"},
    description = {
      "Writes DIR/library.json from tables of answers, or from the answers of an extraction and"
          + " what people decided about them. A bad row stops it, and all bad rows of a file are"
          + " named.",
      "docs/answers.md describes the columns."
    },
    mixinStandardHelpOptions = true)
public final class LibraryImportCommand implements Callable<Integer> {

  private static final List<String> COLUMNS =
      List.of(
          "id",
          "title",
          "text",
          "folder",
          "queue",
          "language",
          "valid_from",
          "valid_until",
          "owner");
  private static final List<String> REQUIRED = List.of("id", "text");

  /** How many findings are printed. */
  private static final int SHOWN = 20;

  @Option(
      names = "--csv",
      split = ",",
      paramLabel = "FILE",
      description =
          "Table with the columns id, title, text, folder, queue, language, valid_from, valid_until"
              + " and owner; only id and text are required. May be given again.")
  private List<Path> tables = List.of();

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "answers.json of 'extract': all answers, or those that --review approves.")
  private Optional<Path> answers = Optional.empty();

  @Option(
      names = "--review",
      paramLabel = "FILE",
      description =
          "review.csv of 'extract', as people filled it: approved and edited answers are kept,"
              + " rejected ones must never be said.")
  private Optional<Path> review = Optional.empty();

  @Option(
      names = "--public",
      paramLabel = "FILE",
      description =
          "public.csv of 'extract': struck values must never be said. Default: the one beside"
              + " --review, if there is one.")
  private Optional<Path> publicValues = Optional.empty();

  @Option(
      names = "--never",
      split = ",",
      paramLabel = "FILE",
      description = "Phrases that must never be said, one per line. May be given again.")
  private List<Path> neverFiles = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The library's folder.")
  private Path folder;

  @Mixin private Output output;

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, String> placeOfId = new HashMap<>();
  private final Set<String> never = new LinkedHashSet<>();

  @Override
  public Integer call() {
    if (tables.isEmpty() && answers.isEmpty() && review.isEmpty() && neverFiles.isEmpty()) {
      throw UserException.usage("nothing to import; give --csv, --answers, --review or --never");
    }
    Map<String, Answer> extracted = new LinkedHashMap<>();
    answers.ifPresent(
        file ->
            AnswerSetFile.read(file)
                .answers()
                .forEach(answer -> extracted.put(answer.id(), answer)));
    if (review.isPresent()) {
      ReviewRow.read(review.get()).forEach(row -> add(row, extracted));
    } else {
      extracted.forEach((id, answer) -> add(answer));
    }
    publicValues
        .or(() -> review.map(file -> file.resolveSibling(PublicFile.NAME)).filter(Files::exists))
        .ifPresent(
            file -> PublicFile.struck(file).facts().forEach(fact -> never.add(fact.value())));
    List<String> problems = new ArrayList<>();
    for (Path table : tables) {
      try {
        Spreadsheet.read(table, REQUIRED, COLUMNS, this::add);
      } catch (UserException e) { // the rows of the other tables are named, too
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new UserException(String.join("\n", problems));
    }
    neverFiles.forEach(this::addPhrases);
    AnswerLibrary library = library();
    Path file = folder.resolve(AnswerLibraryFile.FILE);
    AnswerLibraryFile.write(file, library);
    report(file, LibraryCheck.of(library, Instant.now()));
    return 0;
  }

  // Extractions

  private void add(Answer answer) {
    String file = answers.orElseThrow().toString();
    try {
      add(answer.id(), answer.text(), Optional.of(answer), file);
    } catch (IllegalArgumentException e) {
      throw new UserException(file + ": answer '" + answer.id() + "': " + e.getMessage(), e);
    }
  }

  /** What a person decided about an answer. */
  private void add(ReviewRow row, Map<String, Answer> extracted) {
    Optional<Answer> answer = Optional.ofNullable(extracted.get(row.id()));
    switch (row.decision().kind()) {
      case APPROVE -> add(row, answer.map(Answer::text).orElse(row.text()), answer);
      case EDIT -> add(row, row.decision().newText(), answer);
      case REJECT -> {
        if (!NeverPhrases.words(row.text()).isEmpty()) { // an emoji cannot be forbidden
          requirePhrase(row.place(), row.text());
          never.add(row.text());
        }
      }
      case MERGE, NONE -> {} // counts as another answer, or is not decided
    }
  }

  private void add(ReviewRow row, String text, Optional<Answer> answer) {
    try {
      add(row.id(), text, answer, row.place());
    } catch (IllegalArgumentException e) {
      throw new UserException(row.place() + ": " + e.getMessage(), e);
    }
  }

  private void add(String id, String text, Optional<Answer> answer, String place) {
    Entry entry =
        new Entry(
            id,
            Optional.empty(),
            text,
            Optional.empty(),
            Optional.empty(),
            answer.flatMap(known -> known.use().language()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    add(entry, place);
  }

  // Tables

  private Entry add(Spreadsheet.Cells cells, String place) {
    cells.requireWidth();
    Entry entry =
        new Entry(
            cell(cells, "id").orElseThrow(() -> new IllegalArgumentException("id is blank")),
            cell(cells, "title"),
            cell(cells, "text").orElseThrow(() -> new IllegalArgumentException("text is blank")),
            cell(cells, "folder"),
            cell(cells, "queue"),
            cell(cells, "language"),
            cell(cells, "valid_from").map(text -> Timestamps.instant("valid_from", text)),
            cell(cells, "valid_until").map(text -> Timestamps.instant("valid_until", text)),
            cell(cells, "owner"));
    add(entry, place);
    return entry;
  }

  private static Optional<String> cell(Spreadsheet.Cells cells, String column) {
    return Optional.of(TextNorm.strip(TextNorm.visible(cells.get(column))))
        .filter(text -> !text.isEmpty());
  }

  private void add(Entry entry, String place) {
    String earlier = placeOfId.putIfAbsent(entry.id(), place);
    if (earlier != null) {
      throw new IllegalArgumentException(
          "id '%s' is already in %s; remove one, or give it another id"
              .formatted(entry.id(), earlier));
    }
    entries.add(entry);
  }

  // Phrases

  private void addPhrases(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw new UserException(file + ": no such file", e);
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8; convert the file to UTF-8", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
    for (int i = 0; i < lines.size(); i++) {
      String phrase = TextNorm.strip(TextNorm.visible(lines.get(i)));
      if (!phrase.isEmpty()) {
        requirePhrase(file + ":" + (i + 1), phrase);
        never.add(phrase);
      }
    }
  }

  private static void requirePhrase(String place, String phrase) {
    try {
      AnswerLibrary.requireNever("the phrase", phrase);
    } catch (IllegalArgumentException e) {
      throw new UserException(place + ": " + e.getMessage(), e);
    }
  }

  private AnswerLibrary library() {
    try {
      return new AnswerLibrary(entries, List.copyOf(never));
    } catch (IllegalArgumentException e) {
      throw new UserException("the library's " + e.getMessage(), e);
    }
  }

  private void report(Path file, LibraryCheck found) {
    List<String> lines = new ArrayList<>();
    lines.add("%s: entries %d, never phrases %d".formatted(file, found.entries(), found.never()));
    List<String> all = found.lines();
    all.stream().limit(SHOWN).forEach(line -> lines.add("  " + line));
    if (all.size() > SHOWN) {
      lines.add("  and %d more; --json lists all".formatted(all.size() - SHOWN));
    }
    output.print(Map.of("library", file.toString(), "found", found), lines);
  }
}
