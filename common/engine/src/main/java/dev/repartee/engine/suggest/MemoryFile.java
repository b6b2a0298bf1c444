package dev.repartee.engine.suggest;

import static dev.repartee.engine.suggest.Memory.UNKNOWN;

import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.engine.suggest.Memory.Wording;
import dev.repartee.engine.suggest.MemoryBuilder.ReadContext;
import dev.repartee.engine.suggest.MemoryBuilder.SharedText;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.core.JacksonException;

/**
 * A {@link Memory} in a model folder: {@value Memory#FILE} has the hidden states, {@value #ENTRIES}
 * everything else. Texts stand there only where somebody may be shown them.
 */
public final class MemoryFile {

  /** The file with all but the hidden states. */
  static final String ENTRIES = "memory.json";

  private MemoryFile() {}

  /**
   * A reply.
   *
   * @param terms of its context: for each side how many, then their hashes, then their counts
   * @param key of a typed reply; others have none
   */
  @SuppressWarnings("ArrayRecordComponent") // read and written, never compared
  private record Entry(
      int reply, int agent, int conversation, int[] terms, int[] words, Optional<String> key) {}

  /**
   * A wording; the text where somebody may be shown it.
   *
   * @param typed whether everybody may see it because of what was typed since training
   * @param typedBy who may see it where not everybody may
   */
  private record Kept(
      String hash,
      Optional<String> text,
      boolean shared,
      Optional<Boolean> typed,
      Optional<List<String>> typedBy) {}

  /**
   * What the file holds.
   *
   * @param textSalt of the hashes of texts, words and terms; earlier versions had none
   * @param typedSalt of the hashes of agents of whom only typed replies are known
   * @param byWording as in {@link Memory.Salts}
   * @param conversations hashes of the training conversations; earlier versions had none
   */
  private record Content(
      String salt,
      Optional<String> textSalt,
      Optional<String> typedSalt,
      Optional<Boolean> byWording,
      List<String> agents,
      Optional<List<String>> conversations,
      List<Kept> replies,
      List<Continuations.Word> words,
      List<Entry> entries) {}

  private static int[] flat(List<ContextIndex.Terms> terms) {
    return terms.stream()
        .flatMapToInt(
            side ->
                IntStream.concat(
                    IntStream.of(side.hashes().length),
                    IntStream.concat(Arrays.stream(side.hashes()), Arrays.stream(side.counts()))))
        .toArray();
  }

  private static List<ContextIndex.Terms> terms(int[] flat) {
    List<ContextIndex.Terms> terms = new ArrayList<>();
    for (int at = 0; at < flat.length; at += 1 + 2 * flat[at]) {
      int count = flat[at];
      terms.add(
          new ContextIndex.Terms(
              Arrays.copyOfRange(flat, at + 1, at + 1 + count),
              Arrays.copyOfRange(flat, at + 1 + count, at + 1 + 2 * count)));
    }
    return terms;
  }

  /**
   * Reads that of a model folder, where there is one, for the answers that the folder has now.
   *
   * @throws UserException when the files fit neither each other nor the model
   */
  public static Memory read(Path folder, Wordings answers, int width) {
    Path file = folder.resolve(Memory.FILE);
    if (!Files.isRegularFile(file)) {
      return new MemoryBuilder(width, "", answers).build();
    }
    Content content = content(folder.resolve(ENTRIES));
    MemoryBuilder builder =
        new MemoryBuilder(
            width,
            new Memory.Salts(
                content.salt(),
                content.textSalt().orElse(""),
                content.typedSalt().orElse(content.salt()),
                content.byWording().orElse(false)),
            answers);
    int conversations =
        content.entries().stream().mapToInt(one -> one.conversation() + 1).max().orElse(0);
    builder.storedConversations(
        content.conversations().orElseGet(() -> Collections.nCopies(conversations, "")));
    for (Kept kept : content.replies()) {
      kept.text().ifPresent(text -> builder.storedText(kept.hash(), text));
      kept.typed()
          .ifPresent(
              all ->
                  builder.storedTyped(
                      kept.hash(),
                      new SharedText(
                          kept.text().orElse(""),
                          all,
                          kept.typedBy().stream()
                              .flatMap(List::stream)
                              .collect(Collectors.toSet()))));
    }
    int[] words = content.words().stream().mapToInt(builder::storedWord).toArray();
    try (Safetensors tensors = Safetensors.open(file)) {
      List<Long> wanted = List.of((long) content.entries().size(), (long) width);
      Safetensors.Entry tensor = tensors.entries().get("hidden");
      if (tensor == null || !tensor.shape().equals(wanted)) {
        throw new UserException(
            "%s: tensor 'hidden' must have shape %s, for the replies of %s"
                .formatted(file, wanted, ENTRIES));
      }
      float[] hidden = tensors.floats("hidden");
      for (int n = 0; n < content.entries().size(); n++) {
        Entry one = content.entries().get(n);
        builder.storedReply(
            content.replies().get(one.reply()).hash(),
            one.agent() == UNKNOWN ? "" : content.agents().get(one.agent()),
            one.conversation(),
            new ReadContext(
                Arrays.copyOfRange(hidden, n * width, (n + 1) * width), terms(one.terms())),
            Arrays.stream(one.words()).map(word -> words[word]).toArray(),
            one.key().orElse(""));
      }
    }
    return builder.build();
  }

  private static Content content(Path file) {
    try {
      Content content = Json.COMPACT.readValue(Files.readString(file), Content.class);
      for (int n = 0; n < content.entries().size(); n++) {
        Entry entry = content.entries().get(n);
        boolean fits =
            entry.reply() >= 0
                && entry.reply() < content.replies().size()
                && entry.agent() >= UNKNOWN
                && Arrays.stream(entry.words())
                    .allMatch(word -> word >= 0 && word < content.words().size())
                && entry.agent() < content.agents().size();
        if (!fits) {
          throw new UserException(
              "%s: entry %d names reply %d of %d and agent %d of %d"
                  .formatted(
                      file,
                      n,
                      entry.reply(),
                      content.replies().size(),
                      entry.agent(),
                      content.agents().size()));
        }
      }
      return content;
    } catch (IOException | JacksonException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes it into a model folder. */
  public static void write(Memory memory, Path folder) throws IOException {
    int width = memory.width();
    List<Memory.Entry> entries = memory.entries();
    Content content =
        new Content(
            memory.salts().agents(),
            Optional.of(memory.salts().texts()),
            Optional.of(memory.salts().typed()),
            Optional.of(memory.salts().byWording()),
            memory.agents(),
            Optional.of(memory.conversations()),
            memory.wordings().stream().map(one -> kept(one, memory.agents())).toList(),
            memory.continuations().words(),
            entries.stream().map(MemoryFile::entry).toList());
    AtomicFile.writeString(folder.resolve(ENTRIES), Json.COMPACT.writeValueAsString(content));
    float[] hidden = new float[entries.size() * width];
    for (int n = 0; n < entries.size(); n++) {
      System.arraycopy(entries.get(n).hidden(), 0, hidden, n * width, width);
    }
    Safetensors.write(
        folder.resolve(Memory.FILE),
        Map.of(
            "hidden", Safetensors.Tensor.of(List.of((long) entries.size(), (long) width), hidden)));
  }

  private static Kept kept(Wording one, List<String> agents) {
    boolean ofAnswer = one.answer() != UNKNOWN;
    return new Kept(
        one.hash(),
        ofAnswer ? Optional.empty() : Optional.ofNullable(one.text()),
        !ofAnswer && one.shared(),
        one.learned().map(Memory.Readers::all),
        one.learned().map(readers -> readers.agents().stream().map(agents::get).sorted().toList()));
  }

  private static Entry entry(Memory.Entry one) {
    return new Entry(
        one.reply(),
        one.agent(),
        one.conversation(),
        flat(one.terms()),
        one.words(),
        one.isTyped() ? Optional.of(one.key()) : Optional.empty());
  }
}
