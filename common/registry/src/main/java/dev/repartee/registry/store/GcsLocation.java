package dev.repartee.registry.store;

import dev.repartee.text.UserException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in Google Cloud Storage.
 *
 * @param bucket its name
 * @param prefix of every object's name: empty or ending in {@code /}
 */
record GcsLocation(String bucket, String prefix) {

  private static final Pattern URI = Pattern.compile("gs://([a-z0-9][a-z0-9._-]{1,220})(?:/(.*))?");

  GcsLocation {
    ObjectKeys.checkFolder(prefix);
  }

  /**
   * @throws UserException (wrong usage) when {@code uri} is not {@code gs://BUCKET/PREFIX}
   */
  static GcsLocation parse(String uri) {
    Matcher parts = URI.matcher(uri);
    if (!parts.matches()) {
      throw UserException.usage(
          "store '" + uri + "' must be gs://BUCKET or gs://BUCKET/PREFIX with a lower-case bucket");
    }
    String path = parts.group(2) == null ? "" : parts.group(2);
    String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
    try {
      return new GcsLocation(parts.group(1), prefix);
    } catch (IllegalArgumentException e) {
      throw UserException.usage("store '" + uri + "': " + e.getMessage());
    }
  }

  /** The full name of an object in the bucket. */
  String objectName(String key) {
    return prefix + key;
  }

  /** The key of an object of this place. */
  String key(String objectName) {
    return objectName.substring(prefix.length());
  }

  String uri(String key) {
    return "gs://" + bucket + "/" + prefix + key;
  }
}
