package dev.repartee.registry.models;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Evaluations, gate results and results of experiments of versions: small objects beside a version
 * that are added and never changed. Their content is defined by the code that adds them.
 */
public final class StoredEvaluations {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int HASH_DIGITS = 12;
  private static final String ENDING = ".json";

  /** The kind of an entry. */
  public enum Kind {
    EVALUATION(""),
    GATES("gates-"),
    /** What an experiment said of the version. */
    EXPERIMENT("experiment-");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * A stored object.
   *
   * @param id unique among its version's entries of a kind
   * @param key under the store's root
   * @param location the key with the store, for messages
   * @param json its content
   */
  public record Entry(String id, String key, String location, String json) {

    /**
     * The content as a typed value.
     *
     * @throws UserException naming the object that is damaged
     */
    public <T> T as(Class<T> type) {
      return Json.parse(json, type, location);
    }
  }

  private final ObjectStore store;
  private final Layout layout;
  private final Actor actor;

  /**
   * @param actor who adds to them
   */
  StoredEvaluations(ObjectStore store, Layout layout, Actor actor) {
    this.store = store;
    this.layout = layout;
    this.actor = actor;
  }

  /** Who adds to them. */
  public Actor actor() {
    return actor;
  }

  /** The id of content that was measured {@code at} a time; equal content has an equal id. */
  public static String id(Instant at, Object content) {
    String hash = Sha256.of(Json.COMPACT.writeValueAsString(content)).substring(0, HASH_DIGITS);
    return TIME.format(at) + "-" + hash;
  }

  /**
   * Adds {@code content} to a version, which must exist. An entry with this id that exists already
   * stays as it is.
   *
   * @param id from {@link #id}
   * @return the entry that is there now
   */
  public Entry add(ModelVersion version, Kind kind, String id, Object content) {
    String key = layout.evaluations(version) + kind.prefix + id + ENDING;
    byte[] bytes = Layout.json(content);
    try {
      store.put(key, bytes, Precondition.absent());
      return entry(version, kind, key, new String(bytes, StandardCharsets.UTF_8));
    } catch (StoreException e) {
      e.requirePreconditionFailed();
      return read(version, kind, key).orElseThrow(() -> e);
    }
  }

  /** The entries of a kind, oldest first. */
  public List<Entry> list(ModelVersion version, Kind kind) {
    String folder = layout.evaluations(version);
    return store
        .list(folder + kind.prefix)
        .map(StoredObject::key)
        .filter(key -> isOf(kind, key.substring(folder.length())))
        .flatMap(key -> read(version, kind, key).stream())
        .toList();
  }

  private static boolean isOf(Kind kind, String name) {
    return name.endsWith(ENDING)
        && Arrays.stream(Kind.values())
            .filter(other -> !other.prefix.isEmpty() && name.startsWith(other.prefix))
            .findFirst()
            .orElse(Kind.EVALUATION)
            .equals(kind);
  }

  private Optional<Entry> read(ModelVersion version, Kind kind, String key) {
    return store.readText(key).map(text -> entry(version, kind, key, text.text()));
  }

  private Entry entry(ModelVersion version, Kind kind, String key, String json) {
    String name = key.substring(layout.evaluations(version).length() + kind.prefix.length());
    String id = name.substring(0, name.length() - ENDING.length());
    return new Entry(id, key, store.locate(key), json);
  }
}
