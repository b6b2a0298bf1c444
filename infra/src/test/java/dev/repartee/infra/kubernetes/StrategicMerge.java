package dev.repartee.infra.kubernetes;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Kubernetes' strategic merge patch as far as it is used here: objects are merged, lists of things
 * that have a key by that key, other lists are replaced; {@code $patch: delete} and null take away.
 */
final class StrategicMerge {

  private static final String DIRECTIVE = "$patch";

  /** The key of each list's elements, or the first that they have. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "containers", List.of("name"),
          "initContainers", List.of("name"),
          "env", List.of("name"),
          "volumes", List.of("name"),
          "volumeMounts", List.of("mountPath"),
          "ports", List.of("containerPort", "port"),
          "topologySpreadConstraints", List.of("topologyKey"));

  private StrategicMerge() {}

  /** Changes {@code target} as {@code patch} says. */
  static void apply(ObjectNode target, ObjectNode patch) {
    patch.forEachEntry((name, value) -> merge(target, name, value));
  }

  /** Leaves of a patch what is a part of the object. */
  static void removeDirectives(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove(DIRECTIVE);
    }
    node.forEach(StrategicMerge::removeDirectives);
  }

  private static void merge(ObjectNode target, String name, JsonNode value) {
    JsonNode old = target.get(name);
    if (value.isNull()) {
      target.remove(name);
    } else if (old instanceof ObjectNode object && value instanceof ObjectNode patch) {
      apply(object, patch);
    } else if (KEYS.containsKey(name) && value instanceof ArrayNode patch) {
      target.set(name, merge(name, old instanceof ArrayNode list ? list : empty(), patch));
    } else {
      target.set(name, value.deepCopy());
    }
  }

  private static ArrayNode empty() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The patch's elements come first, in its order, as kubectl has them. */
  private static ArrayNode merge(String list, ArrayNode old, ArrayNode patch) {
    Set<JsonNode> patched = new HashSet<>();
    ArrayNode merged = empty();
    for (JsonNode change : patch) {
      JsonNode key = key(list, change);
      patched.add(key);
      if (!isDeletion(change)) {
        ObjectNode element =
            find(list, old, key).map(JsonNode::deepCopy).orElseGet(empty()::objectNode).asObject();
        apply(element, (ObjectNode) change);
        merged.add(element);
      }
    }
    old.valueStream().filter(one -> !patched.contains(key(list, one))).forEach(merged::add);
    return merged;
  }

  private static boolean isDeletion(JsonNode element) {
    return element.path(DIRECTIVE).asString("").equals("delete");
  }

  private static Optional<JsonNode> find(String list, ArrayNode elements, JsonNode key) {
    return elements.valueStream().filter(one -> key(list, one).equals(key)).findFirst();
  }

  private static JsonNode key(String list, JsonNode element) {
    return KEYS.get(list).stream()
        .filter(element::has)
        .findFirst()
        .map(element::get)
        .orElseThrow(
            () -> new IllegalArgumentException(list + ": an element has no key: " + element));
  }
}
