package dev.repartee.registry.models;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What distinguishes two versions of a model.
 *
 * @param from the number of the one
 * @param to the number of the other
 * @param files that only one has, or that differ
 * @param values in the JSON files that describe the model: configuration, calibration, provenance
 */
public record VersionDiff(
    String model, int from, int to, List<FileChange> files, List<ValueChange> values) {

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
   * A file of only one version, or with another content.
   *
   * @param bytesFrom its size in the one; empty where it is added
   * @param bytesTo its size in the other; empty where it is removed
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
   * @param from its JSON in the one; empty where it is new
   * @param to its JSON in the other; empty where it is gone
   */
  public record ValueChange(String file, String key, Optional<String> from, Optional<String> to) {}
}
