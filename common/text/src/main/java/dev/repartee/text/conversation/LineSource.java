package dev.repartee.text.conversation;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.io.BoundedReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a UTF-8 file, gzip or plain. It decodes line by line and so can report the line of
 * an invalid byte, which a decoding {@link java.io.Reader} cannot.
 */
final class LineSource implements AutoCloseable {

  private static final int BUFFER = 1 << 16;

  /**
   * One line without its line feed.
   *
   * @param number counts from 1
   * @param text with a replacement character for every invalid byte
   * @param valid whether the bytes were UTF-8
   */
  record Line(long number, String text, boolean valid) {}

  private final Path file;
  private final InputStream in;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private long number;

  private LineSource(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * Opens {@code file}. Its first bytes decide whether it is gzip.
   *
   * @throws UserException when it cannot be read, is empty, or is named {@code .gz} and is not gzip
   */
  static LineSource open(Path file) {
    if (Files.isDirectory(file)) {
      throw new UserException(file + ": is a folder; name the files in it");
    }
    if (!Files.exists(file)) {
      throw new UserException(file + ": no such file");
    }
    return open(file, Files::newInputStream);
  }

  /** Reads a file that {@code bytes} opens. */
  static LineSource open(Path file, ConversationReader.Bytes bytes) {
    try {
      InputStream raw = new BufferedInputStream(bytes.of(file), BUFFER);
      try {
        return new LineSource(file, decompressed(file, raw));
      } catch (IOException | RuntimeException e) {
        raw.close();
        throw e;
      }
    } catch (AccessDeniedException e) {
      throw new UserException(file + ": no permission to read it", e);
    } catch (EOFException | ZipException e) {
      throw new UserException(file + ": the gzip data is damaged; copy the file again", e);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static InputStream decompressed(Path file, InputStream raw) throws IOException {
    raw.mark(2);
    int first = raw.read();
    int second = raw.read();
    raw.reset();
    if (first < 0) {
      throw new UserException(file + ": is empty");
    }
    if (first == 0x1f && second == 0x8b) {
      return new BufferedInputStream(new GZIPInputStream(raw, BUFFER), BUFFER);
    }
    if (file.toString().endsWith(".gz")) {
      throw new UserException(file + ": is not gzip; rename it without .gz if it is plain text");
    }
    return raw;
  }

  Path file() {
    return file;
  }

  /**
   * The next line; empty at the end of the file.
   *
   * @throws UserException when the file ends early or is damaged, naming the last whole line
   */
  Optional<Line> next() {
    pending.reset();
    try {
      int b = in.read();
      if (b < 0) {
        return Optional.empty();
      }
      int length = 0;
      for (; b >= 0 && b != '\n'; b = in.read()) {
        pending.write(b);
        if (++length > BoundedReader.MOST) {
          throw BoundedReader.tooLong(file.toString(), number + 1);
        }
      }
      number++;
      return Optional.of(decode(pending.toByteArray()));
    } catch (EOFException e) {
      throw damaged("the gzip data ends early", e);
    } catch (ZipException e) {
      throw damaged("the gzip data is damaged", e);
    } catch (IOException e) {
      throw new UserException(file + ":" + (number + 1) + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private UserException damaged(String what, IOException cause) {
    return new UserException(
        file + ":" + (number + 1) + ": " + what + "; copy or export the file again", cause);
  }

  private Line decode(byte[] bytes) {
    String text;
    boolean valid = true;
    try {
      text = decoder.decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      text = new String(bytes, StandardCharsets.UTF_8);
      valid = false;
    }
    return new Line(number, number == 1 ? TextNorm.withoutByteOrderMark(text) : text, valid);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw new UserException(file + ": cannot be closed: " + e.getMessage(), e);
    }
  }
}
