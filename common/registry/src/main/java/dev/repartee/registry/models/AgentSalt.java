package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The salt with which the models of a store hash agents' ids, so that an agent has the same hash in
 * all of them. It is made once and never changes. Who can read it and lists all ids can tell whose
 * hash is whose.
 */
public final class AgentSalt {

  private static final int BYTES = 16;

  private AgentSalt() {}

  /**
   * That of a store, in hexadecimal; empty when it has none.
   *
   * @throws UserException when it is damaged or cannot be read
   */
  public static Optional<String> find(ObjectStore store) {
    Optional<String> salt = store.readText(Layout.AGENT_SALT).map(ObjectStore.StoredText::text);
    salt.ifPresent(
        text -> {
          if (!text.matches("[0-9a-f]{" + 2 * BYTES + "}")) {
            throw new UserException(
                "%s: must be %d hexadecimal digits and is damaged; restore an earlier version of the object, or delete it: the next 'finetune --store' makes another salt"
                    .formatted(store.locate(Layout.AGENT_SALT), 2 * BYTES));
          }
        });
    return salt;
  }

  /**
   * As {@link #find}, but makes one when the store has none. All who do so at once get the same.
   *
   * @throws UserException also when it cannot be written
   */
  public static String findOrMake(ObjectStore store) {
    return find(store).orElseGet(() -> make(store));
  }

  private static String make(ObjectStore store) {
    byte[] random = new byte[BYTES];
    new SecureRandom().nextBytes(random);
    String made = HexFormat.of().formatHex(random);
    if (store.create(Layout.AGENT_SALT, made.getBytes(StandardCharsets.UTF_8))) {
      return made;
    }
    return find(store)
        .orElseThrow(
            () ->
                new UserException(
                    store.locate(Layout.AGENT_SALT) + " was deleted just now; try again"));
  }
}
