package dev.repartee.text.privacy;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A text whose personal data was replaced.
 *
 * @param text with a placeholder for every finding
 * @param findings in the order of the original text, without overlaps
 */
public record Redaction(String text, List<Finding> findings) {

  public Redaction {
    requireNonNull(text, "text is null");
    findings = List.copyOf(findings);
  }

  /** Whether anything was replaced. */
  public boolean isTouched() {
    return !findings.isEmpty();
  }

  /** How many findings there are of each kind that was found. */
  public Map<PersonalData, Integer> counts() {
    Map<PersonalData, Integer> counts = new EnumMap<>(PersonalData.class);
    findings.forEach(finding -> counts.merge(finding.kind(), 1, Integer::sum));
    return counts;
  }
}
