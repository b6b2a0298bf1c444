package dev.repartee.serving.http;

import tools.jackson.databind.JsonNode;

/** Reads fields of a request so that an error names the field and its bound. */
public final class Fields {

  private Fields() {}

  /** Whether a field is missing or null. */
  public static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /**
   * A text of {@code least} to {@code most} UTF-16 units.
   *
   * @param path names the field in an error, such as {@code messages[3].text}
   */
  public static String text(String path, JsonNode node, int least, int most) {
    if (!node.isString()) {
      throw InvalidRequestException.field(path, "must be a string");
    }
    String text = node.asString();
    if (text.length() < least || text.length() > most) {
      throw InvalidRequestException.field(
          path, "must have %d to %d characters but has %d".formatted(least, most, text.length()));
    }
    return text;
  }

  /** A whole number from {@code least} to {@code most}. */
  public static int integer(String path, JsonNode node, int least, int most) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.asInt() < least
        || node.asInt() > most) {
      throw InvalidRequestException.field(
          path, "must be an integer from %d to %d".formatted(least, most));
    }
    return node.asInt();
  }
}
