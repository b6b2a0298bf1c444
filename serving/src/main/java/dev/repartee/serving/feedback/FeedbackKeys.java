package dev.repartee.serving.feedback;

import java.nio.charset.StandardCharsets;

/** Where feedback stands under the store's root. */
final class FeedbackKeys {

  static final String FOLDER = "feedback/";

  /** Model names are the client's; a key has at most 900 bytes. */
  private static final int MOST_NAME = 200;

  private FeedbackKeys() {}

  /**
   * The object of a record: by model and by day in UTC, so that a record's segment may be split.
   */
  static String key(FeedbackRecord record, String segment) {
    String day = record.time().substring(0, "2026-01-31".length()).replace('-', '/');
    return FOLDER + folder(record.model().name()) + "/" + day + "/" + segment + ".jsonl";
  }

  /** A model's name as one part of a key: what else than letters, digits, - and _ is escaped. */
  static String folder(String name) {
    StringBuilder folder = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      boolean dot = b == '.' && !folder.isEmpty();
      if (dot || b == '-' || b == '_' || (b >= 0 && Character.isLetterOrDigit(b))) {
        folder.append((char) b);
      } else {
        folder.append("%%%02X".formatted(b));
      }
    }
    return folder.substring(0, Math.min(folder.length(), MOST_NAME));
  }
}
