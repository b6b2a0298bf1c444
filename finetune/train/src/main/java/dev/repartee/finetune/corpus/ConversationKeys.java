package dev.repartee.finetune.corpus;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
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
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Which conversations a model was trained on, so that it is neither validated nor tested on them:
 * those of its run and those of its base, where that has this file itself. Validation conversations
 * are not among them. They choose the weights but are not learned, and a base and what is tuned
 * from it may share them, as in {@code recipe --pretrain}.
 *
 * <p>A key is the first eight bytes of a SHA-256 of a conversation's id and first message, as they
 * stand in the file: an id alone may be used by another contact center too. With a million keys and
 * ten thousand conversations to test, the probability of one wrong match is below 10<sup>-8</sup>.
 */
public final class ConversationKeys {

  /** The file's name in a model folder: ascending signed numbers of eight bytes, big-endian. */
  public static final String FILE = "trained-on.bin";

  /** Does not occur in UTF-8, so no two pairs of id and message are the same bytes. */
  private static final byte SEPARATOR = (byte) 0xFF;

  private final long[] keys; // ascending

  ConversationKeys(LongStream keys) {
    this.keys = keys.sorted().distinct().toArray();
  }

  public static ConversationKeys of(Stream<Conversation> conversations) {
    return new ConversationKeys(conversations.mapToLong(ConversationKeys::key));
  }

  static long key(Conversation conversation) {
    MessageDigest digest = Sha256.newDigest();
    digest.update(conversation.id().getBytes(StandardCharsets.UTF_8));
    digest.update(SEPARATOR);
    conversation.messages().stream()
        .limit(1)
        .forEach(first -> digest.update(first.text().getBytes(StandardCharsets.UTF_8)));
    return ByteBuffer.wrap(digest.digest()).getLong();
  }

  /** The keys of both. */
  public ConversationKeys with(ConversationKeys other) {
    return new ConversationKeys(LongStream.concat(Arrays.stream(keys), Arrays.stream(other.keys)));
  }

  public boolean contains(Conversation conversation) {
    return Arrays.binarySearch(keys, key(conversation)) >= 0;
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
          "%s: %d of its conversations %s, such as '%s'; leave them out of it: what is validated and tested on must be new to the model"
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
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length % Long.BYTES != 0) {
        throw new UserException(
            "%s: has %d bytes, not %d for each conversation; fetch or write the folder again"
                .formatted(file, bytes.length, Long.BYTES));
      }
      long[] keys = new long[bytes.length / Long.BYTES];
      ByteBuffer.wrap(bytes).asLongBuffer().get(keys);
      return Optional.of(new ConversationKeys(Arrays.stream(keys)));
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e, e);
    }
  }
}
