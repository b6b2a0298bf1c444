package dev.repartee.registry.models;

import dev.repartee.registry.models.VersionDiff.FileChange;
import dev.repartee.registry.models.VersionDiff.Kind;
import dev.repartee.registry.models.VersionDiff.ValueChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Compares two versions without downloading their weights. */
final class VersionComparison {

  /** Small files that people want to see into. */
  private static final List<String> DESCRIPTIONS = List.of("config.json", "repartee.json");

  /** One of the two. */
  record Side(ModelVersion version, Manifest manifest, Function<ManifestFile, String> reader) {

    private Map<String, ManifestFile> files() {
      return manifest.files().stream()
          .collect(Collectors.toMap(ManifestFile::path, Function.identity()));
    }

    private SortedMap<String, String> values(String path) {
      SortedMap<String, String> values = new TreeMap<>();
      Optional.ofNullable(files().get(path))
          .map(reader)
          .ifPresent(
              text ->
                  flatten(
                      "", RegistryJson.parse(text, JsonNode.class, version + ", " + path), values));
      return values;
    }

    private static void flatten(String prefix, JsonNode node, SortedMap<String, String> values) {
      if (!node.isObject() || node.isEmpty()) {
        values.put(prefix, node.toString());
        return;
      }
      node.properties()
          .forEach(
              property ->
                  flatten(
                      prefix.isEmpty() ? property.getKey() : prefix + "." + property.getKey(),
                      property.getValue(),
                      values));
    }
  }

  private final Side from;
  private final Side to;

  VersionComparison(Side from, Side to) {
    this.from = from;
    this.to = to;
  }

  VersionDiff compare() {
    List<ValueChange> values = new ArrayList<>();
    DESCRIPTIONS.forEach(file -> values.addAll(values(file)));
    return new VersionDiff(
        from.version().model(), from.version().number(), to.version().number(), files(), values);
  }

  private List<FileChange> files() {
    Map<String, ManifestFile> before = from.files();
    Map<String, ManifestFile> after = to.files();
    SortedSet<String> paths = new TreeSet<>(before.keySet());
    paths.addAll(after.keySet());
    List<FileChange> changes = new ArrayList<>();
    for (String path : paths) {
      Optional<ManifestFile> old = Optional.ofNullable(before.get(path));
      Optional<ManifestFile> now = Optional.ofNullable(after.get(path));
      if (!old.equals(now)) {
        Kind kind = old.isEmpty() ? Kind.ADDED : now.isEmpty() ? Kind.REMOVED : Kind.CHANGED;
        changes.add(
            new FileChange(path, kind, old.map(ManifestFile::size), now.map(ManifestFile::size)));
      }
    }
    return changes;
  }

  private List<ValueChange> values(String file) {
    SortedMap<String, String> before = from.values(file);
    SortedMap<String, String> after = to.values(file);
    SortedSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    return keys.stream()
        .map(
            key ->
                new ValueChange(
                    file,
                    key,
                    Optional.ofNullable(before.get(key)),
                    Optional.ofNullable(after.get(key))))
        .filter(change -> !change.from().equals(change.to()))
        .toList();
  }
}
