package dev.repartee.common.store;

import java.io.InputStream;
import java.nio.file.Path;
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

  /**
   * Writes a small object.
   *
   * @throws StoreException {@code PRECONDITION_FAILED} when the precondition does not hold
   */
  StoredObject put(String key, byte[] content, Precondition precondition);

  /**
   * Writes the content of {@code file}, of any size. The file must not change meanwhile.
   *
   * @throws StoreException {@code PRECONDITION_FAILED} when the precondition does not hold
   */
  StoredObject put(String key, Path file, Precondition precondition);

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

  /** The full location of an object for messages: a URI or a path. */
  String locate(String key);

  @Override
  void close();
}
