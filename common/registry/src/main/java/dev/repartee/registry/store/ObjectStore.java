package dev.repartee.registry.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Objects under one root. Every implementation keeps this contract, which {@code
 * ObjectStoreContract} tests:
 *
 * <ul>
 *   <li>A write is atomic: readers see the whole old object or the whole new one, and a failed
 *       write leaves no trace. Writes to one key are ordered by their generations.
 *   <li>A {@link Precondition} is checked in the same step as the write, also against writers in
 *       other processes. A write that took effect is reported as done, even when its responses were
 *       lost and the request was sent again. Only when the store then does not answer at all, it
 *       fails as {@code UNAVAILABLE} and may have taken effect.
 *   <li>Keys are parts joined by {@code /}; a part is not empty, {@code .} or {@code ..}. A key is
 *       never the folder of another key.
 *   <li>Failures are {@link StoreException}s that name the object's full location. Bytes that are
 *       damaged in transit are not detected: the reader of a large object must check its hash.
 * </ul>
 *
 * Implementations are safe for use by several threads.
 */
public interface ObjectStore extends AutoCloseable {

  /** Before the keys of feedback; in a folder only its owner reads that. */
  String FEEDBACK = "feedback/";

  /**
   * A small object's text and its generation, ready for a compare-and-swap.
   *
   * @param text decoded as UTF-8
   * @param generation of exactly this text
   */
  record StoredText(String text, long generation) {

    /** Holds as long as nobody has written the object since it was read. */
    public Precondition unchanged() {
      return Precondition.generation(generation);
    }
  }

  /**
   * Writes an object.
   *
   * @throws StoreException {@code PRECONDITION_FAILED} when the precondition does not hold
   */
  StoredObject put(String key, byte[] content, Precondition precondition);

  /**
   * Writes an object whose content is that of a file, of any size. A connection that breaks is
   * resumed; a process that dies has sent nothing.
   *
   * @param crc32c of the file, as {@link Crc32c} writes it
   * @throws StoreException {@code PRECONDITION_FAILED} when the precondition does not hold
   * @throws dev.repartee.text.UserException when the file cannot be read or has another checksum
   */
  StoredObject putFile(String key, Path file, String crc32c, Precondition precondition);

  /**
   * Writes an object when there is none.
   *
   * @return false when there is one already, which stays as it is
   */
  default boolean create(String key, byte[] content) {
    return putIf(key, content, Precondition.absent()).isPresent();
  }

  /** As {@link #put}; empty when the precondition does not hold. */
  default Optional<StoredObject> putIf(String key, byte[] content, Precondition precondition) {
    try {
      return Optional.of(put(key, content, precondition));
    } catch (StoreException e) {
      e.requirePreconditionFailed();
      return Optional.empty();
    }
  }

  /**
   * Gives an object a new generation and keeps its content, so that a writer whose precondition is
   * the old generation fails.
   *
   * @throws StoreException {@code PRECONDITION_FAILED} when it is gone or was replaced
   */
  StoredObject renew(StoredObject object);

  /**
   * The checksum of an object's content, as {@link Crc32c} writes it. Cloud Storage keeps it; a
   * store in a folder reads the whole file.
   *
   * @return empty when there is no such object
   */
  Optional<String> crc32c(String key);

  /**
   * Reads a range of an object: {@code length} bytes from {@code offset}, fewer when the object
   * ends before. All are of one generation.
   *
   * @throws StoreException {@code NOT_FOUND} when there is no such object
   */
  byte[] read(String key, long offset, int length);

  /** Reads a small object whole, with the generation of exactly that text. */
  Optional<StoredText> readText(String key);

  /** Size and generation of an object; empty when there is none. */
  Optional<StoredObject> stat(String key);

  /**
   * The objects whose key begins with {@code prefix}, in the byte order of their keys. Pages are
   * fetched while the stream is consumed. An object that is written or deleted meanwhile may be
   * listed or not.
   *
   * @param prefix may be empty and may end within a part
   */
  Stream<StoredObject> list(String prefix);

  /**
   * The names of the folders directly under {@code folder} that hold an object at any depth, in
   * byte order.
   *
   * @param folder empty for the root, otherwise ending in {@code /}
   */
  Stream<String> folders(String folder);

  /**
   * Deletes an object. An object that is already gone is no failure, so a delete may be repeated.
   *
   * @param precondition none or a generation
   * @throws StoreException {@code PRECONDITION_FAILED} when the object has another generation
   */
  void delete(String key, Precondition precondition);

  /**
   * Deletes exactly the generation that was listed.
   *
   * @return false when the object was replaced meanwhile, and stays
   */
  default boolean deleteIfUnchanged(StoredObject object) {
    try {
      delete(object.key(), object.unchanged());
      return true;
    } catch (StoreException e) {
      e.requirePreconditionFailed();
      return false;
    }
  }

  /**
   * Deletes the temporary files of writers that died; those of the living stay. Cloud Storage has
   * none.
   */
  void discardLeftovers();

  /** The full location of an object for messages: a URI or a path. */
  String locate(String key);

  @Override
  void close();

  /**
   * What a store knows about an object.
   *
   * @param key relative to the store's root, with {@code /} between its parts
   * @param size in bytes
   * @param generation changes with every write and is never reused; positive
   */
  record StoredObject(String key, long size, long generation) {

    public StoredObject {
      if (size < 0) {
        throw new IllegalArgumentException("size must be at least 0 but is " + size);
      }
      if (generation <= 0) {
        throw new IllegalArgumentException("generation must be positive but is " + generation);
      }
    }

    /** Holds as long as nobody has written or deleted the object since. */
    public Precondition unchanged() {
      return Precondition.generation(generation);
    }
  }

  /**
   * What must hold for the object that a write replaces or a delete removes.
   *
   * @param generation that the object must still have, for a compare-and-swap; 0 when there must be
   *     none, -1 when anything may be there
   */
  record Precondition(long generation) {

    /** There must be no such object: exactly one of several writers wins. */
    private static final long ABSENT = 0;

    /** The write always happens. */
    private static final long NONE = -1;

    public static Precondition none() {
      return new Precondition(NONE);
    }

    public static Precondition absent() {
      return new Precondition(ABSENT);
    }

    public static Precondition generation(long value) {
      if (value <= 0) {
        throw new IllegalArgumentException("generation must be positive but is " + value);
      }
      return new Precondition(value);
    }

    boolean isNone() {
      return generation == NONE;
    }

    boolean isAbsent() {
      return generation == ABSENT;
    }

    /**
     * Whether it holds.
     *
     * @param current the object's generation; empty when there is no object
     */
    boolean holds(OptionalLong current) {
      return isNone() || generation == current.orElse(ABSENT);
    }

    /** What is expected, for a message. */
    String description() {
      return isNone() ? "anything" : isAbsent() ? "no such object" : "generation " + generation;
    }
  }

  /**
   * The checksum that Cloud Storage keeps for every object, in its text form: big-endian, Base64.
   */
  final class Crc32c {

    private Crc32c() {}

    /** The checksum of {@code content}. */
    public static String of(byte[] content) {
      CRC32C checksum = new CRC32C();
      checksum.update(content);
      return text(checksum);
    }

    /** The text form of a checksum that was computed piece by piece. */
    public static String text(CRC32C checksum) {
      byte[] bigEndian =
          ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).array();
      return Base64.getEncoder().encodeToString(bigEndian);
    }
  }
}
