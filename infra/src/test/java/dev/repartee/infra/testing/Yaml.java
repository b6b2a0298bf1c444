package dev.repartee.infra.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Strict YAML. A key that is given twice is an error, and so is, where a file has a type, an
 * unknown key.
 */
public final class Yaml {

  private static final JsonMapper TREES = JsonMapper.builder().build();
  private static final YAMLMapper TYPED =
      YAMLMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Yaml() {}

  /** One document as a typed object. */
  public static <T> T read(String yaml, Class<T> type) {
    return TYPED.readValue(yaml, type);
  }

  /** Every document of a file as a tree, with anchors resolved. */
  public static List<ObjectNode> documents(Path file) {
    return documents(file.toString(), Sources.text(file));
  }

  /**
   * Every document of a text as a tree, with anchors resolved.
   *
   * @param label names the text in an error
   */
  public static List<ObjectNode> documents(String label, String text) {
    LoadSettings settings =
        LoadSettings.builder().setLabel(label).setAllowDuplicateKeys(false).build();
    List<ObjectNode> documents = new ArrayList<>();
    for (Object document : new Load(settings).loadAllFromString(text)) {
      JsonNode tree = TREES.valueToTree(Objects.requireNonNull(document, label + " is empty"));
      documents.add(tree.asObject());
    }
    return documents;
  }
}
