package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;

/**
 * A request for suggestions, within the {@link ApiLimits}.
 *
 * @param messages the conversation up to the reply, oldest first; may be empty
 * @param draft what the agent has typed so far
 * @param limit how many suggestions at most
 * @param conversationId the front end's own name for the conversation
 * @param operatingPoint how readily inline offers are shown
 */
record SuggestionRequest(
    List<Message> messages,
    String draft,
    int limit,
    Optional<String> conversationId,
    OperatingPoint operatingPoint) {

  SuggestionRequest {
    messages = List.copyOf(messages);
    requireNonNull(draft, "draft is null");
    requireNonNull(conversationId, "conversationId is null");
    requireNonNull(operatingPoint, "operatingPoint is null");
    if (limit < ApiLimits.MIN_LIMIT || limit > ApiLimits.MAX_LIMIT) {
      throw new IllegalArgumentException("limit is out of bounds: " + limit);
    }
  }
}
