package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds a version while an alias is moved to it, against a garbage collection that is about to
 * remove it. Whoever moves writes a pin and then looks whether the version is there and not marked
 * for removal; a collection marks the version and then looks for pins and aliases: one of the two
 * sees the other.
 */
final class Pin implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Pin.class);

  /** A move takes a second; one that took longer must not count on its pin any more. */
  static final Duration TRUSTED = Duration.ofMinutes(10);

  /** What a process left that died; long after nobody trusts it. */
  static final Duration EXPIRED = Duration.ofHours(1);

  /** A pin as it is stored. */
  record Content(int version, String by, Instant at) {
    Content {
      requireNonNull(by, "by is null");
      requireNonNull(at, "at is null");
    }

    /** Whether somebody may count on it still. */
    boolean holds(Instant now) {
      return at.isAfter(now.minus(EXPIRED));
    }
  }

  private final ObjectStore store;
  private final ModelVersion version;
  private final String key;
  private final long nanos = System.nanoTime();

  private Pin(ObjectStore store, ModelVersion version, String key) {
    this.store = store;
    this.version = version;
    this.key = key;
  }

  /**
   * Pins {@code version}.
   *
   * @throws UserException when it does not exist, or is being removed
   */
  static Pin on(ModelVersion version, ObjectStore store, Actor actor) {
    Pin pin = new Pin(store, version, Layout.pin(version, UUID.randomUUID()));
    store.put(
        pin.key,
        RegistryJson.bytes(new Content(version.number(), actor.name(), actor.now())),
        Precondition.absent());
    try {
      pin.requireKept();
      return pin;
    } catch (RuntimeException e) {
      pin.close();
      throw e;
    }
  }

  /** What a pin says; empty when it was taken back meanwhile. */
  static Optional<Content> read(ObjectStore store, String key) {
    return store
        .readText(key)
        .map(text -> RegistryJson.parse(text.text(), Content.class, store.locate(key)));
  }

  private void requireKept() {
    if (store.stat(Layout.removal(version)).isPresent()) {
      throw new UserException(
          version + " is being removed by 'models gc'; run that again to its end, then try again");
    }
    new Versions(store).require(version);
  }

  /**
   * @throws UserException when the pin is too old to hold for sure
   */
  void requireTrusted() {
    if (System.nanoTime() - nanos > TRUSTED.toNanos()) {
      throw new UserException("moving an alias to " + version + " took too long; try again");
    }
  }

  @Override
  public void close() {
    try {
      store.delete(key, Precondition.none());
    } catch (StoreException e) {
      log.warn("{} stays until 'models gc' finds it expired: {}", key, e.getMessage());
    }
  }
}
