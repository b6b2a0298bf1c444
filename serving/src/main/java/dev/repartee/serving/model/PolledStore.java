package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The client of a store that is polled: one for all polls, since each new one connects and asks for
 * a token anew. It is opened when it is first needed. Thread-safe.
 */
final class PolledStore implements AutoCloseable {

  private final Supplier<ObjectStore> opener;
  private Optional<ObjectStore> opened = Optional.empty();

  /**
   * @param opener opens a client; where it fails, the next {@link #get} tries again
   */
  PolledStore(Supplier<ObjectStore> opener) {
    this.opener = requireNonNull(opener, "opener is null");
  }

  synchronized ObjectStore get() {
    if (opened.isEmpty()) {
      opened = Optional.of(opener.get());
    }
    return opened.get();
  }

  /** Closes the client, if there is one. */
  @Override
  public synchronized void close() {
    opened.ifPresent(ObjectStore::close);
    opened = Optional.empty();
  }
}
