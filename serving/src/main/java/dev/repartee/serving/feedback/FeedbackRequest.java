package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.model.ModelIdentity;
import java.util.List;
import java.util.Optional;

/**
 * What an agent did with the suggestions of one reply, within the API's limits.
 *
 * @param id made by the client, so that a repeat is dropped
 * @param conversationId the front end's own name for the conversation
 * @param model as the suggestions' response had it
 * @param shown the suggestions that the agent saw
 * @param action what became of them
 * @param accepted index into {@code shown}; empty when none was used
 * @param finalText the reply as it was sent
 * @param charactersTyped what the agent typed of it
 */
record FeedbackRequest(
    String id,
    String conversationId,
    ModelIdentity model,
    List<Shown> shown,
    FeedbackAction action,
    Optional<Integer> accepted,
    String finalText,
    int charactersTyped) {

  /** A suggestion as the response had it. */
  record Shown(String kind, Optional<String> id, String text) {}

  FeedbackRequest {
    requireNonNull(id, "id is null");
    requireNonNull(conversationId, "conversationId is null");
    requireNonNull(model, "model is null");
    shown = List.copyOf(shown);
    requireNonNull(action, "action is null");
    requireNonNull(finalText, "finalText is null");
    if (accepted.isPresent() == (action == FeedbackAction.DISMISSED)) {
      throw new IllegalArgumentException("accepted does not fit " + action + ": " + accepted);
    }
  }

  /** Length of the reply in code points. */
  int finalCharacters() {
    return finalText.codePointCount(0, finalText.length());
  }
}
