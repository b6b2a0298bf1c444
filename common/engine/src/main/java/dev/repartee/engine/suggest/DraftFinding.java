package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A passage of a draft that should not be sent.
 *
 * @param kind {@value #NEVER} or {@value #PERSONAL}
 * @param start its first position, in UTF-16 units
 * @param end its end, exclusive
 * @param what kind of personal data it looks like
 */
public record DraftFinding(String kind, int start, int end, Optional<String> what) {

  /** A phrase that the answer library forbids. */
  public static final String NEVER = "never";

  /** It looks like personal data, and neither the conversation nor the desk has it. */
  public static final String PERSONAL = "personal";

  public DraftFinding {
    requireNonNull(kind, "kind is null");
    requireNonNull(what, "what is null");
  }
}
