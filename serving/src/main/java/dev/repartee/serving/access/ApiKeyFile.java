package dev.repartee.serving.access;

import dev.repartee.text.UserException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The format of a file of API keys. Its errors name the line only: any part of it may be a key. */
final class ApiKeyFile {

  static final int MIN_KEY_LENGTH = 20;

  private static final Pattern LINE =
      Pattern.compile("(?<name>[A-Za-z0-9._-]{1,64})(\\s*:\\s*|\\s+)(?<key>[\\x21-\\x7e]+)");

  private ApiKeyFile() {}

  /**
   * Reads {@code name: key} or {@code name key} from each line that is not empty and no comment.
   *
   * @param file what errors call it
   * @throws UserException naming the line, when one is wrong or there is no key
   */
  static List<ApiKey> parse(String file, List<String> lines) {
    List<ApiKey> keys = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        keys.add(key(file + ", line " + (i + 1) + ": ", line, keys));
      }
    }
    if (keys.isEmpty()) {
      throw UserException.usage(file + ": holds no key; write 'name: key', one a line");
    }
    return List.copyOf(keys);
  }

  private static ApiKey key(String where, String line, List<ApiKey> before) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw UserException.usage(
          where
              + "must be 'name: key', a name of 1 to 64 letters, digits, '.', '_' and '-', and a key"
              + " of visible ASCII characters");
    }
    String key = matcher.group("key");
    if (key.length() < MIN_KEY_LENGTH) {
      throw UserException.usage(
          "%sthe key must have at least %d characters but has %d; try 'openssl rand -hex 24'"
              .formatted(where, MIN_KEY_LENGTH, key.length()));
    }
    ApiKey read = ApiKey.of(matcher.group("name"), key);
    for (ApiKey other : before) {
      if (other.name().equals(read.name()) || other.sameKey(read)) {
        throw UserException.usage(
            where + "the name or the key stands in an earlier line, too; each needs its own");
      }
    }
    return read;
  }
}
