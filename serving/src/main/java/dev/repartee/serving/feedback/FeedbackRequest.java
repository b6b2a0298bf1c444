package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Shown;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Action;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.serving.http.ApiLimits;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.ConversationRedactor;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * The body of {@code POST /v1/feedback}, within the {@link ApiLimits}: what an agent did with the
 * suggestions of one reply.
 *
 * @param id made by the client, so that a repeated request is stored once
 * @param conversationId the front end's own name for the conversation
 * @param agentId who wrote the reply
 * @param model the model that the response with the suggestions named
 * @param library the answer library that it named, if it did
 * @param shown the suggestions that the agent saw
 * @param action what the agent did with them
 * @param accepted index into {@code shown}; empty when no suggestion was used
 * @param finalText the reply as it was sent
 * @param charactersTyped how many characters the agent typed
 * @param events how the reply came about, where the front end says it
 */
record FeedbackRequest(
    String id,
    String conversationId,
    Optional<String> agentId,
    VersionName model,
    Optional<VersionName> library,
    List<Shown> shown,
    FeedbackAction action,
    Optional<Integer> accepted,
    String finalText,
    int charactersTyped,
    Optional<ReplyEvents> events) {

  /** Always with three decimals, so that times sort as text. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private static final Pattern ID_PATTERN = Pattern.compile(ApiLimits.FEEDBACK_ID);
  private static final String ANSWER = "answer";
  private static final String COMPLETION = "completion";
  private static final Set<String> KINDS = Set.of(ANSWER, COMPLETION);

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
    requireNonNull(library, "library is null");
    shown = List.copyOf(shown);
    requireNonNull(action, "action is null");
    requireNonNull(finalText, "finalText is null");
    requireNonNull(events, "events is null");
    if (accepted.isPresent() != action.takesSuggestion()) {
      throw new IllegalArgumentException("accepted does not fit " + action + ": " + accepted);
    }
  }

  /** Length of the reply in code points. */
  int finalCharacters() {
    return finalText.codePointCount(0, finalText.length());
  }

  /** As {@code TypedTextSaved} counts: taking a suggestion costs as much as one character. */
  static int saved(FeedbackAction action, int finalCharacters, int typedCharacters) {
    return finalCharacters - typedCharacters - (action.takesSuggestion() ? 1 : 0);
  }

  /** Whether the agent typed the reply, or changed a suggestion into another text. */
  boolean byHand() {
    return FeedbackRecord.byHand(
        charactersTyped, action.id(), accepted.map(shown::get).map(Shown::text), finalText);
  }

  /**
   * The record of this. Its texts are redacted together, so that a name found in one text is
   * replaced in all of them.
   *
   * @param caller the name of the key, or a hash of the token's subject; empty without
   *     authentication
   * @param turns redacts one text at a time
   */
  FeedbackRecord redacted(
      String caller, Instant now, ConversationRedactor redactor, Consumer<Runnable> turns) {
    List<Message> texts = new ArrayList<>();
    shown.forEach(one -> texts.add(Message.agent(one.text())));
    texts.add(Message.agent(finalText));
    List<Message> redacted =
        redactor
            .redact(new Conversation("feedback", Optional.empty(), Optional.empty(), texts), turns)
            .conversation()
            .messages();
    List<Shown> clean = new ArrayList<>();
    for (int i = 0; i < shown.size(); i++) {
      clean.add(new Shown(shown.get(i).kind(), shown.get(i).id(), redacted.get(i).text()));
    }
    return new FeedbackRecord(
        id,
        caller.isEmpty() ? Optional.empty() : Optional.of(Sha256.brief(caller)),
        TIME.format(now),
        model,
        library,
        conversationId,
        clean,
        action.id(),
        accepted,
        redacted.getLast().text(),
        charactersTyped,
        finalCharacters(),
        saved(action, finalCharacters(), charactersTyped),
        Optional.empty(),
        Optional.empty(),
        events);
  }

  /**
   * Reads a request field by field, so that an error names the field and its bound. Unknown fields
   * are ignored, see {@link JsonBody#warnings}.
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
        identity(root, "model"),
        library(root),
        shown,
        action,
        accepted(root, action, shown.size()),
        JsonBody.text("final_text", root.path("final_text"), 0, ApiLimits.MAX_TEXT_LENGTH),
        JsonBody.integer(
            "characters_typed", root.path("characters_typed"), 0, ApiLimits.MAX_CHARACTERS_TYPED),
        events(root.path("events")));
  }

  private static Optional<ReplyEvents> events(JsonNode node) {
    if (JsonBody.isAbsent(node)) {
      return Optional.empty();
    }
    if (!node.isObject() || !node.path("actions").isArray()) {
      throw RequestException.Invalid.field(
          "events", "must be an object with an array of actions, which may be empty");
    }
    JsonNode array = node.path("actions");
    if (array.size() > ApiLimits.MAX_ACTIONS) {
      throw RequestException.Invalid.field(
          "events.actions",
          "must have at most %d elements but has %d; leave out displays and count them in dropped"
              .formatted(ApiLimits.MAX_ACTIONS, array.size()));
    }
    int bytes = Json.COMPACT.writeValueAsBytes(node).length;
    if (bytes > ApiLimits.MAX_EVENTS_BYTES) {
      throw RequestException.Invalid.field(
          "events",
          "must have at most %d bytes but has %d; leave out displays and count them in dropped"
              .formatted(ApiLimits.MAX_EVENTS_BYTES, bytes));
    }
    List<Action> actions = new ArrayList<>();
    int least = 0;
    for (int i = 0; i < array.size(); i++) {
      String path = "events.actions[" + i + "]";
      if (!array.get(i).isObject()) {
        throw RequestException.Invalid.field(path, "must be an object {\"action\", \"at_ms\"}");
      }
      // In the order of their times.
      int at =
          JsonBody.integer(
              path + ".at_ms", array.get(i).path("at_ms"), least, ApiLimits.MAX_REPLY_MS);
      actions.add(event(path + ".", array.get(i), at));
      least = at;
    }
    return Optional.of(
        new ReplyEvents(
            JsonBody.optionalText(
                "events.suggestions_id",
                node.path("suggestions_id"),
                ApiLimits.MAX_SUGGESTIONS_ID_LENGTH),
            JsonBody.optionalText("events.queue", node.path("queue"), ApiLimits.MAX_QUEUE_LENGTH),
            Optional.empty(), // which the service knows
            JsonBody.optionalInteger(
                "events.dropped", node.path("dropped"), 0, ApiLimits.MAX_DROPPED),
            actions));
  }

  private static Action event(String path, JsonNode node, int at) {
    Optional<String> kind = JsonBody.optionalText(path + "kind", node.path("kind"), 16);
    if (kind.isPresent() && !KINDS.contains(kind.get())) {
      throw wrongKind(path + "kind");
    }
    JsonNode p = node.path("p");
    if (!JsonBody.isAbsent(p) && !(p.isNumber() && p.asDouble(-1) >= 0 && p.asDouble(-1) <= 1)) {
      throw RequestException.Invalid.field(path + "p", "must be a number from 0 to 1");
    }
    return new Action(
        what(path + "action", node.path("action")),
        at,
        JsonBody.optionalInteger(path + "for_ms", node.path("for_ms"), 0, ApiLimits.MAX_REPLY_MS),
        JsonBody.optionalInteger(
            path + "characters", node.path("characters"), 0, ApiLimits.MAX_CHARACTERS_TYPED),
        JsonBody.optionalInteger(
            path + "removed", node.path("removed"), 0, ApiLimits.MAX_CHARACTERS_TYPED),
        kind,
        JsonBody.optionalText(path + "id", node.path("id"), ApiLimits.MAX_ANSWER_ID_LENGTH),
        JsonBody.isAbsent(p) ? Optional.empty() : Optional.of(p.asDouble()),
        JsonBody.optionalText(path + "policy", node.path("policy"), ApiLimits.MAX_POLICY_LENGTH),
        JsonBody.optionalBoolean(path + "typed_through", node.path("typed_through")));
  }

  private static What what(String path, JsonNode node) {
    for (What what : What.values()) {
      if (node.isString() && node.asString().equals(what.id())) {
        return what;
      }
    }
    throw RequestException.Invalid.field(
        path,
        "must be one of "
            + Arrays.stream(What.values()).map(What::id).collect(Collectors.joining(", ")));
  }

  private static RequestException.Invalid wrongKind(String path) {
    return RequestException.Invalid.field(
        path, "must be \"%s\" or \"%s\"".formatted(ANSWER, COMPLETION));
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
      throw wrongKind(path + ".kind");
    }
    return new Shown(
        kind.asString(),
        JsonBody.optionalText(path + ".id", node.path("id"), ApiLimits.MAX_ANSWER_ID_LENGTH),
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

  private static VersionName identity(JsonNode root, String field) {
    JsonNode node = root.path(field);
    if (!node.isObject()) {
      throw RequestException.Invalid.field(
          field, "must be an object {\"name\", \"version\"}, as the suggestions had it");
    }
    return new VersionName(
        JsonBody.text(field + ".name", node.path("name"), 1, ApiLimits.MAX_MODEL_NAME_LENGTH),
        JsonBody.text(
            field + ".version", node.path("version"), 1, ApiLimits.MAX_MODEL_VERSION_LENGTH));
  }

  private static Optional<VersionName> library(JsonNode root) {
    return JsonBody.isAbsent(root.path("library"))
        ? Optional.empty()
        : Optional.of(identity(root, "library"));
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
