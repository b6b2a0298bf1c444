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
import dev.repartee.text.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code repartee answers import}: makes a library of tables and of an extraction. */
@Command(
    name = "import",
    footer = {
      "  repartee answers import --csv answers.csv --never never.txt --output desk",
      "  repartee answers import --canned macros.json --output desk"
    },
    description = {
      "Writes DIR/library.json from tables of answers, from the canned responses of a desk, or from"
          + " the answers of an extraction and what people decided about them. A bad row stops it,"
          + " and all bad rows of a file are named.",
      "docs/answers.md describes the columns."
    },
    mixinStandardHelpOptions = true)
final class LibraryImportCommand implements Callable<Integer> {

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
      description = "Tables with the columns id and text, and others; may be repeated.")
  private List<Path> tables = List.of();

  @Option(
      names = "--canned",
      split = ",",
      paramLabel = "FILE",
      description = "Canned responses of a desk, as its API lists them; may be repeated.")
  private List<Path> canned = List.of();

  @Option(
      names = "--review",
      paramLabel = "FILE",
      description =
          "review.csv of 'extract': what people approved or edited is kept, what they rejected or"
              + " struck must never be said.")
  private Optional<Path> review = Optional.empty();

  @Option(
      names = "--never",
      split = ",",
      paramLabel = "FILE",
      description = "Phrases that must never be said, one per line; may be repeated.")
  private List<Path> neverFiles = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The library's folder.")
  private Path folder;

  @Mixin private Output output;

  /** An entry, and where it was read. */
  private record Placed(Entry entry, String place) {}

  /**
   * A canned response that did not become an entry.
   *
   * @param reason such as {@code is not active}
   */
  private record LeftOut(String file, String title, String reason) {}

  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, List<Placed>> byId = new HashMap<>();
  private final Set<String> never = new LinkedHashSet<>();
  private final List<String> cannedFiles = new ArrayList<>(); // a line for each
  private final List<LeftOut> leftOut = new ArrayList<>();

  @Override
  public Integer call() {
    if (Stream.of(tables, canned, neverFiles).allMatch(List::isEmpty) && review.isEmpty()) {
      throw UserException.usage("nothing to import; give --csv, --canned, --review or --never");
    }
    review.ifPresent(this::addReviewed);
    review
        .map(file -> file.resolveSibling(PublicFile.NAME))
        .filter(Files::exists)
        .ifPresent(
            file -> PublicFile.struck(file).facts().forEach(fact -> never.add(fact.value())));
    List<String> problems = new ArrayList<>();
    for (Path table : tables) {
      try {
        Spreadsheet.read(table, REQUIRED, COLUMNS, this::add);
      } catch (UserException e) { // the rows of the other tables are named, too
        problems.add(
            isJson(table)
                ? table + ": JSON, no table; canned responses of a desk are read with --canned"
                : e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new UserException(String.join("\n", problems));
    }
    canned.forEach(this::addCanned);
    neverFiles.forEach(this::addPhrases);
    AnswerLibrary library = library();
    Path file = folder.resolve(AnswerLibraryFile.FILE);
    AnswerLibraryFile.write(file, library);
    report(file, LibraryCheck.of(library, Instant.now()));
    return 0;
  }

  private static boolean isJson(Path file) {
    try {
      return Json.readFile(file).isContainer();
    } catch (UserException e) {
      return false;
    }
  }

  // Extractions

  /** What people decided about the answers of an extraction, which stand beside it. */
  private void addReviewed(Path file) {
    Map<String, Answer> extracted = new HashMap<>();
    Path answers = file.resolveSibling("answers.json");
    if (Files.exists(answers)) {
      AnswerSetFile.read(answers).answers().forEach(answer -> extracted.put(answer.id(), answer));
    }
    ReviewRow.read(file).forEach(row -> add(row, extracted));
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
      Entry entry = new Entry(row.id(), text);
      Optional<String> language = answer.flatMap(known -> known.use().language());
      add(language.map(tag -> entry.in(tag, text)).orElse(entry), row.place());
    } catch (IllegalArgumentException e) {
      throw new UserException(row.place() + ": " + e.getMessage(), e);
    }
  }

  // Tables

  private Entry add(Spreadsheet.Cells cells, String place) {
    cells.requireWidth();
    return add(
        new Entry(
            cell(cells, "id").orElseThrow(() -> new IllegalArgumentException("id is blank")),
            cell(cells, "title"),
            cell(cells, "text").orElseThrow(() -> new IllegalArgumentException("text is blank")),
            cell(cells, "folder"),
            cell(cells, "queue"),
            cell(cells, "language"),
            cell(cells, "valid_from").map(text -> Timestamps.instant("valid_from", text)),
            cell(cells, "valid_until").map(text -> Timestamps.instant("valid_until", text)),
            cell(cells, "owner")),
        place);
  }

  private static Optional<String> cell(Spreadsheet.Cells cells, String column) {
    return Optional.of(TextNorm.strip(TextNorm.visible(cells.get(column))))
        .filter(text -> !text.isEmpty());
  }

  private Entry add(Entry entry, String place) {
    List<Placed> others = byId.computeIfAbsent(entry.id(), unseen -> new ArrayList<>());
    for (Placed other : others) {
      Optional<String> language = other.entry().language();
      if (entry.language().isEmpty() || language.isEmpty() || language.equals(entry.language())) {
        throw new IllegalArgumentException(
            "id '%s' is already in %s; remove one, or give it another id or language"
                .formatted(entry.id(), other.place()));
      }
    }
    Entry added = others.isEmpty() ? entry : inAnotherLanguage(entry, others.getFirst());
    others.add(new Placed(added, place));
    entries.add(added);
    return added;
  }

  /** The first entry of an id says what is the same in all languages, once for all. */
  private static Entry inAnotherLanguage(Entry entry, Placed first) {
    for (LibraryDiff.Field field : LibraryDiff.FIELDS) {
      Optional<?> value = field.of().apply(entry);
      Optional<?> wanted = field.of().apply(first.entry());
      if (value.isPresent() && !value.equals(wanted)) {
        throw new IllegalArgumentException(
            "%s must be as in %s ('%s') but is '%s'; leave it blank: the first row of an id says it"
                .formatted(
                    field.name(),
                    first.place(),
                    wanted.map(Object::toString).orElse(""),
                    value.get()));
      }
    }
    return first.entry().in(entry.language().orElseThrow(), entry.text());
  }

  // Canned responses

  private void addCanned(Path file) {
    JsonNode root;
    try {
      root = Json.readFile(file);
    } catch (UserException e) {
      throw Files.exists(file)
          ? new UserException(e.getMessage() + "; a table is read with --csv", e)
          : e;
    }
    CannedFormat found =
        CannedFormat.of(root)
            .orElseThrow(
                () ->
                    new UserException(
                        "%s: no canned responses, which have the fields of one of %s"
                            .formatted(file, CannedFormat.all())));
    List<JsonNode> elements = found.elements(root);
    Map<String, Integer> reasons = new TreeMap<>();
    for (JsonNode element : elements) {
      String title = CannedFormat.title(element);
      Entry entry;
      try {
        entry = found.read(element);
      } catch (IllegalArgumentException e) {
        reasons.merge(e.getMessage(), 1, Integer::sum);
        leftOut.add(new LeftOut(file.toString(), title, e.getMessage()));
        continue;
      }
      try {
        add(entry, file + ", " + title);
      } catch (IllegalArgumentException e) {
        throw new UserException(file + ": " + e.getMessage(), e);
      }
    }
    int out = reasons.values().stream().mapToInt(Integer::intValue).sum();
    cannedFiles.add(
        "%s: %s, %d of %d canned responses imported"
            .formatted(file, found.format(), elements.size() - out, elements.size()));
    reasons.forEach(
        (reason, count) -> cannedFiles.add("  left out   %d %s".formatted(count, reason)));
  }

  // Phrases

  private void addPhrases(Path file) {
    List<String> lines = Spreadsheet.text(file).lines().toList();
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
    List<String> lines = new ArrayList<>(cannedFiles);
    lines.add("%s: entries %d, never phrases %d".formatted(file, found.entries(), found.never()));
    List<String> all = found.lines();
    all.stream().limit(SHOWN).forEach(line -> lines.add("  " + line));
    if (all.size() > SHOWN) {
      lines.add("  and %d more; --json lists all".formatted(all.size() - SHOWN));
    }
    lines.add(
        "%srepartee models publish answers/NAME --library %s --store URI"
            .formatted(Output.NEXT, file.getParent()));
    output.print(Map.of("library", file.toString(), "found", found, "left_out", leftOut), lines);
  }
}
