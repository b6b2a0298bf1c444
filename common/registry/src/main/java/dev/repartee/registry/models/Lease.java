package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoredObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one builder at a time work on a model, so that two do not do the same work. The object
 * {@code lease.json} names its holder until it expires; after that, another may take it over.
 *
 * <p>It saves work and protects nothing: a holder that was suspended past the end of its lease may
 * continue. What it publishes is safe anyway, because versions are numbered by claims and aliases
 * move by compare-and-swap. Safe for use by several threads.
 */
public final class Lease implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Lease.class);

  private final ObjectStore store;
  private final String key;
  private final Actor actor;
  private final Duration length;

  /** The object as this holder wrote it last; empty after it was lost or released. */
  private Optional<StoredObject> held;

  /**
   * A lease as it is stored.
   *
   * @param id makes two holders with the same name differ
   * @param holder for people
   * @param expires after this, others may take it over
   */
  record Content(UUID id, String holder, Instant expires) {
    Content {
      requireNonNull(id, "id is null");
      requireNonNull(holder, "holder is null");
      requireNonNull(expires, "expires is null");
    }
  }

  private Lease(ObjectStore store, String key, Actor actor, Duration length, StoredObject held) {
    this.store = store;
    this.key = key;
    this.actor = actor;
    this.length = length;
    this.held = Optional.of(held);
  }

  /**
   * Takes the lease of a model if nobody holds it, or its holder's time is over.
   *
   * @param actor who takes it; its clock decides what has expired
   * @param length how long it lasts without {@link #renew}; longer than clocks of machines differ
   * @return empty while another holds it
   */
  public static Optional<Lease> acquire(
      ObjectStore store, String model, Actor actor, Duration length) {
    if (!length.isPositive()) {
      throw new IllegalArgumentException("length must be positive but is " + length);
    }
    String key = new Layout(RegistryKind.MODEL).lease(RegistryKind.MODEL.checkName(model));
    Optional<StoredText> there = store.readText(key);
    if (there.isPresent()) {
      Content other = RegistryJson.parse(there.get().text(), Content.class, store.locate(key));
      if (other.expires().isAfter(actor.now())) {
        log.debug("{} is held by {} until {}", key, other.holder(), other.expires());
        return Optional.empty();
      }
      log.info("{} of {} expired at {} and is taken over", key, other.holder(), other.expires());
    }
    Precondition unchanged = there.map(StoredText::unchanged).orElse(Precondition.absent());
    return put(store, key, content(actor, length), unchanged)
        .map(held -> new Lease(store, key, actor, length, held));
  }

  /**
   * Extends the lease to its whole length from now. Call it when a third of that has passed.
   *
   * @return false when another has taken it over; the holder should stop
   */
  public synchronized boolean renew() {
    held = held.flatMap(object -> put(store, key, content(actor, length), object.unchanged()));
    return held.isPresent();
  }

  /** Releases the lease if it is still held. If the store does not answer, it expires. */
  @Override
  public synchronized void close() {
    try {
      held.ifPresent(store::deleteIfUnchanged);
    } catch (StoreException e) {
      log.warn("{} stays until it expires: {}", store.locate(key), e.getMessage());
    }
    held = Optional.empty();
  }

  private static byte[] content(Actor actor, Duration length) {
    return RegistryJson.bytes(
        new Content(UUID.randomUUID(), actor.name(), actor.now().plus(length)));
  }

  private static Optional<StoredObject> put(
      ObjectStore store, String key, byte[] content, Precondition precondition) {
    try {
      return Optional.of(store.put(key, content, precondition));
    } catch (StoreException e) {
      e.requirePreconditionFailed();
      return Optional.empty();
    }
  }
}
