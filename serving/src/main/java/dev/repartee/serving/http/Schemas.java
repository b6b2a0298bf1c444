package dev.repartee.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * JSON Schemas of records: their components by reflection, with the names that they have in JSON,
 * and what {@link Note}s add. An {@link Optional} component may be missing or null.
 */
final class Schemas {

  private static final Set<Class<?>> INTEGERS =
      Set.of(int.class, Integer.class, long.class, Long.class);

  private final Map<Class<? extends Record>, Map<String, Note>> notes;
  private final SortedMap<String, Map<String, Object>> components = new TreeMap<>();
  private final Map<String, Class<?>> named = new LinkedHashMap<>();

  Schemas(Map<Class<? extends Record>, Map<String, Note>> notes) {
    this.notes = notes;
  }

  /** The schemas of every record that was referred to, by name. */
  SortedMap<String, Map<String, Object>> components() {
    return components;
  }

  /** A reference to the schema of a record. */
  Map<String, Object> reference(Class<?> type) {
    String name = name(type);
    Class<?> other = named.putIfAbsent(name, type);
    if (other == null) {
      components.put(name, record(type));
    } else if (other != type) {
      throw new IllegalStateException("two records are called " + name + ": rename one");
    }
    return new LinkedHashMap<>(Map.of("$ref", "#/components/schemas/" + name));
  }

  /** A record inside another one is named after both. */
  private static String name(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    boolean within = outer != null && outer.isRecord();
    return (within ? outer.getSimpleName() : "") + type.getSimpleName();
  }

  private Map<String, Object> record(Class<?> type) {
    Map<String, Note> described = notes.getOrDefault(type, Map.of());
    Map<String, Object> properties = new LinkedHashMap<>();
    List<String> required = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Optional<Note> note = Optional.ofNullable(described.get(component.getName()));
      Map<String, Object> schema = schema(component.getGenericType());
      note.ifPresent(
          found -> {
            schema.put("description", found.text());
            schema.putAll(found.keywords());
          });
      properties.put(jsonName(component), schema);
      if (component.getType() != Optional.class && !note.map(Note::optional).orElse(false)) {
        required.add(jsonName(component));
      }
    }
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    return schema;
  }

  /** Requests are read by hand in snake case; responses say where they differ. */
  private static String jsonName(RecordComponent component) {
    JsonProperty property = component.getAccessor().getAnnotation(JsonProperty.class);
    return property != null && !property.value().isEmpty()
        ? property.value()
        : component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private Map<String, Object> schema(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == Optional.class) {
        return nullable(schema(arguments[0]));
      }
      if (generic.getRawType() == List.class) {
        return keywords("type", "array", "items", schema(arguments[0]));
      }
      if (generic.getRawType() == Map.class) {
        return keywords("type", "object", "additionalProperties", schema(arguments[1]));
      }
    }
    return type instanceof Class<?> plain ? plain(plain) : new LinkedHashMap<>();
  }

  private Map<String, Object> plain(Class<?> type) {
    if (type.isRecord()) {
      return reference(type);
    }
    if (type.isEnum()) {
      return keywords(
          "type",
          "string",
          "enum",
          Arrays.stream(type.getEnumConstants())
              .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
              .toList());
    }
    if (type == String.class) {
      return keywords("type", "string");
    }
    if (type == boolean.class || type == Boolean.class) {
      return keywords("type", "boolean");
    }
    if (type == double.class || type == Double.class) {
      return keywords("type", "number");
    }
    if (INTEGERS.contains(type)) {
      return keywords("type", "integer");
    }
    return new LinkedHashMap<>(); // any JSON
  }

  private static Map<String, Object> nullable(Map<String, Object> schema) {
    Object type = schema.get("type");
    if (type != null) {
      schema.put("type", List.of(type, "null"));
      return schema;
    }
    return schema.isEmpty() ? schema : keywords("anyOf", List.of(schema, Map.of("type", "null")));
  }

  private static Map<String, Object> keywords(Object... namesAndValues) {
    Map<String, Object> schema = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      schema.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return schema;
  }
}
