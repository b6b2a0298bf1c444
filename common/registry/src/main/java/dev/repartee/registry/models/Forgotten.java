package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The agents and conversations that the versions of a model must no longer know: {@code
 * forgotten.json} beside its versions. It only grows, and {@code gc} never removes it.
 *
 * @param agents salted hashes of their ids, as the model's memory has them
 * @param conversations salted hashes of their ids
 */
public record Forgotten(SortedSet<String> agents, SortedSet<String> conversations) {

  /** So that no one adds the ids themselves. */
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{8,64}");

  /** How often a write that lost against another one is repeated. */
  private static final int ROUNDS = 20;

  /** Nobody and nothing is forgotten. */
  public static final Forgotten NONE = of(Set.of(), Set.of());

  /**
   * @throws IllegalArgumentException for anything that is not a hash
   */
  public Forgotten {
    agents = checked("agents", agents);
    conversations = checked("conversations", conversations);
  }

  /**
   * These agents and conversations.
   *
   * @throws IllegalArgumentException for anything that is not a hash
   */
  public static Forgotten of(Set<String> agents, Set<String> conversations) {
    return new Forgotten(new TreeSet<>(agents), new TreeSet<>(conversations));
  }

  private static SortedSet<String> checked(String field, SortedSet<String> hashes) {
    SortedSet<String> copy =
        hashes == null ? new TreeSet<>() : new TreeSet<>(hashes); // absent in JSON
    for (String hash : copy) {
      if (!HASH.matcher(hash).matches()) {
        throw new IllegalArgumentException(
            field + " must be hashes of 8 to 64 hexadecimal digits but have '" + hash + "'");
      }
    }
    return Collections.unmodifiableSortedSet(copy);
  }

  /** Both together. */
  public Forgotten and(Forgotten more) {
    SortedSet<String> allAgents = new TreeSet<>(agents);
    allAgents.addAll(more.agents);
    SortedSet<String> allConversations = new TreeSet<>(conversations);
    allConversations.addAll(more.conversations);
    return new Forgotten(allAgents, allConversations);
  }

  /**
   * What is forgotten of a model; nothing where none ever was.
   *
   * @throws UserException when the object is damaged
   */
  public static Forgotten read(ObjectStore store, String model) {
    String key = key(model);
    return store.readText(key).map(text -> parse(store, key, text)).orElse(NONE);
  }

  /**
   * Adds to what is forgotten. Several may do so at once.
   *
   * @return everything that is forgotten now
   * @throws UserException when the object is damaged, or the store fails
   */
  public static Forgotten add(ObjectStore store, String model, Forgotten more) {
    String key = key(model);
    for (int round = 1; ; round++) {
      Optional<StoredText> there = store.readText(key);
      Forgotten before = there.map(text -> parse(store, key, text)).orElse(NONE);
      Forgotten all = before.and(more);
      if (all.equals(before)) {
        return all;
      }
      try {
        store.put(
            key,
            RegistryJson.bytes(all),
            there.map(StoredText::unchanged).orElse(Precondition.absent()));
        return all;
      } catch (StoreException e) {
        e.requirePreconditionFailed();
        if (round == ROUNDS) {
          throw new UserException(
              store.locate(key) + ": was changed by others again and again; try again", e);
        }
      }
    }
  }

  private static String key(String model) {
    return new Layout(RegistryKind.MODEL).forgotten(RegistryKind.MODEL.checkName(model));
  }

  private static Forgotten parse(ObjectStore store, String key, StoredText text) {
    return RegistryJson.parse(text.text(), Forgotten.class, store.locate(key));
  }
}
