package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.Forgotten;
import java.util.Optional;

/**
 * Whom the versions of a model must no longer know: {@code forgotten.json} beside its versions. It
 * only grows, and {@code gc} never removes it.
 */
public final class ForgottenList {

  /** What a build cannot change. */
  public static final String TRACES =
      "weights, tokenizer.json, words.txt, shortlist.json, the answer set and its head keep traces"
          + " until the next training without them";

  /** How often a write that lost against another one is repeated. */
  private static final int ROUNDS = 20;

  private ForgottenList() {}

  /**
   * What is forgotten of a model; nothing where none ever was.
   *
   * @throws UserException when the object is damaged
   */
  public static Forgotten read(ObjectStore store, String model) {
    String key = key(model);
    return store.readText(key).map(text -> parse(store, key, text)).orElse(Forgotten.NONE);
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
      Forgotten before = there.map(text -> parse(store, key, text)).orElse(Forgotten.NONE);
      Forgotten all = before.and(more);
      if (all.equals(before)) {
        return all;
      }
      Precondition unchanged = there.map(StoredText::unchanged).orElse(Precondition.absent());
      if (store.putIf(key, Layout.json(all), unchanged).isPresent()) {
        return all;
      }
      if (round == ROUNDS) {
        throw new UserException(
            store.locate(key) + ": was changed by others again and again; try again");
      }
    }
  }

  private static String key(String model) {
    return new Layout(RegistryKind.MODEL).forgotten(RegistryKind.MODEL.checkName(model));
  }

  private static Forgotten parse(ObjectStore store, String key, StoredText text) {
    return Json.parse(text.text(), Forgotten.class, store.locate(key));
  }
}
