package dev.repartee.text.json;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.commons.text.similarity.LevenshteinDistance;
import tools.jackson.databind.JsonNode;

/**
 * Typed access to the fields of a JSON object. A field that is missing or of another type throws an
 * {@link IllegalArgumentException} whose message begins with its name; callers put the place before
 * it.
 */
public final class JsonFields {

  private JsonFields() {}

  /** A required text. */
  public static String text(JsonNode object, String field) {
    JsonNode value = required(object, field);
    if (!value.isString()) {
      throw wrongType(field, "a string", value);
    }
    return value.stringValue();
  }

  /** A required text that is not blank. */
  public static String filledText(JsonNode object, String field) {
    String text = text(object, field);
    if (text.isBlank()) {
      throw new IllegalArgumentException(field + " is blank");
    }
    return text;
  }

  /** A text; missing, null and blank all mean that it is unknown. */
  public static Optional<String> optionalText(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    return Optional.of(text(object, field)).filter(text -> !text.isBlank());
  }

  /** A required whole number. */
  public static long integer(JsonNode object, String field) {
    JsonNode value = required(object, field);
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrongType(field, "a whole number", value);
    }
    return value.longValue();
  }

  /** An optional boolean, false where it is absent or null. */
  public static boolean flag(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw new IllegalArgumentException(field + " must be true or false but is " + kind(value));
    }
    return value.booleanValue();
  }

  /** A required array, which may be empty. */
  public static JsonNode array(JsonNode object, String field) {
    JsonNode value = required(object, field);
    if (!value.isArray()) {
      throw wrongType(field, "an array", value);
    }
    return value;
  }

  /** An array of texts; none where it is missing. */
  public static List<String> texts(JsonNode object, String field) {
    if (!object.has(field)) {
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : array(object, field)) {
      if (!text.isString()) {
        throw wrongType("%s[%d]".formatted(field, texts.size()), "a string", text);
      }
      texts.add(text.stringValue());
    }
    return texts;
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

  /** The type of {@code value} as a phrase, such as {@code an object}. */
  public static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case NULL -> "null";
      case NUMBER -> "a number";
      case BOOLEAN -> value.asString();
      default -> "a " + value.getNodeType().name().toLowerCase(Locale.ROOT);
    };
  }

  /**
   * Refuses keys of {@code object} that are not {@code known}, so that a misspelled setting is not
   * ignored.
   *
   * @param place the name of {@code object} in the message, ending in {@code .}; may be empty
   */
  public static void requireKnown(JsonNode object, Collection<String> known, String place) {
    for (String key : object.propertyNames()) {
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            "unknown key '%s'%s".formatted(place + key, didYouMean(key, known, place)));
      }
    }
  }

  /** {@link #didYouMean} for one that is at most two letters off; else nothing. */
  public static String near(String name, Collection<String> known) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return didYouMean(
        name, known.stream().filter(one -> distance.apply(one, name) <= 2).toList(), "");
  }

  /** The element of {@code known} with the smallest edit distance to {@code name}, as a hint. */
  public static String didYouMean(String name, Collection<String> known, String place) {
    LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
    return known.stream()
        .min(Comparator.comparing(one -> distance.apply(one, name)))
        .map(nearest -> "; did you mean '" + place + nearest + "'?")
        .orElse("");
  }

  /**
   * What {@code reader} makes of each element of a required array. The message of a failure begins
   * with the element's place, such as {@code answers[3]}.
   */
  public static <T> List<T> list(JsonNode object, String field, Function<JsonNode, T> reader) {
    List<T> list = new ArrayList<>();
    for (JsonNode element : array(object, field)) {
      try {
        list.add(reader.apply(element));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new IllegalArgumentException(
            "%s[%d]: %s".formatted(field, list.size(), e.getMessage()), e);
      }
    }
    return list;
  }
}
