package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.json.Json;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The JSON body of a request.
 *
 * @param type the record that it is read into
 * @param examples bodies that the service accepts, by what they show
 */
public record Body(Class<? extends Record> type, Map<String, JsonNode> examples) {

  public Body {
    requireNonNull(type, "type is null");
    examples = Collections.unmodifiableMap(new LinkedHashMap<>(examples));
  }

  public static Body of(Class<? extends Record> type) {
    return new Body(type, Map.of());
  }

  public Body example(String shows, String json) {
    Map<String, JsonNode> more = new LinkedHashMap<>(examples);
    more.put(shows, Json.COMPACT.readTree(json));
    return new Body(type, more);
  }
}
