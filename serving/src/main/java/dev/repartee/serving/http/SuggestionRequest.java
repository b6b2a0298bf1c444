package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Display.AnswerDisplay;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.StopWords;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/suggestions}, within the {@link ApiLimits}.
 *
 * @param messages the conversation up to the reply, oldest first; may be empty
 * @param draft what the agent has typed so far
 * @param limit the maximum number of suggestions
 * @param conversationId the front end's own name for the conversation
 * @param agentId who writes the reply, as the conversations that the model learned from name them
 * @param queue the queue or subject area of the conversation
 * @param language the language that the reply is to be in, a primary tag of BCP 47
 * @param metadata values of placeholders by name
 * @param operatingPoint how readily texts are shown
 * @param answers which whole replies are shown before typing
 * @param declined whether the agent declined the offer that stood, as by Esc
 */
record SuggestionRequest(
    List<Message> messages,
    String draft,
    int limit,
    Optional<String> conversationId,
    Optional<String> agentId,
    Optional<String> queue,
    Optional<String> language,
    Map<String, String> metadata,
    OperatingPoint operatingPoint,
    AnswerDisplay answers,
    boolean declined) {

  /** Its name in the description of the API. */
  static final String SCHEMA = "SuggestionRequest";

  private static final Pattern METADATA_KEY = Pattern.compile(ApiLimits.METADATA_KEY);

  SuggestionRequest {
    messages = List.copyOf(messages);
    requireNonNull(draft, "draft is null");
    requireNonNull(conversationId, "conversationId is null");
    requireNonNull(agentId, "agentId is null");
    requireNonNull(queue, "queue is null");
    requireNonNull(language, "language is null");
    metadata = Map.copyOf(metadata);
    requireNonNull(operatingPoint, "operatingPoint is null");
    requireNonNull(answers, "answers is null");
    if (limit < ApiLimits.MIN_LIMIT || limit > ApiLimits.MAX_LIMIT) {
      throw new IllegalArgumentException("limit is out of bounds: " + limit);
    }
  }

  /**
   * Reads a request field by field, so that an error names the field and its bound. Unknown fields
   * are ignored, see {@link JsonBody#warnings}.
   *
   * @throws RequestException.Invalid naming the field and the bound
   */
  static SuggestionRequest read(JsonNode root) {
    return new SuggestionRequest(
        messages(root),
        draft(root),
        limit(root),
        JsonBody.optionalText(
            "conversation_id", root.path("conversation_id"), ApiLimits.MAX_CONVERSATION_ID_LENGTH),
        JsonBody.name(root, "agent_id", ApiLimits.MAX_AGENT_ID_LENGTH),
        JsonBody.name(root, "queue", ApiLimits.MAX_QUEUE_LENGTH),
        language(root),
        metadata(root),
        choice(root, "operating_point", OperatingPoint.class).orElse(OperatingPoint.CALM),
        choice(root, "answers", AnswerDisplay.class).orElse(AnswerDisplay.WORTH),
        JsonBody.optionalBoolean("declined", root.path("declined")).orElse(false));
  }

  /** What is known at the desk, where {@code agent} writes the reply. */
  Desk desk(Optional<String> agent) {
    return new Desk(agent, queue, language, metadata);
  }

  /** What is shown. */
  Display display() {
    return new Display(operatingPoint, answers);
  }

  private static List<Message> messages(JsonNode root) {
    JsonNode array = root.path("messages");
    if (!array.isArray()) {
      throw RequestException.Invalid.field(
          "messages", "must be an array of {\"role\", \"text\"}; it may be empty");
    }
    if (array.size() > ApiLimits.MAX_MESSAGES) {
      throw RequestException.Invalid.field(
          "messages",
          "must have at most %d elements but has %d; send the latest"
              .formatted(ApiLimits.MAX_MESSAGES, array.size()));
    }
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      messages.add(message("messages[" + i + "]", array.get(i)));
    }
    return messages;
  }

  private static Message message(String path, JsonNode node) {
    if (!node.isObject()) {
      throw RequestException.Invalid.field(path, "must be an object {\"role\", \"text\"}");
    }
    return new Message(
        role(path + ".role", node.path("role")),
        JsonBody.text(path + ".text", node.path("text"), 0, ApiLimits.MAX_TEXT_LENGTH));
  }

  private static Role role(String path, JsonNode node) {
    try {
      if (node.isString()) {
        return Role.of(node.asString());
      }
    } catch (IllegalArgumentException unknownRole) {
      // Refused below, in the same words as a role that is no text.
    }
    throw RequestException.Invalid.field(path, "must be \"customer\" or \"agent\"");
  }

  private static String draft(JsonNode root) {
    JsonNode node = root.path("draft");
    return JsonBody.isAbsent(node)
        ? ""
        : JsonBody.text("draft", node, 0, ApiLimits.MAX_DRAFT_LENGTH);
  }

  private static int limit(JsonNode root) {
    JsonNode node = root.path("limit");
    return JsonBody.isAbsent(node)
        ? ApiLimits.DEFAULT_LIMIT
        : JsonBody.integer("limit", node, ApiLimits.MIN_LIMIT, ApiLimits.MAX_LIMIT);
  }

  private static <E extends Enum<E>> Optional<E> choice(
      JsonNode root, String field, Class<E> choices) {
    JsonNode node = root.path(field);
    if (JsonBody.isAbsent(node)) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    for (E one : choices.getEnumConstants()) {
      String name = one.name().toLowerCase(Locale.ROOT);
      if (node.isString() && node.asString().equals(name)) {
        return Optional.of(one);
      }
      names.add('"' + name + '"');
    }
    String last = names.removeLast();
    throw RequestException.Invalid.field(
        field, "must be %s or %s".formatted(String.join(", ", names), last));
  }

  private static Optional<String> language(JsonNode root) {
    JsonNode node = root.path("language");
    if (JsonBody.isAbsent(node)) {
      return Optional.empty();
    }
    String tag = JsonBody.text("language", node, 2, ApiLimits.MAX_LANGUAGE_LENGTH);
    return Optional.of(
        StopWords.primaryTag(tag)
            .orElseThrow(
                () ->
                    RequestException.Invalid.field(
                        "language", "must be a tag of BCP 47, such as \"de\" or \"de-AT\"")));
  }

  /** A blank value fills nothing. */
  private static Map<String, String> metadata(JsonNode root) {
    JsonNode node = root.path("metadata");
    if (JsonBody.isAbsent(node)) {
      return Map.of();
    }
    if (!node.isObject()) {
      throw RequestException.Invalid.field(
          "metadata", "must be an object of strings; it may be empty");
    }
    if (node.size() > ApiLimits.MAX_METADATA) {
      throw RequestException.Invalid.field(
          "metadata",
          "must have at most %d keys but has %d".formatted(ApiLimits.MAX_METADATA, node.size()));
    }
    Map<String, String> metadata = new HashMap<>();
    node.forEachEntry(
        (key, value) -> {
          if (!METADATA_KEY.matcher(key).matches()) {
            throw RequestException.Invalid.field(
                "metadata", "must have keys that match " + ApiLimits.METADATA_KEY);
          }
          String text =
              JsonBody.text("metadata." + key, value, 0, ApiLimits.MAX_METADATA_LENGTH).strip();
          if (!text.isEmpty()) {
            metadata.put(key, text);
          }
        });
    return metadata;
  }
}
