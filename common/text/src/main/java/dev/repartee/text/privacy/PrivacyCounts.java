package dev.repartee.text.privacy;

import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

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

  /** An object with {@code messages}, {@code touched} and the counts of kinds as {@code found}. */
  public ObjectNode toJson() {
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.put("messages", messages);
    json.put("touched", touched);
    ObjectNode kinds = json.putObject("found");
    found.forEach((kind, count) -> kinds.put(kind.id(), count));
    return json;
  }
}
