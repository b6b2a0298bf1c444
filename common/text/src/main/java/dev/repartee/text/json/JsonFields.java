package dev.repartee.text.json;

import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Typed access to the fields of a JSON object. What is missing or of another type is an {@link
 * IllegalArgumentException} whose message begins with the field's name; callers put the place
 * before it.
 */
public final class JsonFields {

  private JsonFields() {}

  /** A text that must be there. */
  public static String text(JsonNode object, String field) {
    JsonNode value = required(object, field);
    if (!value.isString()) {
      throw wrongType(field, "a string", value);
    }
    return value.stringValue();
  }

  /** A text that must be there and hold more than blanks. */
  public static String filledText(JsonNode object, String field) {
    String text = text(object, field);
    if (text.isBlank()) {
      throw new IllegalArgumentException(field + " is blank");
    }
    return text;
  }

  /** A text that may be missing, null or blank, all of which mean that it is not known. */
  public static Optional<String> optionalText(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(text(object, field)).filter(text -> !text.isBlank());
  }

  /** A whole number that must be there. */
  public static long integer(JsonNode object, String field) {
    JsonNode value = required(object, field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrongType(field, "a whole number", value);
    }
    return value.longValue();
  }

  /** An array that must be there; may be empty. */
  public static JsonNode array(JsonNode object, String field) {
    JsonNode value = required(object, field);
    if (!value.isArray()) {
      throw wrongType(field, "an array", value);
    }
    return value;
  }

  private static JsonNode required(JsonNode object, String field) {
    if (!object.isObject()) {
      throw new IllegalArgumentException("must be an object but is " + kind(object));
    }
    JsonNode value = object.path(field);
    if (value.isMissingNode()) {
      throw new IllegalArgumentException(field + " is missing");
    }
    return value;
  }

  private static IllegalArgumentException wrongType(String field, String wanted, JsonNode value) {
    return new IllegalArgumentException(field + " must be " + wanted + " but is " + kind(value));
  }

  /** The type of {@code value} as it reads in a sentence, such as {@code an object}. */
  public static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case NULL -> "null";
      case NUMBER -> "the number " + value.asString();
      case BOOLEAN -> value.asString();
      default -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }
}
