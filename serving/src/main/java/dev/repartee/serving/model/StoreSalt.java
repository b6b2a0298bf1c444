package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.memory.Memory;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's salt of agents' ids, and a copy of it on this machine for a start while the store is
 * away. Thread-safe.
 */
public final class StoreSalt {

  private static final Logger log = LoggerFactory.getLogger(StoreSalt.class);

  private final ObjectStore store;
  private final Path copy;
  private volatile Optional<String> salt;
  private boolean isOfStore;

  /**
   * @param folder keeps the copy
   * @param store the caller closes it
   */
  public StoreSalt(Path folder, ObjectStore store) {
    this.store = requireNonNull(store, "store is null");
    this.copy = folder.resolve("agent-salt");
    this.salt = copied();
  }

  /** Empty until it is known. */
  public Optional<String> now() {
    return salt;
  }

  /** An agent's hash; empty until the salt is known. */
  public Optional<String> pseudonym(String agentId) {
    return salt.map(known -> Memory.pseudonym(known, agentId));
  }

  /**
   * Finds it, or makes it where the store has none.
   *
   * @throws UserException when it is not known, and the store does not say it
   */
  public synchronized String find() {
    if (isOfStore) {
      return salt.orElseThrow();
    }
    String found;
    try {
      found = AgentSalt.findOrMake(store);
    } catch (UserException e) {
      if (salt.isPresent()) {
        return salt.get(); // the store is away
      }
      throw new UserException(
          "the store has no salt of agents' ids that can be read, or made ('finetune --store' makes one): "
              + e.getMessage(),
          e);
    }
    isOfStore = true;
    if (!salt.equals(Optional.of(found))) {
      salt = Optional.of(found);
      try {
        AtomicFile.write(
            copy, out -> out.write(found.getBytes(StandardCharsets.US_ASCII)), OwnerOnly.ofFile());
      } catch (IOException e) {
        log.warn("{} cannot be written: {}", copy, e.toString());
      }
    }
    return found;
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
}
