package dev.repartee.serving.feedback;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.engine.suggest.LearnedReplies;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Assignment;
import dev.repartee.serving.feedback.FeedbackRequest.FeedbackAction;
import dev.repartee.serving.feedback.FeedbackRequest.Shown;
import dev.repartee.serving.model.LibraryWatch.LibraryIdentity;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.MessageJson;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.ConversationRedactor;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A feedback as it is stored: one JSON line. Personal data found in its texts is replaced by
 * placeholders.
 *
 * @param id made by the client
 * @param caller the first digits of the SHA-256 of the caller's name; missing without
 *     authentication
 * @param time when it arrived, ISO 8601 in UTC
 * @param library the answer library in use, where there was one
 * @param finalText the reply, with placeholders
 * @param finalCharacters length of the reply as it was sent, in code points
 * @param saved final characters minus typed characters, minus one when a suggestion was taken;
 *     negative when the agent typed more than was sent
 * @param learn what is to be learned from it; missing where nothing is
 * @param agent a salted hash of who wrote it, only where the operator turned that on: with {@code
 *     events} it tells how long an agent takes
 * @param events how the reply came about, where the front end said it
 */
record FeedbackRecord(
    String id,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> caller,
    String time,
    ModelIdentity model,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<LibraryIdentity> library,
    @JsonProperty("conversation_id") String conversationId,
    List<Shown> shown,
    String action,
    Optional<Integer> accepted,
    @JsonProperty("final_text") String finalText,
    @JsonProperty("characters_typed") int charactersTyped,
    @JsonProperty("final_characters") int finalCharacters,
    int saved,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Typed> learn,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> agent,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ReplyEvents> events) {

  /**
   * A reply that an agent typed, and what it replied to, redacted together.
   *
   * @param agent a salted hash of who typed it, where that is known
   * @param context the latest messages before it, oldest first
   * @param text the reply
   */
  record Typed(
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> agent,
      List<MessageJson> context,
      String text) {

    Typed {
      context = List.copyOf(context);
    }
  }

  /** Always with three decimals, so that times sort as text. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  FeedbackRecord {
    shown = List.copyOf(shown);
  }

  /**
   * Redacts a request. Its texts are redacted together, so that a name found in one text is
   * replaced in all of them.
   *
   * @param caller the name of the key, or a hash of the token's subject; empty without
   *     authentication
   */
  static FeedbackRecord of(
      FeedbackRequest request, String caller, Instant now, ConversationRedactor redactor) {
    List<Message> texts = new ArrayList<>();
    request.shown().forEach(one -> texts.add(Message.agent(one.text())));
    texts.add(Message.agent(request.finalText()));
    List<Message> redacted =
        redactor
            .redact(new Conversation("feedback", Optional.empty(), Optional.empty(), texts))
            .conversation()
            .messages();
    List<Shown> shown = new ArrayList<>();
    for (int i = 0; i < request.shown().size(); i++) {
      Shown one = request.shown().get(i);
      shown.add(new Shown(one.kind(), one.id(), redacted.get(i).text()));
    }
    return new FeedbackRecord(
        request.id(),
        caller.isEmpty() ? Optional.empty() : Optional.of(Sha256.brief(caller)),
        TIME.format(now),
        request.model(),
        request.library(),
        request.conversationId(),
        shown,
        request.action().id(),
        request.accepted(),
        redacted.getLast().text(),
        request.charactersTyped(),
        request.finalCharacters(),
        saved(request.action(), request.finalCharacters(), request.charactersTyped()),
        Optional.empty(),
        Optional.empty(),
        request.events());
  }

  /**
   * The same record, with who wrote it and what is to be learned from it.
   *
   * @param hash of the agent
   * @param assigned what an experiment does with the conversation
   */
  FeedbackRecord with(Optional<String> hash, Optional<Typed> typed, Optional<Assignment> assigned) {
    return new FeedbackRecord(
        id,
        caller,
        time,
        model,
        library,
        conversationId,
        shown,
        action,
        accepted,
        finalText,
        charactersTyped,
        finalCharacters,
        saved,
        typed,
        hash,
        events.map(all -> all.in(assigned)));
  }

  /** What a service learns from it. */
  Optional<LearnedReplies.Reply> learned() {
    return learn.map(
        typed ->
            new LearnedReplies.Reply(
                key(),
                Instant.parse(time),
                conversationId,
                caller.orElse(""),
                typed.agent(),
                typed.context().stream().map(MessageJson::message).toList(),
                typed.text()));
  }

  /** As {@code TypedTextSaved} counts: taking a suggestion costs as much as one character. */
  static int saved(FeedbackAction action, int finalCharacters, int typedCharacters) {
    return finalCharacters - typedCharacters - (action.takesSuggestion() ? 1 : 0);
  }

  /** By which a repeat is recognized: callers choose their ids without knowing of each other. */
  String key() {
    return caller.map(digits -> digits + ":" + id).orElse(id);
  }

  /** The line without its line feed. */
  byte[] json() {
    return Json.COMPACT.writeValueAsBytes(this);
  }

  static FeedbackRecord parse(byte[] json) {
    return Json.COMPACT.readValue(json, FeedbackRecord.class);
  }
}
