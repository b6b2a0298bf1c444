package dev.repartee.registry.models;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.text.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The differences between two versions of a model, found without downloading their weights.
 *
 * @param from the number of the one
 * @param to the number of the other
 * @param files that only one has, or that differ
 * @param values in the JSON files that describe the model: configuration, calibration, provenance
 */
public record VersionDiff(
    String model, int from, int to, List<FileChange> files, List<ValueChange> values) {

  /** Small files whose values are compared one by one. */
  private static final List<String> DESCRIPTIONS = List.of("config.json", "repartee.json");

  public VersionDiff {
    files = List.copyOf(files);
    values = List.copyOf(values);
  }

  /** How a file differs. */
  public enum Kind {
    @JsonProperty("added")
    ADDED,
    @JsonProperty("removed")
    REMOVED,
    @JsonProperty("changed")
    CHANGED;

    /** The name in JSON and in messages. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A file that only one version has, or that differs.
   *
   * @param bytesFrom its size in the one; empty when it is added
   * @param bytesTo its size in the other; empty when it is removed
   */
  public record FileChange(
      String path,
      Kind kind,
      @JsonProperty("bytes_from") Optional<Long> bytesFrom,
      @JsonProperty("bytes_to") Optional<Long> bytesTo) {}

  /**
   * A value of a JSON file.
   *
   * @param key the path to it, with dots
   * @param from its JSON in the one; empty when it is new
   * @param to its JSON in the other; empty when it is gone
   */
  public record ValueChange(String file, String key, Optional<String> from, Optional<String> to) {}

  /**
   * One of the two versions.
   *
   * @param reader returns a file's text
   */
  record Side(ModelVersion version, Manifest manifest, Function<ManifestFile, String> reader) {

    private Map<String, ManifestFile> files() {
      return manifest.files().stream().collect(toMap(ManifestFile::path, Function.identity()));
    }

    private SortedMap<String, String> values(String path) {
      SortedMap<String, String> values = new TreeMap<>();
      Optional<String> text = Optional.ofNullable(files().get(path)).map(reader);
      if (text.isPresent()) {
        String source = version + ", " + path;
        flatten("", Json.parse(text.get(), JsonNode.class, source), values);
      }
      return values;
    }

    private static void flatten(String key, JsonNode node, SortedMap<String, String> values) {
      if (!node.isObject() || node.isEmpty()) {
        values.put(key, node.toString());
        return;
      }
      String prefix = key.isEmpty() ? "" : key + ".";
      node.properties()
          .forEach(child -> flatten(prefix + child.getKey(), child.getValue(), values));
    }
  }

  static VersionDiff of(Side from, Side to) {
    return new VersionDiff(
        from.version().model(),
        from.version().number(),
        to.version().number(),
        fileChanges(from.files(), to.files()),
        DESCRIPTIONS.stream()
            .flatMap(file -> valueChanges(file, from.values(file), to.values(file)))
            .toList());
  }

  private static List<FileChange> fileChanges(
      Map<String, ManifestFile> before, Map<String, ManifestFile> after) {
    return keys(before, after)
        .filter(path -> !lookup(before, path).equals(lookup(after, path)))
        .map(
            path -> {
              Optional<Long> old = lookup(before, path).map(ManifestFile::size);
              Optional<Long> now = lookup(after, path).map(ManifestFile::size);
              Kind kind = old.isEmpty() ? Kind.ADDED : now.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
              return new FileChange(path, kind, old, now);
            })
        .toList();
  }

  private static Stream<ValueChange> valueChanges(
      String file, Map<String, String> before, Map<String, String> after) {
    return keys(before, after)
        .map(key -> new ValueChange(file, key, lookup(before, key), lookup(after, key)))
        .filter(change -> !change.from().equals(change.to()));
  }

  private static <T> Stream<String> keys(Map<String, T> before, Map<String, T> after) {
    SortedSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    return keys.stream();
  }

  private static <T> Optional<T> lookup(Map<String, T> map, String key) {
    return Optional.ofNullable(map.get(key));
  }
}
