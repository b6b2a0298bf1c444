package dev.repartee.text.cli;

import dev.repartee.text.UserException;
import dev.repartee.text.json.KnownKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Option values from a YAML file whose keys are the long option names without the dashes. */
final class YamlDefaults implements IDefaultValueProvider {

  private final Path file;
  private final Map<String, String> values;

  private YamlDefaults(Path file, Map<String, String> values) {
    this.file = file;
    this.values = Map.copyOf(values);
  }

  /**
   * Reads {@code file}.
   *
   * @throws UserException (wrong usage) when it is missing, is not YAML, or nests objects
   */
  static YamlDefaults read(Path file) {
    if (!Files.isReadable(file)) {
      throw UserException.usage("--config " + file + ": no such readable file");
    }
    JsonNode root;
    try {
      root = new YAMLMapper().readTree(file.toFile());
    } catch (JacksonException e) {
      throw UserException.usage("--config " + file + ": not YAML: " + firstLine(e));
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      values.put(entry.getKey(), text(file, entry.getKey(), entry.getValue()));
    }
    return new YamlDefaults(file, values);
  }

  private static String firstLine(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("unreadable")
        + " (line "
        + (e.getLocation() == null ? "unknown" : e.getLocation().getLineNr())
        + ")";
  }

  private static String text(Path file, String key, JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
    }
    if (value.isObject()) {
      throw UserException.usage("--config " + file + ": '" + key + "' must be a value or a list");
    }
    return value.asString();
  }

  /**
   * Refuses keys that are no option of {@code command}.
   *
   * @throws UserException (wrong usage) naming the key and the nearest known one
   */
  void requireKnownKeys(CommandLine command) {
    List<String> known =
        command.getCommandSpec().options().stream()
            .map(YamlDefaults::key)
            .filter(key -> !key.equals("config") && !key.equals("set"))
            .toList();
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        String nearest =
            KnownKeys.nearest(key, known)
                .map(option -> "; did you mean '" + option + "'?")
                .orElse("");
        throw UserException.usage("--config " + file + ": unknown key '" + key + "'" + nearest);
      }
    }
  }

  @Override
  public String defaultValue(ArgSpec arg) {
    return arg instanceof OptionSpec option ? values.get(key(option)) : null;
  }

  private static String key(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }
}
