package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
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
   * Takes the lease of a model if nobody holds it, its holder's time is over, it cannot be read, or
   * it ends later than twice {@code length} from now.
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
    if (there.isPresent() && isHeld(there.get().text(), store.locate(key), actor.now(), length)) {
      return Optional.empty();
    }
    Precondition unchanged = there.map(StoredText::unchanged).orElse(Precondition.absent());
    return store
        .putIf(key, content(actor, length), unchanged)
        .map(held -> new Lease(store, key, actor, length, held));
  }

  /** A lease that nobody can have taken, or that cannot be read, must not stop all builders. */
  private static boolean isHeld(String json, String source, Instant now, Duration length) {
    Content other;
    try {
      other = Json.parse(json, Content.class, source);
    } catch (UserException e) {
      log.warn("{}; the lease counts as expired and is taken over", e.getMessage());
      return false;
    }
    if (!other.expires().isAfter(now)) {
      log.info("{} of {} expired at {} and is taken over", source, other.holder(), other.expires());
      return false;
    }
    if (other.expires().isAfter(now.plus(length.multipliedBy(2)))) {
      log.warn(
          "{} of {} ends at {}, later than any lease of {} could; it is taken over. Is the clock of"
              + " one of the machines wrong?",
          source,
          other.holder(),
          other.expires(),
          length);
      return false;
    }
    log.debug("{} is held by {} until {}", source, other.holder(), other.expires());
    return true;
  }

  /**
   * Extends the lease to its whole length from now. Call it when a third of that has passed.
   *
   * @return false when another has taken it over; the holder should stop
   */
  public synchronized boolean renew() {
    held = held.flatMap(object -> store.putIf(key, content(actor, length), object.unchanged()));
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
    return Layout.json(new Content(UUID.randomUUID(), actor.name(), actor.now().plus(length)));
  }
}
