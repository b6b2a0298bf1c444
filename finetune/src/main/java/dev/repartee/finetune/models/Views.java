package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.GateOutcome;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The registry's records as the commands print them. */
final class Views {

  /** A version in JSON. */
  record Version(
      String model,
      int version,
      @JsonProperty("published_by") Optional<String> publishedBy,
      @JsonProperty("published_at") Optional<Instant> publishedAt,
      List<String> aliases,
      @JsonProperty("total_bytes") long totalBytes,
      List<ManifestFile> files) {

    static Version of(VersionInfo info) {
      return new Version(
          info.version().model(),
          info.version().number(),
          info.publishedBy(),
          info.publishedAt(),
          info.aliases(),
          info.manifest().totalBytes(),
          info.manifest().files());
    }
  }

  /** A model in a listing of all of them, in JSON. */
  record Model(String model, List<Integer> versions, Map<String, Integer> aliases) {

    String line() {
      String names =
          aliases.entrySet().stream()
              .map(alias -> alias.getKey() + "=" + alias.getValue())
              .collect(Collectors.joining(" "));
      String numbers = versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
      return "%-24s versions %s  %s"
          .formatted(model, numbers.isEmpty() ? "none" : numbers, names)
          .stripTrailing();
    }
  }

  private Views() {}

  /** A version on one line. */
  static String line(VersionInfo info) {
    return "%-24s %-24s %-16s %10s  %s"
        .formatted(
            info.version(),
            info.publishedAt().map(Instant::toString).orElse("-"),
            info.publishedBy().orElse("-"),
            size(info.manifest().totalBytes()),
            String.join(" ", info.aliases()))
        .stripTrailing();
  }

  /** A file on one line. */
  static String line(ManifestFile file) {
    return "  %-40s %12d bytes  %s".formatted(file.path(), file.size(), file.sha256());
  }

  /** A move on one line. */
  static String line(AliasMove move) {
    return "%-24s %-16s %-8s %s -> %d  by %s%s%s"
        .formatted(
            move.at(),
            move.alias(),
            move.kind().id(),
            move.from().map(String::valueOf).orElse("-"),
            move.to(),
            move.by(),
            move.why().map(why -> ": " + why).orElse(""),
            move.gates().map(Views::gates).orElse(""));
  }

  private static String gates(GateOutcome gates) {
    return gates.passed()
        ? "  [gates passed]"
        : "  [gates FORCED: " + String.join(", ", gates.failed()) + "]";
  }

  static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
