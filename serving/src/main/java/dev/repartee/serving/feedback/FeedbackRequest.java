package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.http.ApiLimits;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.predict.RequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/feedback}, within the {@link ApiLimits}: what an agent did with the
 * suggestions of one reply.
 *
 * @param id made by the client, so that a repeated request is stored once
 * @param conversationId the front end's own name for the conversation
 * @param agentId who wrote the reply
 * @param model the model that the response with the suggestions named
 * @param shown the suggestions that the agent saw
 * @param action what the agent did with them
 * @param accepted index into {@code shown}; empty when no suggestion was used
 * @param finalText the reply as it was sent
 * @param charactersTyped how many characters the agent typed
 */
record FeedbackRequest(
    String id,
    String conversationId,
    Optional<String> agentId,
    ModelIdentity model,
    List<Shown> shown,
    FeedbackAction action,
    Optional<Integer> accepted,
    String finalText,
    int charactersTyped) {

  private static final Pattern ID_PATTERN = Pattern.compile(ApiLimits.FEEDBACK_ID);
  private static final String ANSWER = "answer";
  private static final String COMPLETION = "completion";
  private static final Set<String> KINDS = Set.of(ANSWER, COMPLETION);

  /** A suggestion, as the response had it. */
  record Shown(String kind, Optional<String> id, String text) {}

  /** What an agent did with the suggestions of a reply. */
  enum FeedbackAction {
    /** Sent one unchanged. */
    ACCEPTED,
    /** Changed one before sending it. */
    EDITED,
    /** Used none. */
    DISMISSED;

    /** The name in requests and records. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a suggestion was taken, which costs the agent one action. */
    boolean takesSuggestion() {
      return this != DISMISSED;
    }
  }

  FeedbackRequest {
    requireNonNull(id, "id is null");
    requireNonNull(conversationId, "conversationId is null");
    requireNonNull(agentId, "agentId is null");
    requireNonNull(model, "model is null");
    shown = List.copyOf(shown);
    requireNonNull(action, "action is null");
    requireNonNull(finalText, "finalText is null");
    if (accepted.isPresent() != action.takesSuggestion()) {
      throw new IllegalArgumentException("accepted does not fit " + action + ": " + accepted);
    }
  }

  /** Length of the reply in code points. */
  int finalCharacters() {
    return finalText.codePointCount(0, finalText.length());
  }

  /**
   * Reads a request field by field, so that an error names the field and its bound. Unknown fields
   * are ignored.
   *
   * @throws RequestException.Invalid naming the field and the bound
   */
  static FeedbackRequest read(JsonNode root) {
    List<Shown> shown = shown(root);
    FeedbackAction action = action(root);
    return new FeedbackRequest(
        id(root),
        JsonBody.text(
            "conversation_id",
            root.path("conversation_id"),
            1,
            ApiLimits.MAX_CONVERSATION_ID_LENGTH),
        JsonBody.name(root, "agent_id", ApiLimits.MAX_AGENT_ID_LENGTH),
        model(root),
        shown,
        action,
        accepted(root, action, shown.size()),
        JsonBody.text("final_text", root.path("final_text"), 0, ApiLimits.MAX_TEXT_LENGTH),
        JsonBody.integer(
            "characters_typed", root.path("characters_typed"), 0, ApiLimits.MAX_CHARACTERS_TYPED));
  }

  private static List<Shown> shown(JsonNode root) {
    JsonNode array = root.path("shown");
    if (!array.isArray()) {
      throw RequestException.Invalid.field(
          "shown", "must be an array of {\"kind\", \"id\", \"text\"}; it may be empty");
    }
    if (array.size() > ApiLimits.MAX_SHOWN) {
      throw RequestException.Invalid.field(
          "shown",
          "must have at most %d elements but has %d".formatted(ApiLimits.MAX_SHOWN, array.size()));
    }
    List<Shown> shown = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      shown.add(suggestion("shown[" + i + "]", array.get(i)));
    }
    return shown;
  }

  private static Shown suggestion(String path, JsonNode node) {
    if (!node.isObject()) {
      throw RequestException.Invalid.field(
          path, "must be an object {\"kind\", \"id\", \"text\"}; id may be missing");
    }
    JsonNode kind = node.path("kind");
    if (!kind.isString() || !KINDS.contains(kind.asString())) {
      throw RequestException.Invalid.field(
          path + ".kind", "must be \"%s\" or \"%s\"".formatted(ANSWER, COMPLETION));
    }
    JsonNode id = node.path("id");
    return new Shown(
        kind.asString(),
        JsonBody.isAbsent(id)
            ? Optional.empty()
            : Optional.of(JsonBody.text(path + ".id", id, 1, ApiLimits.MAX_ANSWER_ID_LENGTH)),
        JsonBody.text(path + ".text", node.path("text"), 0, ApiLimits.MAX_TEXT_LENGTH));
  }

  private static FeedbackAction action(JsonNode root) {
    JsonNode node = root.path("action");
    for (FeedbackAction action : FeedbackAction.values()) {
      if (node.isString() && node.asString().equals(action.id())) {
        return action;
      }
    }
    throw RequestException.Invalid.field(
        "action", "must be \"accepted\", \"edited\" or \"dismissed\"");
  }

  private static String id(JsonNode root) {
    String id = JsonBody.text("id", root.path("id"), 1, ApiLimits.MAX_FEEDBACK_ID_LENGTH);
    if (!ID_PATTERN.matcher(id).matches()) {
      throw RequestException.Invalid.field("id", "must match " + ApiLimits.FEEDBACK_ID);
    }
    return id;
  }

  private static ModelIdentity model(JsonNode root) {
    JsonNode node = root.path("model");
    if (!node.isObject()) {
      throw RequestException.Invalid.field(
          "model", "must be an object {\"name\", \"version\"}, as the suggestions had it");
    }
    return new ModelIdentity(
        JsonBody.text("model.name", node.path("name"), 1, ApiLimits.MAX_MODEL_NAME_LENGTH),
        JsonBody.text(
            "model.version", node.path("version"), 1, ApiLimits.MAX_MODEL_VERSION_LENGTH));
  }

  private static Optional<Integer> accepted(JsonNode root, FeedbackAction action, int shown) {
    JsonNode node = root.path("accepted");
    if (!action.takesSuggestion()) {
      if (!JsonBody.isAbsent(node)) {
        throw RequestException.Invalid.field(
            "accepted", "must be null when action is \"dismissed\"");
      }
      return Optional.empty();
    }
    if (shown == 0) {
      throw RequestException.Invalid.field(
          "shown", "must hold the suggestion that was " + action.id());
    }
    return Optional.of(JsonBody.integer("accepted", node, 0, shown - 1));
  }
}
