package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the registry knows about a version.
 *
 * @param version its name and number
 * @param publishedBy who published it, where recorded
 * @param publishedAt when its publication began, where recorded
 * @param aliases that name it now, sorted
 * @param manifest its files
 */
public record VersionInfo(
    ModelVersion version,
    Optional<String> publishedBy,
    Optional<Instant> publishedAt,
    List<String> aliases,
    Manifest manifest) {

  public VersionInfo {
    requireNonNull(version, "version is null");
    requireNonNull(publishedBy, "publishedBy is null");
    requireNonNull(publishedAt, "publishedAt is null");
    aliases = List.copyOf(aliases);
    requireNonNull(manifest, "manifest is null");
  }
}
