package dev.repartee.infra.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** YAML as trees: several documents a file, anchors resolved, a key that stands twice refused. */
public final class Yaml {

  private static final JsonMapper TREES = JsonMapper.builder().build();

  private Yaml() {}

  public static List<ObjectNode> documents(Path file) {
    return documents(file.toString(), text(file));
  }

  /**
   * Reads every document.
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

  public static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
