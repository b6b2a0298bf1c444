package dev.repartee.common.registry;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;

/**
 * Who took a version number to publish under it, and when.
 *
 * @param id makes two publishers' claims differ
 */
record Claim(UUID id, String by, Instant at) {

  Claim {
    requireNonNull(id, "id is null");
    requireNonNull(by, "by is null");
    requireNonNull(at, "at is null");
  }
}
