package dev.repartee.registry.store;

import dev.repartee.registry.store.ObjectStore.Precondition;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** The rules for keys. Both stores apply them, so what works in a folder works in a bucket. */
final class ObjectKeys {

  /** The order in which Cloud Storage lists keys. */
  static final Comparator<String> BYTE_ORDER =
      (a, b) ->
          Arrays.compareUnsigned(
              a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));

  /** The folder in which the local store keeps its lock and its temporary files. */
  static final String RESERVED = ".repartee";

  private static final int MAX_BYTES = 900;

  private ObjectKeys() {}

  /**
   * @return {@code key} itself
   * @throws IllegalArgumentException naming the key and the rule it breaks
   */
  static String check(String key) {
    if (key.isEmpty() || key.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw bad(key, "must have 1 to " + MAX_BYTES + " bytes");
    }
    if (key.chars().anyMatch(c -> c < ' ' || c == '\\')) {
      throw bad(key, "must not contain control characters or backslashes");
    }
    String[] parts = key.split("/", -1);
    for (String part : parts) {
      if (part.isEmpty() || part.equals(".") || part.equals("..")) {
        throw bad(key, "must not have an empty part, '.' or '..'");
      }
    }
    if (parts[0].equals(RESERVED)) {
      throw bad(key, "must not begin with '" + RESERVED + "'");
    }
    return key;
  }

  /**
   * @return {@code folder} itself
   * @throws IllegalArgumentException when it is neither empty nor a key followed by {@code /}
   */
  static String checkFolder(String folder) {
    if (!folder.isEmpty()) {
      if (!folder.endsWith("/")) {
        throw bad(folder, "must end in '/' to be a folder");
      }
      check(folder.substring(0, folder.length() - 1));
    }
    return folder;
  }

  static void checkDelete(String key, Precondition precondition) {
    if (precondition.isAbsent()) {
      throw bad(key, "cannot be deleted on condition that it is absent");
    }
  }

  private static IllegalArgumentException bad(String key, String rule) {
    return new IllegalArgumentException("object key '" + key + "' " + rule);
  }
}
