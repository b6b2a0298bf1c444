package dev.repartee.serving.feedback;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.serving.feedback.FeedbackRequest.Shown;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.ConversationRedactor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A feedback as it is stored: one JSON line, without the personal data that was found in its texts.
 *
 * @param id made by the client
 * @param time when it arrived, ISO 8601 in UTC
 * @param finalText with placeholders
 * @param finalCharacters of the reply as it was sent, in code points
 * @param saved final characters less those typed, less one when a suggestion was taken; negative
 *     when the agent typed more than was sent
 */
record FeedbackRecord(
    String id,
    String time,
    ModelIdentity model,
    @JsonProperty("conversation_id") String conversationId,
    List<Shown> shown,
    String action,
    Optional<Integer> accepted,
    @JsonProperty("final_text") String finalText,
    @JsonProperty("characters_typed") int charactersTyped,
    @JsonProperty("final_characters") int finalCharacters,
    int saved) {

  /** With three decimals always, so that times sort as text. */
  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  /** Surrogates without a partner, which UTF-8 cannot hold. */
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  FeedbackRecord {
    shown = List.copyOf(shown);
  }

  /** The texts are redacted together, so that a name that one of them tells is known in all. */
  static FeedbackRecord of(FeedbackRequest request, Instant now, ConversationRedactor redactor) {
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
    String action = request.action().id();
    return new FeedbackRecord(
        request.id(),
        TIME.format(now),
        request.model(),
        request.conversationId(),
        shown,
        action,
        request.accepted(),
        redacted.getLast().text(),
        request.charactersTyped(),
        request.finalCharacters(),
        saved(action, request.finalCharacters(), request.charactersTyped()));
  }

  /** What {@code TypedTextSaved} counts: neither typed nor paid by an action. */
  static int saved(String action, int finalCharacters, int typedCharacters) {
    return finalCharacters - typedCharacters - FeedbackAction.acceptances(action);
  }

  /** The line, without its end. */
  byte[] json() {
    String line = Json.COMPACT.writeValueAsString(this);
    return LONE_SURROGATE.matcher(line).replaceAll("\uFFFD").getBytes(StandardCharsets.UTF_8);
  }

  static FeedbackRecord parse(byte[] json) {
    return Json.COMPACT.readValue(json, FeedbackRecord.class);
  }
}
