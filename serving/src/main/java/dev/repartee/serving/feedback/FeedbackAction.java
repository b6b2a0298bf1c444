package dev.repartee.serving.feedback;

import java.util.Locale;
import java.util.Optional;

/** What an agent did with the suggestions of a reply. */
enum FeedbackAction {
  /** One was sent as it was. */
  ACCEPTED,
  /** One was changed before it was sent. */
  EDITED,
  /** None was used. */
  DISMISSED;

  /** The name in requests and records. */
  String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<FeedbackAction> of(String id) {
    for (FeedbackAction action : values()) {
      if (action.id().equals(id)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }

  /** How often a suggestion was taken, each of which costs the agent one action. */
  static int acceptances(String id) {
    return id.equals(DISMISSED.id()) ? 0 : 1;
  }
}
