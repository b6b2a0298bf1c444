package dev.repartee.serving.operations;

import java.util.Locale;

/** What a request asks for; each kind has a latency of its own. */
public enum RequestKind {
  /** Replies to a message, before anything is typed. */
  MESSAGE,
  /** Suggestions for a draft. */
  COMPLETION,
  /** Suggestions for a draft that the model had foreseen: no pass of the model ran. */
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
