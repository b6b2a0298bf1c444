package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/**
 * A conversation in which placeholders stand for the personal data.
 *
 * @param conversation same id, roles and order; the names of the metadata are dropped
 * @param detections what was replaced in each message, in message order
 * @param open the public values that agents wrote and that stayed, in order
 * @param persons the names that a cue or the metadata gives to a person, whole and word by word, in
 *     lower case; keep them out of logs
 */
public record RedactedConversation(
    Conversation conversation,
    List<List<Detection>> detections,
    List<Detection> open,
    Set<String> persons) {

  /**
   * What of it an agent may be offered, and what not, each in the order in which it was written. A
   * link, a phone number, an address or an account that stands in a customer's message is not
   * offered, in whatever form an agent repeats it: a customer could have the desk send it to
   * others.
   */
  public record Values(List<Detection> offered, List<Detection> withheld) {}

  /**
   * The values of this conversation.
   *
   * @param written its messages before they were redacted
   */
  public Values values(List<Message> written) {
    StringBuilder customers = new StringBuilder();
    for (int i = 0; i < detections.size(); i++) {
      if (!written.get(i).isAgent()) {
        customers.append(PublicFacts.plain(written.get(i).text())).append('\n');
        for (Detection found : detections.get(i)) {
          customers.append(PublicFacts.Counter.looseKey(found.kind(), found.text())).append('\n');
        }
      }
    }
    String theirs = customers.toString();
    List<Detection> offered = new ArrayList<>();
    List<Detection> withheld = new ArrayList<>();
    for (int i = 0; i < detections.size(); i++) {
      boolean agent = written.get(i).isAgent();
      for (Detection found : detections.get(i)) {
        boolean isTheirs =
            !agent || theirs.contains(PublicFacts.Counter.looseKey(found.kind(), found.text()));
        (PublicFacts.leads(found.kind()) && isTheirs ? withheld : offered).add(found);
      }
    }
    return new Values(offered, withheld);
  }

  /** The counts of this conversation. */
  public PrivacyCounts counts() {
    PrivacyCounts counts = PrivacyCounts.NONE;
    for (List<Detection> found : detections) {
      counts = counts.plus(PrivacyCounts.of(found));
    }
    return counts;
  }

  /**
   * How much personal data was found. Holds numbers only, so that reports may show it.
   *
   * @param messages messages read
   * @param touched messages with at least one detection
   * @param found detections of each kind, in the order of {@link PersonalData}; never zero
   */
  public record PrivacyCounts(long messages, long touched, Map<PersonalData, Long> found) {

    /** The counts of no messages. */
    public static final PrivacyCounts NONE = new PrivacyCounts(0, 0, Map.of());

    public PrivacyCounts {
      if (touched < 0 || touched > messages) {
        throw new IllegalArgumentException(
            "touched must be between 0 and messages (" + messages + ") but is " + touched);
      }
      EnumMap<PersonalData, Long> ordered = new EnumMap<>(PersonalData.class);
      ordered.putAll(found);
      found = Collections.unmodifiableMap(ordered);
    }

    /** The counts of one message. */
    public static PrivacyCounts of(List<Detection> detections) {
      EnumMap<PersonalData, Long> found = new EnumMap<>(PersonalData.class);
      detections.forEach(detection -> found.merge(detection.kind(), 1L, Long::sum));
      return new PrivacyCounts(1, detections.isEmpty() ? 0 : 1, found);
    }

    /** The sum of these counts and {@code other}. */
    public PrivacyCounts plus(PrivacyCounts other) {
      EnumMap<PersonalData, Long> sum = new EnumMap<>(PersonalData.class);
      sum.putAll(found);
      other.found.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
      return new PrivacyCounts(messages + other.messages, touched + other.touched, sum);
    }

    /**
     * An object with {@code messages}, {@code touched} and the counts of kinds as {@code found}.
     */
    public ObjectNode toJson() {
      ObjectNode json = Json.COMPACT.createObjectNode();
      json.put("messages", messages);
      json.put("touched", touched);
      ObjectNode kinds = json.putObject("found");
      found.forEach((kind, count) -> kinds.put(kind.id(), count));
      return json;
    }
  }
}
