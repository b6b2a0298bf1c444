package dev.repartee.finetune.corpus;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.WordBreaks;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Copies;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Which conversations a model was trained on, so that it is neither validated nor tested on them:
 * those of its run and those of its base, where that has this file itself. Validation conversations
 * are not among them. They choose the weights but are not learned, and a base and what is tuned
 * from it may share them, as in {@code recipe --pretrain}.
 *
 * <p>Public sets share conversations under other ids, so a conversation is known by what was said:
 * by pairs of a customer's message and the agent's reply to it, of {@value #LEAST_WORDS} words or
 * more. A pair that {@value #TEMPLATE} conversations hold is a template, which says nothing of a
 * conversation. Of the other pairs of a conversation the {@value #MOST} with the lowest hashes are
 * compared: the same ones wherever the conversation stands. It was read if two thirds of them are
 * known, with {@value #ENOUGH_WORDS} words together: two conversations of one center may share a
 * short exchange. What has fewer words beside templates and short replies is never recognized.
 */
public final class ConversationKeys {

  /** The file's name in a model folder: ascending signed numbers of eight bytes, big-endian. */
  public static final String FILE = "trained-on.bin";

  private static final int LEAST_WORDS = 6;
  private static final int TEMPLATE = 3;
  private static final int MOST = 8;
  private static final int ENOUGH_WORDS = 30;

  /** Marks the key of a template; other keys are even. */
  private static final long TEMPLATE_BIT = 1;

  /** Does not occur in UTF-8, so no two pairs are the same bytes. */
  private static final byte SEPARATOR = (byte) 0xFF;

  private final long[] keys; // ascending

  private ConversationKeys(LongStream keys) {
    this.keys = keys.sorted().distinct().toArray();
  }

  public static ConversationKeys of(Stream<Conversation> conversations) {
    return ofPairs(conversations.map(ConversationKeys::hashes).toList());
  }

  /** The keys of a file's conversations. */
  public static ConversationKeys of(Path file) {
    try (Stream<Conversation> all = Copies.without(List.of(file), _ -> {})) {
      return of(all);
    }
  }

  /**
   * The keys of conversations.
   *
   * @param conversations the {@link #hashes} of each
   */
  static ConversationKeys ofPairs(List<long[]> conversations) {
    long[] all = conversations.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    ConversationKeys templates =
        new ConversationKeys(
            IntStream.range(TEMPLATE - 1, all.length)
                .filter(i -> all[i] == all[i - TEMPLATE + 1])
                .mapToLong(i -> all[i] | TEMPLATE_BIT));
    return new ConversationKeys(
            conversations.stream()
                .flatMapToLong(pairs -> Arrays.stream(pairs).filter(templates::marks).limit(MOST)))
        .with(templates);
  }

  /** The hashes of a conversation's pairs, ascending. */
  static long[] hashes(Conversation conversation) {
    return pairs(conversation).keySet().stream().mapToLong(Long::longValue).toArray();
  }

  /** How many words each of a conversation's pairs has, by its hash. */
  private static NavigableMap<Long, Integer> pairs(Conversation conversation) {
    NavigableMap<Long, Integer> pairs = new TreeMap<>();
    String customer = "";
    for (Message message : conversation.messages()) {
      String text = TextNorm.norm(message.text());
      if (!message.isAgent()) {
        customer = text;
        continue;
      }
      int words = WordBreaks.words(text).size();
      if (words >= LEAST_WORDS) {
        MessageDigest digest = Sha256.newDigest();
        digest.update(customer.getBytes(StandardCharsets.UTF_8));
        digest.update(SEPARATOR);
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        pairs.put(
            ByteBuffer.wrap(digest.digest()).getLong() & ~TEMPLATE_BIT,
            words + WordBreaks.words(customer).size());
      }
    }
    return pairs;
  }

  /** Whether a pair is no template, so that it marks a conversation. */
  private boolean marks(long pair) {
    return !has(pair | TEMPLATE_BIT);
  }

  private boolean has(long key) {
    return Arrays.binarySearch(keys, key) >= 0;
  }

  /** The keys of both. */
  public ConversationKeys with(ConversationKeys other) {
    return new ConversationKeys(LongStream.concat(Arrays.stream(keys), Arrays.stream(other.keys)));
  }

  /** Whether enough of a conversation is known. */
  public boolean contains(Conversation conversation) {
    NavigableMap<Long, Integer> pairs = pairs(conversation);
    List<Long> compared = pairs.keySet().stream().filter(this::marks).limit(MOST).toList();
    List<Long> known = compared.stream().filter(this::has).toList();
    return 3 * known.size() >= 2 * compared.size()
        && known.stream().mapToInt(pairs::get).sum() >= ENOUGH_WORDS;
  }

  /**
   * Refuses conversations that are among these.
   *
   * @param source of the conversations
   * @param relation what the message says of the conversations, such as "are in train.jsonl too"
   * @throws UserException (wrong usage) with their number and an id
   */
  public void requireNew(String source, Stream<Conversation> conversations, String relation) {
    List<String> known = conversations.filter(this::contains).map(Conversation::id).toList();
    if (!known.isEmpty()) {
      throw UserException.usage(
          "%s: %d of its conversations %s, such as '%s'; what is validated and tested on must be new to the model: 'repartee conversations split --new-to FILE|MODEL' writes those that are new"
              .formatted(source, known.size(), relation, known.getFirst()));
    }
  }

  /**
   * Refuses to measure a model on what it was trained on, where its folder has the keys.
   *
   * @param name of the model
   * @param files that hold {@code conversations}
   * @throws UserException (wrong usage) with their number and an id
   */
  public static void requireNewTo(
      Path model, String name, List<Path> files, List<Conversation> conversations) {
    String source = files.stream().map(Path::toString).collect(Collectors.joining(", "));
    read(model)
        .ifPresent(keys -> keys.requireNew(source, conversations.stream(), inTrainingDataOf(name)));
  }

  /** The relation of conversations to the keys of a model. */
  public static String inTrainingDataOf(String model) {
    return "are in the training data of " + model;
  }

  /** Writes the keys into a folder. */
  public void write(Path folder) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(keys.length, Long.BYTES));
    bytes.asLongBuffer().put(keys);
    AtomicFile.write(folder.resolve(FILE), out -> out.write(bytes.array()));
  }

  /**
   * Reads the keys of a folder; empty where it has none, as a model of another program.
   *
   * @throws UserException when the file cannot be read or is damaged
   */
  public static Optional<ConversationKeys> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(file.toString(), Files.readAllBytes(file)));
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e, e);
    }
  }

  /**
   * The keys of a file's content.
   *
   * @throws UserException when it is damaged
   */
  public static ConversationKeys parse(String file, byte[] bytes) {
    if (bytes.length % Long.BYTES != 0) {
      throw new UserException(
          "%s: has %d bytes, not %d for each key; fetch or write the folder again"
              .formatted(file, bytes.length, Long.BYTES));
    }
    long[] keys = new long[bytes.length / Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().get(keys);
    return new ConversationKeys(Arrays.stream(keys));
  }
}
