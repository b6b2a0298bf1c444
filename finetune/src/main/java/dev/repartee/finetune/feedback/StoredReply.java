package dev.repartee.finetune.feedback;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.text.TextNorm;
import java.util.List;
import java.util.Optional;

/**
 * A line of stored feedback, as far as it is counted.
 *
 * @param caller a hash, where callers are authenticated
 * @param time when it arrived; sorts as text
 * @param shown the suggestions that the agent saw last, or of which one was taken
 * @param action {@code accepted}, {@code edited} or {@code dismissed}
 * @param accepted index into {@code shown}
 * @param agent a salted hash, only where the operator turned timing per agent on
 */
record StoredReply(
    String id,
    Optional<String> caller,
    Optional<String> time,
    Model model,
    @JsonProperty("conversation_id") String conversationId,
    List<Shown> shown,
    String action,
    Optional<Integer> accepted,
    @JsonProperty("final_text") String finalText,
    @JsonProperty("characters_typed") int charactersTyped,
    @JsonProperty("final_characters") int finalCharacters,
    int saved,
    Optional<String> agent,
    Optional<ReplyEvents> events) {

  record Model(String name, String version) {

    @Override
    public String toString() {
      return name + "@" + version;
    }
  }

  record Shown(String kind, Optional<String> id, String text) {}

  StoredReply {
    requireNonNull(id, "id is null");
    requireNonNull(model, "model is null");
    requireNonNull(conversationId, "conversationId is null");
    requireNonNull(action, "action is null");
    requireNonNull(finalText, "finalText is null");
    shown = List.copyOf(shown);
  }

  /** Tells repeats, which may be stored twice where they were sent to two services. */
  String key() {
    return caller.orElse("") + ":" + id;
  }

  /** Whether a suggestion was on the screen at all. */
  boolean assisted() {
    return displays() > 0 || !shown.isEmpty();
  }

  /** How many suggestions were displayed, as far as events say so. */
  int displays() {
    return events.map(ReplyEvents::displays).orElse(0);
  }

  /** Whether the agent looked for an answer. */
  boolean isSearched() {
    return events.filter(all -> all.count(What.SEARCHED) > 0).isPresent();
  }

  /** Whether an operating point other than this one showed something. */
  boolean isShownAtOtherThan(String operatingPoint) {
    return events.stream()
        .flatMap(all -> all.actions().stream())
        .flatMap(action -> action.policy().stream())
        .anyMatch(policy -> !policy.equals(operatingPoint));
  }

  /** The suggestion that was sent, as it stood or edited. */
  Optional<Shown> used() {
    return accepted.filter(index -> index < shown.size()).map(shown::get);
  }

  boolean isEdited() {
    return action.equals("edited");
  }

  /** How many suggestions were taken on the way. */
  int taken() {
    return events.map(all -> all.count(What.CHOSEN) + all.count(What.COMPLETED)).orElse(0);
  }

  /** Whether the agent typed the reply, or made another text of a suggestion. */
  boolean isByHand() {
    return charactersTyped > 0
        && !action.equals("accepted")
        && used()
            .map(suggestion -> !TextNorm.norm(suggestion.text()).equals(TextNorm.norm(finalText)))
            .orElse(true);
  }
}
