package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code GET} and {@code POST /v1/answers} ask, within the {@link ApiLimits}. The fields that
 * a {@link SuggestionRequest} has too mean the same.
 *
 * @param q words, or the beginning of one; empty finds all
 * @param limit the maximum number of answers
 * @param messages the conversation, oldest first; may be empty
 */
record AnswersRequest(
    String q,
    int limit,
    Optional<String> queue,
    Optional<String> language,
    Optional<String> agentId,
    Optional<String> conversationId,
    List<Message> messages,
    Map<String, String> metadata) {

  AnswersRequest {
    requireNonNull(q, "q is null");
    requireNonNull(queue, "queue is null");
    requireNonNull(language, "language is null");
    requireNonNull(agentId, "agentId is null");
    requireNonNull(conversationId, "conversationId is null");
    messages = List.copyOf(messages);
    metadata = Map.copyOf(metadata);
  }

  /**
   * Reads a body.
   *
   * @throws RequestException.Invalid naming the field and the bound
   */
  static AnswersRequest read(JsonNode root) {
    JsonNode q = root.path("q");
    JsonNode limit = root.path("limit");
    ObjectNode shared = Json.COMPACT.createObjectNode();
    root.forEachEntry(shared::set);
    shared.remove(List.of("limit", "draft", "operating_point", "answers", "declined"));
    if (JsonBody.isAbsent(root.path("messages"))) {
      shared.putArray("messages");
    }
    SuggestionRequest request = SuggestionRequest.read(shared);
    return new AnswersRequest(
        JsonBody.isAbsent(q) ? "" : JsonBody.text("q", q, 0, ApiLimits.MAX_QUERY_LENGTH),
        JsonBody.isAbsent(limit)
            ? ApiLimits.DEFAULT_FOUND
            : JsonBody.integer("limit", limit, 1, ApiLimits.MAX_FOUND),
        request.queue(),
        request.language(),
        request.agentId(),
        request.conversationId(),
        request.messages(),
        request.metadata());
  }

  /** The body that says the same as the parameters of a query. */
  static JsonNode query(Context ctx) {
    ObjectNode body = Json.COMPACT.createObjectNode();
    ctx.queryParamMap().forEach((name, values) -> body.put(name, values.getFirst()));
    Optional.ofNullable(ctx.queryParam("limit"))
        .ifPresent(
            limit -> {
              try {
                body.put("limit", Integer.parseInt(limit));
              } catch (NumberFormatException e) {
                body.put("limit", limit); // is refused with its bounds
              }
            });
    return body;
  }

  /** What is known at the desk, where {@code agent} searches. */
  Desk desk(Optional<String> agent) {
    return new Desk(agent, queue, language, metadata);
  }
}
