package dev.repartee.lab.autoscaling;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Reads {@link Assumptions} from YAML; an error names the file and the field. */
final class AssumptionsFile {

  static final String BUNDLED = "assumptions.yaml";

  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private AssumptionsFile() {}

  /**
   * Reads a file, or the bundled one.
   *
   * @param changes {@code path=value}; a path is keys joined by dots, and an element of a list is
   *     addressed by its {@code name}, such as {@code systems.repartee.hpa.target=2}
   * @throws UserException (wrong usage) naming file, field and bound
   */
  static Assumptions read(Optional<Path> file, List<String> changes) {
    String name = file.map(Path::toString).orElse("the bundled " + BUNDLED);
    try (InputStream in = open(file)) {
      JsonNode root = YAML.readTree(in);
      for (String change : changes) {
        change(root, change);
      }
      return YAML.treeToValue(root, Assumptions.class);
    } catch (JacksonException e) {
      throw UserException.usage(name + ": " + place(e) + reason(e));
    } catch (IOException e) {
      throw UserException.usage(name + ": no such readable file");
    }
  }

  private static InputStream open(Optional<Path> file) throws IOException {
    return file.isPresent()
        ? Files.newInputStream(file.get())
        : AssumptionsFile.class.getResourceAsStream(BUNDLED);
  }

  private static void change(JsonNode root, String change) {
    int sign = change.indexOf('=');
    if (sign < 1) {
      throw UserException.usage("--change needs path=value but got '" + change + "'");
    }
    List<String> path = List.of(change.substring(0, sign).split("\\."));
    JsonNode at = root;
    for (String key : path.subList(0, path.size() - 1)) {
      at = child(at, key).orElseThrow(() -> unknown(change, key));
    }
    String last = path.getLast();
    if (!(at instanceof ObjectNode object) || child(at, last).isEmpty()) {
      throw unknown(change, last);
    }
    object.set(last, YAML.readTree(change.substring(sign + 1)));
  }

  private static Optional<JsonNode> child(JsonNode node, String key) {
    return node instanceof ArrayNode list
        ? list.valueStream().filter(each -> each.path("name").asString().equals(key)).findFirst()
        : Optional.ofNullable(node.get(key));
  }

  private static UserException unknown(String change, String key) {
    return UserException.usage("--change " + change + ": there is no '" + key + "'");
  }

  private static String place(JacksonException e) {
    StringBuilder place = new StringBuilder();
    for (JacksonException.Reference part : e.getPath()) {
      if (part.getPropertyName() != null) {
        place.append(place.isEmpty() ? "" : ".").append(part.getPropertyName());
      } else {
        place.append('[').append(part.getIndex()).append(']');
      }
    }
    return place.isEmpty() ? "" : place + ": ";
  }

  private static String reason(JacksonException e) {
    Throwable cause = e.getCause();
    if (e instanceof DatabindException && cause instanceof IllegalArgumentException) {
      return cause.getMessage();
    }
    return e.getOriginalMessage().lines().findFirst().orElse("unreadable");
  }
}
