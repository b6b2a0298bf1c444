package dev.repartee.registry.store;

import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Objects under one root. Every implementation keeps this contract, which {@code
 * ObjectStoreContract} tests:
 *
 * <ul>
 *   <li>A write is atomic: readers see the whole old object or the whole new one, and a failed
 *       write leaves no trace. Writes to one key are ordered by their generations.
 *   <li>A {@link Precondition} is checked and the write done in one step, against writers in other
 *       processes too. A write that took effect is reported as done, even when its first answer got
 *       lost and it had to be sent again.
 *   <li>Keys are parts joined by {@code /}; a part is not empty, {@code .} or {@code ..}. A key is
 *       never the folder of another key.
 *   <li>Failures are {@link StoreException}s that name the object's full location. A stream that
 *       breaks after it was opened throws {@link java.io.IOException}. Bytes that were damaged on
 *       their way are not noticed: whoever reads a large object checks its hash.
 * </ul>
 *
 * Implementations may be used by several threads.
 */
public interface ObjectStore extends AutoCloseable {

  /** How many objects {@link #compose} joins at most. */
  int MAX_PARTS = 32;

  /**
   * Writes an object in one go; large ones are composed of several.
   *
   * @throws StoreException {@code PRECONDITION_FAILED} when the precondition does not hold
   */
  StoredObject put(String key, byte[] content, Precondition precondition);

  /**
   * Writes an object that is the content of others, one after the other; these stay. In Cloud
   * Storage nothing is sent again for it.
   *
   * @param parts 1 to {@value #MAX_PARTS} objects, each of exactly the generation it has here
   * @throws StoreException {@code NOT_FOUND} when a part is gone or was replaced, {@code
   *     PRECONDITION_FAILED} when the precondition does not hold
   */
  StoredObject compose(String key, List<StoredObject> parts, Precondition precondition);

  /**
   * Gives an object a new generation and leaves its content: whoever meant to replace or delete
   * exactly the old generation cannot any more.
   *
   * @throws StoreException {@code PRECONDITION_FAILED} when it is gone or was replaced
   */
  StoredObject renew(StoredObject object);

  /**
   * The checksum of an object's content as the store has it (a store in a folder reads the file):
   * CRC32C, big-endian, in Base64.
   *
   * @return empty where there is no such object
   */
  Optional<String> crc32c(String key);

  /**
   * Opens an object; the stream stays with the generation that was current at this moment.
   *
   * @throws StoreException {@code NOT_FOUND} when there is no such object
   */
  InputStream read(String key);

  /**
   * Opens a part of an object: at most {@code length} bytes from {@code offset}, fewer or none
   * where the object ends before.
   *
   * @throws StoreException {@code NOT_FOUND} when there is no such object
   */
  InputStream read(String key, long offset, long length);

  /** Reads a small object whole, with the generation that belongs to the text. */
  Optional<StoredText> readText(String key);

  /** Size and generation of an object, empty where there is none. */
  Optional<StoredObject> stat(String key);

  /**
   * The objects whose key begins with {@code prefix}, in the byte order of their keys. Fetched page
   * by page while the stream is consumed. An object written or deleted meanwhile may show or not.
   *
   * @param prefix may be empty and may end within a part
   */
  Stream<StoredObject> list(String prefix);

  /**
   * The names of the folders directly under {@code folder} that hold an object at any depth, in
   * byte order; cheap however many objects they hold.
   *
   * @param folder empty for the root, otherwise ending in {@code /}
   */
  Stream<String> folders(String folder);

  /**
   * Deletes an object. One that is already gone is no failure, so a delete may be repeated.
   *
   * @param precondition none or a generation
   * @throws StoreException {@code PRECONDITION_FAILED} when another generation is there
   */
  void delete(String key, Precondition precondition);

  /**
   * Deletes what writers that died left outside of the objects, as far as it is older than {@code
   * age}. Cloud Storage leaves nothing.
   */
  void discardLeftovers(Duration age);

  /** The full location of an object for messages: a URI or a path. */
  String locate(String key);

  @Override
  void close();
}
