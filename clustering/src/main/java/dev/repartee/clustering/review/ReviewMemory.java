package dev.repartee.clustering.review;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What earlier extractions listed and what people decided, by id. Answers that went out of use stay
 * in it, so that they have the id they had when they come back.
 */
public final class ReviewMemory {

  /** Nothing was extracted before. */
  public static final ReviewMemory EMPTY = new ReviewMemory(List.of());

  private final Map<String, Remembered> byId;

  /**
   * Remembers {@code all}, in their order.
   *
   * @throws IllegalArgumentException naming an id that two of them share
   */
  public ReviewMemory(List<Remembered> all) {
    Map<String, Remembered> entries = new LinkedHashMap<>();
    for (Remembered one : all) {
      if (entries.putIfAbsent(one.id(), one) != null) {
        throw new IllegalArgumentException("id '" + one.id() + "' is there twice");
      }
    }
    byId = Collections.unmodifiableMap(entries);
  }

  public List<Remembered> all() {
    return List.copyOf(byId.values());
  }

  public Set<String> ids() {
    return byId.keySet();
  }

  public boolean isEmpty() {
    return byId.isEmpty();
  }

  public Optional<Remembered> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The decisions and notes that were made. */
  public Map<String, Decision> decisions() {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    for (Remembered one : byId.values()) {
      if (!one.decision().equals(Decision.NONE)) {
        decisions.put(one.id(), one.decision());
      }
    }
    return decisions;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ReviewMemory memory && all().equals(memory.all());
  }

  @Override
  public int hashCode() {
    return byId.hashCode();
  }
}
