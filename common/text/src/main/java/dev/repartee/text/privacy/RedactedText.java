package dev.repartee.text.privacy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A text in which placeholders stand for the personal data.
 *
 * @param text has a placeholder for each detection
 * @param detections what was replaced, in text order, without overlaps
 */
public record RedactedText(String text, List<Detection> detections) {

  /**
   * Personal data found in a text.
   *
   * @param text as it was written; keep it out of logs
   * @param start its first position in the original text, in UTF-16 units
   * @param end its end in the original text, exclusive
   */
  public record Detection(PersonalData kind, String text, int start, int end) {}

  /** Whether anything was replaced. */
  public boolean isTouched() {
    return !detections.isEmpty();
  }

  /** The number of detections of each kind; kinds that were not found are missing. */
  public Map<PersonalData, Integer> counts() {
    Map<PersonalData, Integer> counts = new EnumMap<>(PersonalData.class);
    detections.forEach(detection -> counts.merge(detection.kind(), 1, Integer::sum));
    return counts;
  }
}
