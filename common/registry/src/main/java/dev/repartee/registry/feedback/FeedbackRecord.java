package dev.repartee.registry.feedback;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.ReplyEvents.Assignment;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message.MessageJson;
import dev.repartee.text.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * A feedback as it is stored: one JSON line. Personal data found in its texts is replaced by
 * placeholders.
 *
 * @param id made by the client
 * @param caller the first digits of the SHA-256 of the caller's name; missing without
 *     authentication
 * @param time when it arrived, ISO 8601 in UTC, which sorts as text; empty in a line that something
 *     else wrote
 * @param library the answer library in use, where there was one
 * @param shown the suggestions that the agent saw last, or of which one was taken
 * @param action {@code accepted}, {@code edited} or {@code dismissed}
 * @param accepted index into {@code shown}
 * @param finalText the reply, with placeholders
 * @param finalCharacters length of the reply as it was sent, in code points
 * @param saved final characters minus typed characters, minus one when a suggestion was taken;
 *     negative when the agent typed more than was sent
 * @param learn what is to be learned from it; missing where nothing is
 * @param agent a salted hash of who wrote it, only where the operator turned that on: with {@code
 *     events} it tells how long an agent takes
 * @param events how the reply came about, where the front end said it
 */
public record FeedbackRecord(
    String id,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> caller,
    String time,
    VersionName model,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<VersionName> library,
    String conversationId,
    List<Shown> shown,
    String action,
    Optional<Integer> accepted,
    String finalText,
    int charactersTyped,
    int finalCharacters,
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
  public record Typed(
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> agent,
      List<MessageJson> context,
      String text) {

    public Typed {
      context = List.copyOf(context);
      context.forEach(MessageJson::message); // which refuses other roles
      requireNonNull(text, "text is null");
    }
  }

  /** A suggestion, as the response had it. */
  public record Shown(String kind, Optional<String> id, String text) {}

  public FeedbackRecord {
    requireNonNull(id, "id is null");
    time = requireNonNullElse(time, ""); // absent in a line that something else wrote
    requireNonNull(model, "model is null");
    requireNonNull(conversationId, "conversationId is null");
    requireNonNull(action, "action is null");
    requireNonNull(finalText, "finalText is null");
    shown = List.copyOf(shown);
  }

  /**
   * The same record, with who wrote it and what is to be learned from it.
   *
   * @param hash of the agent
   * @param assigned what an experiment does with the conversation
   */
  public FeedbackRecord with(
      Optional<String> hash, Optional<Typed> typed, Optional<Assignment> assigned) {
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

  /** Whether a suggestion was on the screen at all. */
  public boolean assisted() {
    return displays() > 0 || !shown.isEmpty();
  }

  /** How many suggestions were displayed, as far as events say so. */
  public int displays() {
    return events.map(ReplyEvents::displays).orElse(0);
  }

  /** Whether the agent looked for an answer. */
  public boolean searched() {
    return events.filter(all -> all.count(What.SEARCHED) > 0).isPresent();
  }

  /** Whether an operating point other than this one showed something. */
  public boolean isShownAtOtherThan(String operatingPoint) {
    return events.stream()
        .flatMap(all -> all.actions().stream())
        .flatMap(one -> one.policy().stream())
        .anyMatch(policy -> !policy.equals(operatingPoint));
  }

  /** The suggestion that was sent, as it stood or edited. */
  public Optional<Shown> used() {
    return accepted.filter(index -> index < shown.size()).map(shown::get);
  }

  public boolean edited() {
    return action.equals("edited");
  }

  /** How many suggestions were taken on the way. */
  public int taken() {
    return events.map(all -> all.count(What.CHOSEN) + all.count(What.COMPLETED)).orElse(0);
  }

  /** Whether the agent typed the reply, or made another text of a suggestion. */
  public boolean byHand() {
    return byHand(charactersTyped, action, used().map(Shown::text), finalText);
  }

  /**
   * Whether the agent typed a reply that is no record yet, or made another text of a suggestion.
   *
   * @param used the suggestion that was sent, as it stood or edited
   */
  public static boolean byHand(
      int charactersTyped, String action, Optional<String> used, String finalText) {
    return charactersTyped > 0
        && !action.equals("accepted")
        && used.map(text -> !TextNorm.norm(text).equals(TextNorm.norm(finalText))).orElse(true);
  }

  /** By which a repeat is recognized: callers choose their ids without knowing of each other. */
  public String key() {
    return caller.map(digits -> digits + ":" + id).orElse(id);
  }

  /** The line without its line feed. */
  public byte[] json() {
    return Json.COMPACT.writeValueAsBytes(this);
  }

  public static FeedbackRecord parse(byte[] json) {
    return Json.COMPACT.readValue(json, FeedbackRecord.class);
  }
}
