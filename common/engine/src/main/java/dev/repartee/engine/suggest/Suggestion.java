package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.FilledText;
import java.util.Locale;
import java.util.Optional;

/**
 * What the service offers to an agent.
 *
 * @param kind whole reply or continuation of the draft
 * @param answerId the answer it comes from, where there is one
 * @param text the whole reply for an {@link Kind#ANSWER}; for a {@link Kind#COMPLETION} exactly
 *     what would follow the draft, leading blank included
 * @param template the same before its placeholders were filled; equal to the text where it has none
 * @param score estimated probability that the text is what the agent wants, 0 to 1; offers are
 *     ranked by what they are expected to save, so a longer one may stand before a more probable
 *     one
 */
public record Suggestion(
    Kind kind, Optional<String> answerId, String text, String template, double score) {

  /** The two things a suggestion can be. */
  public enum Kind {
    ANSWER,
    COMPLETION
  }

  /** Why there is none. */
  public enum Nothing {
    /** Nothing known fits. */
    UNKNOWN,
    /** Something is known, but it is not worth its reading, or the agent declined it. */
    NOT_WORTH_READING,
    /** The library forbids what fits. */
    FORBIDDEN,
    /** What fits belongs to another queue alone. */
    OTHER_QUEUE,
    /** It is still being worked out. */
    PENDING,
    /** None is to be shown. */
    OFF
  }

  /** A suggestion as the API and commands print it; {@code id} is null where it is no answer. */
  public record Printed(
      String kind, Optional<String> id, String text, String template, double score) {}

  public Suggestion {
    if (!(score >= 0 && score <= 1)) {
      throw new IllegalArgumentException("score must be between 0 and 1 but is " + score);
    }
  }

  public Printed printed() {
    return new Printed(kind.name().toLowerCase(Locale.ROOT), answerId, text, template, score);
  }

  public static Suggestion answer(String answerId, String text, double score) {
    return new Suggestion(Kind.ANSWER, Optional.of(answerId), text, text, score);
  }

  public static Suggestion completion(String text, double score) {
    return completion(FilledText.of(text), score);
  }

  static Suggestion completion(FilledText text, double score) {
    return new Suggestion(Kind.COMPLETION, Optional.empty(), text.text(), text.template(), score);
  }
}
