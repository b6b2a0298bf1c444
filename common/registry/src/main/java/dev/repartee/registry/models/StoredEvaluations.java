package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was measured of a version, and what gates said about it: small objects beside the version,
 * which are only ever added. What they hold is for who writes them to say.
 */
public final class StoredEvaluations {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int HASH_DIGITS = 12;
  private static final String ENDING = ".json";

  /** What an entry is. */
  public enum Kind {
    EVALUATION(""),
    GATES("gates-");

    private final String prefix;

    Kind(String prefix) {
      this.prefix = prefix;
    }
  }

  /**
   * One that is stored.
   *
   * @param id names it among its version's
   * @param key where it stands under the store's root
   * @param location the same with the store, for messages
   * @param json its content
   */
  public record Entry(String id, String key, String location, String json) {

    /**
     * The content as a typed value.
     *
     * @throws UserException naming the object that is damaged
     */
    public <T> T as(Class<T> type) {
      return RegistryJson.parse(json, type, location);
    }
  }

  private final ObjectStore store;
  private final Actor actor;

  /**
   * @param actor who adds to them
   */
  public StoredEvaluations(ObjectStore store, Actor actor) {
    this.store = requireNonNull(store, "store is null");
    this.actor = requireNonNull(actor, "actor is null");
  }

  /** Who adds to them. */
  public Actor actor() {
    return actor;
  }

  /** Names what was measured {@code at} a time: the same content always has the same name. */
  public static String id(Instant at, Object content) {
    String hash = Sha256.of(Json.COMPACT.writeValueAsString(content)).substring(0, HASH_DIGITS);
    return TIME.format(at) + "-" + hash;
  }

  /**
   * Adds {@code content} to what is known of a version, which must exist. An entry of this id that
   * is there already is left as it is.
   *
   * @param id from {@link #id}
   * @return the entry that is there now
   */
  public Entry add(ModelVersion version, Kind kind, String id, Object content) {
    String key = folder(version) + kind.prefix + id + ENDING;
    byte[] bytes = RegistryJson.bytes(content);
    try {
      store.put(key, bytes, Precondition.absent());
      return entry(version, kind, key, new String(bytes, StandardCharsets.UTF_8));
    } catch (StoreException e) {
      if (e.reason() != Reason.PRECONDITION_FAILED) {
        throw e;
      }
      return read(version, kind, key).orElseThrow(() -> e);
    }
  }

  /** The entries of a kind, oldest first. */
  public List<Entry> list(ModelVersion version, Kind kind) {
    return store
        .list(folder(version) + kind.prefix)
        .map(object -> object.key())
        .filter(key -> isOf(kind, key.substring(folder(version).length())))
        .flatMap(key -> read(version, kind, key).stream())
        .toList();
  }

  private static boolean isOf(Kind kind, String name) {
    boolean gates = name.startsWith(Kind.GATES.prefix);
    return name.endsWith(ENDING) && gates == (kind == Kind.GATES);
  }

  private Optional<Entry> read(ModelVersion version, Kind kind, String key) {
    return store.readText(key).map(text -> entry(version, kind, key, text.text()));
  }

  private Entry entry(ModelVersion version, Kind kind, String key, String json) {
    String name = key.substring(folder(version).length() + kind.prefix.length());
    String id = name.substring(0, name.length() - ENDING.length());
    return new Entry(id, key, store.locate(key), json);
  }

  private static String folder(ModelVersion version) {
    return Layout.MODELS + version.model() + "/evaluations/" + version.number() + "/";
  }
}
