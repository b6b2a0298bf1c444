package dev.repartee.finetune.models;

import dev.repartee.text.json.JsonFields;
import dev.repartee.text.json.KnownKeys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A part of a settings file: keys with their values. What is wrong is an {@link
 * IllegalArgumentException} that names the key with all that it stands under.
 */
final class Section {

  private final JsonNode object;
  private final String place;

  private Section(JsonNode object, String place) {
    this.object = object;
    this.place = place;
  }

  static Section root(JsonNode object, List<String> known) {
    if (!object.isObject()) {
      throw new IllegalArgumentException(
          "must hold keys such as 'minimum:' but is " + JsonFields.kind(object));
    }
    KnownKeys.require(object, known, "");
    return new Section(object, "");
  }

  private static Section under(JsonNode object, String path, List<String> known) {
    if (!object.isObject()) {
      throw new IllegalArgumentException(
          path
              + " must hold keys ("
              + String.join(", ", known)
              + ") but is "
              + JsonFields.kind(object));
    }
    KnownKeys.require(object, known, path + ".");
    return new Section(object, path + ".");
  }

  /** The part under {@code key}, where it is there. */
  Optional<Section> section(String key, List<String> known) {
    return object.has(key)
        ? Optional.of(under(object.get(key), place + key, known))
        : Optional.empty();
  }

  /** The part under {@code key}; without keys where it is not there. */
  private Section sectionOrNone(String key, List<String> known) {
    return section(key, known)
        .orElse(new Section(JsonNodeFactory.instance.objectNode(), place + key + "."));
  }

  /** What stands under {@code key} for each figure, in the order of the file. */
  <T> Map<Metric, T> figures(
      String key,
      List<Metric> figures,
      Function<Metric, String> name,
      BiFunction<Section, Metric, T> read) {
    List<String> known = figures.stream().map(name).toList();
    Section section = sectionOrNone(key, known);
    Map<Metric, T> values = new LinkedHashMap<>();
    for (String found : section.object.propertyNames()) {
      Metric figure = figures.get(known.indexOf(found));
      values.put(figure, read.apply(section, figure));
    }
    return values;
  }

  boolean holdsKeys(String key) {
    return object.path(key).isObject();
  }

  /** A number between two bounds, both included; it must be there. */
  double number(String key, double least, double most) {
    OptionalDouble value = optionalNumber(key, least, most);
    if (value.isEmpty()) {
      throw new IllegalArgumentException(place + key + " is missing");
    }
    return value.getAsDouble();
  }

  /** The same, which may be missing. */
  OptionalDouble optionalNumber(String key, double least, double most) {
    JsonNode value = object.path(key);
    if (value.isMissingNode()) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber()) {
      throw new IllegalArgumentException(
          place + key + " must be a number but is " + JsonFields.kind(value));
    }
    double number = value.doubleValue();
    if (!(number >= least && number <= most)) {
      throw new IllegalArgumentException(
          "%s%s must be between %s and %s but is %s"
              .formatted(place, key, plain(least), plain(most), value.asString()));
    }
    return OptionalDouble.of(number);
  }

  OptionalInt optionalInteger(String key, int least, int most) {
    OptionalDouble number = optionalNumber(key, least, most);
    if (number.isEmpty()) {
      return OptionalInt.empty();
    }
    if (number.getAsDouble() != Math.rint(number.getAsDouble())) {
      throw new IllegalArgumentException(
          place + key + " must be a whole number but is " + number.getAsDouble());
    }
    return OptionalInt.of((int) number.getAsDouble());
  }

  boolean truth(String key, boolean missing) {
    JsonNode value = object.path(key);
    if (!value.isMissingNode() && !value.isBoolean()) {
      throw new IllegalArgumentException(
          place + key + " must be true or false but is " + JsonFields.kind(value));
    }
    return value.isMissingNode() ? missing : value.booleanValue();
  }

  Optional<String> text(String key) {
    JsonNode value = object.path(key);
    if (!value.isMissingNode() && !value.isString()) {
      throw new IllegalArgumentException(
          place + key + " must be a text but is " + JsonFields.kind(value));
    }
    return value.isMissingNode() ? Optional.empty() : Optional.of(value.stringValue());
  }

  /** One of {@code known}. */
  String choice(String key, List<String> known, String missing) {
    String value = text(key).orElse(missing);
    if (!known.contains(value)) {
      throw new IllegalArgumentException(
          place + key + " must be one of " + String.join(", ", known) + " but is '" + value + "'");
    }
    return value;
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }
}
