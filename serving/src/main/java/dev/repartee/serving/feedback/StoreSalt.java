package dev.repartee.serving.feedback;

import dev.repartee.engine.memory.Memory;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's salt of agents' ids, which is asked for until the store says it, or has one made; and
 * a copy of it on this machine for a start while the store is away. Thread-safe.
 */
final class StoreSalt implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(StoreSalt.class);
  private static final Duration RETRY = Duration.ofSeconds(10);

  private final ObjectStore store;
  private final Path copy;
  private volatile Optional<String> salt;
  private final Thread finder;

  /**
   * @param folder keeps the copy
   * @param store the caller closes it, after this
   */
  StoreSalt(Path folder, ObjectStore store) {
    this.store = store;
    this.copy = folder.resolve("agent-salt");
    this.salt = copied();
    this.finder = Thread.ofVirtual().start(this::find);
  }

  /** Empty until it is known. */
  Optional<String> now() {
    return salt;
  }

  /** An agent's hash; empty until the salt is known. */
  Optional<String> pseudonym(String agentId) {
    return salt.map(known -> Memory.pseudonym(known, agentId));
  }

  private void find() {
    try {
      for (Optional<String> found = ofStore(); ; found = ofStore()) {
        if (found.isPresent()) {
          keep(found.get());
          return;
        }
        Thread.sleep(RETRY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> ofStore() {
    try {
      return Optional.of(AgentSalt.findOrMake(store));
    } catch (UserException e) {
      if (salt.isEmpty()) {
        log.warn(
            "feedback names no agents: the store has no salt of their ids that can be read, or made ('finetune --store' makes one): {}",
            e.getMessage());
      }
      return Optional.empty();
    }
  }

  private void keep(String found) {
    if (salt.equals(Optional.of(found))) {
      return;
    }
    salt = Optional.of(found);
    try {
      AtomicFile.write(
          copy, out -> out.write(found.getBytes(StandardCharsets.US_ASCII)), OwnerOnly.ofFile());
    } catch (IOException e) {
      log.warn("{} cannot be written: {}", copy, e.toString());
    }
  }

  private Optional<String> copied() {
    try {
      return Files.exists(copy)
          ? Optional.of(Files.readString(copy, StandardCharsets.US_ASCII))
          : Optional.empty();
    } catch (IOException e) {
      log.warn("{} cannot be read: {}", copy, e.toString());
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    Threads.interrupt(finder);
  }
}
