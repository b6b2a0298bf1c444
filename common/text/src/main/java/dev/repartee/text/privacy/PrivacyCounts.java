package dev.repartee.text.privacy;

import dev.repartee.text.json.Json;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * How much personal data was found, for reports; holds none itself.
 *
 * @param messages messages read
 * @param touched messages in which something was found
 * @param found finds of each kind that was found, in the order of {@link PersonalData}
 */
public record PrivacyCounts(long messages, long touched, Map<PersonalData, Long> found) {

  /** Nothing read yet. */
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
  public static PrivacyCounts of(List<Finding> findings) {
    EnumMap<PersonalData, Long> found = new EnumMap<>(PersonalData.class);
    findings.forEach(finding -> found.merge(finding.kind(), 1L, Long::sum));
    return new PrivacyCounts(1, findings.isEmpty() ? 0 : 1, found);
  }

  /** These and {@code other} together. */
  public PrivacyCounts plus(PrivacyCounts other) {
    EnumMap<PersonalData, Long> sum = new EnumMap<>(PersonalData.class);
    sum.putAll(found);
    other.found.forEach((kind, count) -> sum.merge(kind, count, Long::sum));
    return new PrivacyCounts(messages + other.messages, touched + other.touched, sum);
  }

  /** {@code messages}, {@code touched} and, under {@code found}, the kinds in their fixed order. */
  public ObjectNode toJson() {
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.put("messages", messages);
    json.put("touched", touched);
    ObjectNode kinds = json.putObject("found");
    found.forEach((kind, count) -> kinds.put(kind.id(), count));
    return json;
  }
}
