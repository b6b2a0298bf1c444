package dev.repartee.engine.memory;

import static dev.repartee.engine.memory.Writer.UNKNOWN;
import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.memory.KnownText.Readers;
import dev.repartee.engine.memory.KnownText.Use;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * A {@link Memory} in a model folder: {@value #ENTRIES} has what is readable, the texts that
 * somebody may be shown and the words that may be said; {@value #FOLDER} the index of all replies
 * and the counts of words.
 */
public final class MemoryFile {

  /** The file with what is readable. */
  static final String ENTRIES = "memory.json";

  /** The folder with the rest. */
  public static final String FOLDER = "memory";

  private static final String INDEX = "index";
  private static final String COUNTS = "followers.bin";

  private static final int FORMAT = 3;

  private MemoryFile() {}

  /**
   * A text that somebody may be shown.
   *
   * @param text missing of a wording of the answer set, which has it
   * @param queue whose own it is
   * @param conversations that hold it, by agent
   * @param typed whether everybody may see it because of what was typed since training
   * @param typedBy who may see it where not everybody may
   * @param typedReplies by agent
   */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  private record KeptText(
      String hash,
      Optional<String> text,
      boolean shared,
      int replies,
      Optional<Integer> queue,
      Map<Integer, Integer> conversations,
      Optional<Boolean> typed,
      Optional<Set<Integer>> typedBy,
      Map<Integer, Integer> typedReplies) {

    KeptText {
      Salts.number(requireNonNull(hash, "hash is null"));
      if (text.filter(String::isEmpty).isPresent()) {
        throw new IllegalArgumentException("a text is empty");
      }
      conversations = conversations == null ? Map.of() : conversations;
      typedReplies = typedReplies == null ? Map.of() : typedReplies;
      if (Stream.of(
              List.of(replies),
              conversations.values(),
              typedReplies.values(),
              typedBy.orElse(Set.of()))
          .flatMap(Collection::stream)
          .anyMatch(number -> number == null || number < 0)) {
        throw new IllegalArgumentException(
            "replies, conversations, typedBy or typedReplies have a null or a number below 0");
      }
    }

    static KeptText of(KnownText one) {
      boolean ofAnswer = one.answer() != UNKNOWN;
      return new KeptText(
          HexFormat.of().toHexDigits(one.hash()),
          ofAnswer ? Optional.empty() : Optional.of(one.text()),
          !ofAnswer && one.shared(),
          one.used().replies(),
          one.used().queue(),
          new TreeMap<>(one.used().conversations()), // one order, so that equal memories are equal
          one.typed().map(Readers::all),
          one.typed().map(readers -> new TreeSet<>(readers.agents())),
          new TreeMap<>(one.used().typed()));
    }

    Use used() {
      return new Use(replies, queue, conversations, typedReplies);
    }

    Optional<Readers> readers() {
      return typed.map(all -> new Readers(all, typedBy.orElse(Set.of())));
    }
  }

  /**
   * What {@value #ENTRIES} holds.
   *
   * @param repliesOfAgent in the order of the agents
   */
  @SuppressWarnings("ArrayRecordComponent") // read and written, never compared
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  private record Content(
      int format,
      Salts salts,
      List<String> agents,
      Queues queues,
      int[] repliesOfAgent,
      List<KeptText> texts,
      List<Continuations.Word> words) {

    Content {
      requireNonNull(salts, "salts is null");
      agents = List.copyOf(requireNonNull(agents, "agents is null"));
      requireNonNull(queues, "queues is null");
      requireNonNull(repliesOfAgent, "repliesOfAgent is null");
      texts = List.copyOf(requireNonNull(texts, "texts is null"));
      words = List.copyOf(requireNonNull(words, "words is null"));
      if (repliesOfAgent.length != agents.size()) {
        throw new IllegalArgumentException(
            "repliesOfAgent must be %d numbers but are %d"
                .formatted(agents.size(), repliesOfAgent.length));
      }
      if (IntStream.of(repliesOfAgent).anyMatch(number -> number < 0)) {
        throw new IllegalArgumentException("repliesOfAgent must be at least 0");
      }
      if (words.size() < 2) {
        throw new IllegalArgumentException("words must have the two ends of a reply");
      }
    }
  }

  /** Writes it into a model folder. */
  public static void write(Memory memory, Path folder) throws IOException {
    Content content =
        new Content(
            FORMAT,
            memory.salts(),
            memory.agents(),
            memory.queues(),
            memory.repliesOfAgent(),
            memory.wordings().stream().map(KeptText::of).toList(),
            memory.continuations().words());
    AtomicFile.writeFolder(
        folder.resolve(FOLDER),
        files -> {
          Files.createDirectory(files.resolve(INDEX));
          memory.index().copyTo(files.resolve(INDEX));
          memory.continuations().counts().write(files.resolve(COUNTS));
        });
    AtomicFile.writeString(folder.resolve(ENTRIES), Json.COMPACT.writeValueAsString(content));
  }

  /** Whether a model folder has one. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve(ENTRIES));
  }

  /**
   * Reads that of a model folder, where there is one, for the answers that the folder has now.
   *
   * @param width of the model's hidden states
   * @throws UserException when the files fit neither each other nor the model
   */
  public static Memory read(Path folder, Wordings answers, int width) {
    Path file = folder.resolve(ENTRIES);
    if (!isIn(folder)) {
      if (Files.exists(folder.resolve(FOLDER))) {
        throw new UserException(
            "%s is missing, but %s is there; copy or fetch the folder again"
                .formatted(file, FOLDER));
      }
      return new MemoryBuilder(width, "", answers).build();
    }
    return read(folder, Json.readFile(file, Content.class), answers, width);
  }

  private static Memory read(Path folder, Content content, Wordings answers, int width) {
    if (content.format() != FORMAT) {
      throw new UserException(
          "%s: format must be %d but is %d; use a newer Repartee"
              .formatted(folder.resolve(ENTRIES), FORMAT, content.format()));
    }
    Path files = folder.resolve(FOLDER);
    Continuations continuations =
        new Continuations(
            content.salts().texts(),
            content.words(),
            FollowerCounts.read(files.resolve(COUNTS), content.words().size()));
    List<KnownText> wordings = wordings(content, answers);
    MemoryIndex index = MemoryIndex.open(files.resolve(INDEX)); // last: nothing leaves it open
    if (index.mean().length != width) {
      index.close();
      throw new UserException(
          "%s is of a model of width %d, but this one has %d"
              .formatted(files, index.mean().length, width));
    }
    return new Memory(
        content.salts(),
        answers,
        content.agents(),
        content.queues(),
        wordings,
        content.repliesOfAgent(),
        continuations,
        index);
  }

  private static List<KnownText> wordings(Content content, Wordings answers) {
    Map<Long, KeptText> kept = new HashMap<>();
    content.texts().forEach(one -> kept.put(Salts.number(one.hash()), one));
    Map<Long, KnownText> wordings = new LinkedHashMap<>();
    double[] uses = answers.uses();
    for (Wordings.Wording one : answers.all()) {
      long hash = content.salts().wording(one.text());
      Optional<KeptText> known = Optional.ofNullable(kept.get(hash));
      wordings.put(
          hash,
          KnownText.ofAnswer(
              hash, one, uses, known.flatMap(KeptText::readers), known.map(KeptText::used)));
    }
    kept.forEach(
        (hash, one) -> {
          if (!wordings.containsKey(hash) && one.text().isPresent()) {
            wordings.put(
                hash,
                KnownText.other(
                    hash,
                    one.text().get(),
                    one.shared() && answers.all().isEmpty(),
                    one.readers(),
                    one.used()));
          }
        });
    return List.copyOf(wordings.values());
  }
}
