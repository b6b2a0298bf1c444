package dev.repartee.serving.feedback;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Shown;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.serving.http.JsonBody;
import dev.repartee.serving.http.JsonSchema;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.ConversationRedactor;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The body of {@code POST /v1/feedback}, within the bounds of its {@link JsonSchema}: what an agent
 * did with the suggestions of one reply.
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
    agentId = JsonBody.name("agent_id", agentId);
    shown = List.copyOf(shown);
    check(action, accepted, shown);
    events.ifPresent(FeedbackRequest::check);
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

  /** The rules between fields, which no schema says. */
  private static void check(FeedbackAction action, Optional<Integer> accepted, List<Shown> shown) {
    if (!action.takesSuggestion()) {
      require(accepted.isEmpty(), "accepted", "must be null when action is \"dismissed\"");
      return;
    }
    require(!shown.isEmpty(), "shown", "must hold the suggestion that was " + action.id());
    require(
        accepted.filter(index -> index < shown.size()).isPresent(),
        "accepted",
        "must be an integer from 0 to " + (shown.size() - 1));
  }

  private static void check(ReplyEvents events) {
    long least = 0;
    for (int i = 0; i < events.actions().size(); i++) {
      long at = events.actions().get(i).atMs();
      String path = "events.actions[%d].at_ms".formatted(i);
      require(at >= least, path, "must be at least %d, that of the action before".formatted(least));
      least = at;
    }
  }

  private static void require(boolean isRight, String field, String rule) {
    if (!isRight) {
      throw RequestException.field(field, rule);
    }
  }
}
