package dev.repartee.serving.operations;

import java.util.Locale;

/** What a request asks for; each kind has a latency of its own. */
public enum RequestKind {
  /** Replies to a message, before anything is typed. */
  MESSAGE,
  /** Suggestions for a draft. */
  COMPLETION,
  /** Suggestions for a draft from what was known of it, without a pass of the model. */
  KEYSTROKE,
  /** What became of a suggestion. */
  FEEDBACK,
  /** All else. */
  OTHER;

  /** The name in metrics: lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
