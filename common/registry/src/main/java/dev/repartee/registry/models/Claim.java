package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Who took a version number to publish under it, when, and which blobs the version will need: these
 * are not deleted while the claim stands.
 *
 * @param id makes two publishers' claims differ
 * @param blobs SHA-256 of each file; none in claims from before files were blobs
 */
record Claim(UUID id, String by, Instant at, List<String> blobs) {

  Claim {
    requireNonNull(id, "id is null");
    requireNonNull(by, "by is null");
    requireNonNull(at, "at is null");
    blobs = blobs == null ? List.of() : List.copyOf(blobs); // absent in JSON
  }
}
