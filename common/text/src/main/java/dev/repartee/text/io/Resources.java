package dev.repartee.text.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Files in the jars. */
public final class Resources {

  private Resources() {}

  /**
   * The text of a UTF-8 file beside a class, with line ends as on Unix.
   *
   * @throws IllegalStateException when the class path does not have it
   */
  public static String text(Class<?> owner, String name) {
    return new String(bytes(owner, name), StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  /**
   * The bytes of a file beside a class.
   *
   * @throws IllegalStateException when the class path does not have it
   */
  public static byte[] bytes(Class<?> owner, String name) {
    try (InputStream in = owner.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks the resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
