package dev.repartee.clustering.extract;

import static java.util.Objects.requireNonNull;

import dev.repartee.clustering.review.ReviewChanges;
import dev.repartee.text.answers.Answer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the page shows of an extraction, as plain values.
 *
 * @param totals how much was read
 * @param findings what was found in it
 * @param privacy what became of personal data
 * @param changes what is different from the last extraction, where reviews are kept
 * @param provenance what it was made from
 */
public record ReportData(
    Totals totals,
    Findings findings,
    Privacy privacy,
    Optional<ReviewChanges> changes,
    Provenance provenance) {

  /**
   * How much was read.
   *
   * @param conversations those that were read
   * @param agents different ones (conversations, where agents are unknown)
   * @param messages agent messages
   * @param distinctTexts different ones, numbers and punctuation aside
   * @param clusters groups of texts that say the same
   */
  public record Totals(
      long conversations, long agents, long messages, long distinctTexts, long clusters) {}

  /**
   * What was found.
   *
   * @param coverage of the data that was read, by rising number of answers, beginning with none
   * @param heldOutCoverage of other conversations; may be empty
   * @param answers the most used first
   * @param leftOut what did not become an answer
   * @param map where answers lie; those near each other are worded alike; may be empty
   */
  public record Findings(
      List<CoveragePoint> coverage,
      List<CoveragePoint> heldOutCoverage,
      List<Entry> answers,
      List<LeftOut> leftOut,
      List<MapPoint> map) {

    public Findings {
      coverage = List.copyOf(coverage);
      heldOutCoverage = List.copyOf(heldOutCoverage);
      answers = List.copyOf(answers);
      leftOut = List.copyOf(leftOut);
      map = List.copyOf(map);
    }
  }

  /** The shares, 0 to 1, of messages and characters that the {@code top} most used stand for. */
  public record CoveragePoint(int top, double messages, double characters) {}

  /** An answer with its own shares, 0 to 1, of messages and characters. */
  public record Entry(Answer answer, double shareOfMessages, double shareOfCharacters) {

    public Entry {
      requireNonNull(answer, "answer is null");
    }
  }

  /**
   * Messages that no answer stands for.
   *
   * @param reason why, as a few words
   * @param clusters how many groups they are in, where they are in any
   * @param messages how many there are
   * @param examples a few texts that may be shown; may be empty
   */
  public record LeftOut(String reason, OptionalInt clusters, long messages, List<String> examples) {

    public LeftOut {
      requireNonNull(reason, "reason is null");
      requireNonNull(clusters, "clusters is null");
      examples = List.copyOf(examples);
    }
  }

  /**
   * Where an answer lies; only distances matter.
   *
   * @param answerId the answer's id
   * @param label its text
   * @param uses messages
   * @param domain the one that uses it most; blank where unknown
   */
  public record MapPoint(
      double x, double y, String answerId, String label, long uses, String domain) {

    public MapPoint {
      requireNonNull(answerId, "answerId is null");
      requireNonNull(label, "label is null");
      requireNonNull(domain, "domain is null");
      if (!Double.isFinite(x) || !Double.isFinite(y)) {
        throw new IllegalArgumentException(
            "the place of " + answerId + " must be finite but is " + x + ", " + y);
      }
    }
  }

  /**
   * What became of personal data.
   *
   * @param replaced pieces of text that became placeholders, by kind
   * @param minAgents how many agents (conversations, where agents are unknown) must have used what
   *     is shown
   * @param hiddenPhrasings how many phrasings are not shown, since fewer used them
   */
  public record Privacy(Map<String, Long> replaced, int minAgents, long hiddenPhrasings) {

    public Privacy {
      replaced = Collections.unmodifiableMap(new LinkedHashMap<>(replaced));
    }
  }

  /**
   * What it was made from.
   *
   * @param name what to call it
   * @param codeVersion the program's
   * @param settings in the order to show them
   * @param sources the files read
   */
  public record Provenance(
      String name, String codeVersion, Map<String, String> settings, List<Source> sources) {

    public Provenance {
      requireNonNull(name, "name is null");
      requireNonNull(codeVersion, "codeVersion is null");
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      sources = List.copyOf(sources);
    }
  }

  /** A file that was read. */
  public record Source(String name, String use, String sha256) {}

  public ReportData {
    requireNonNull(totals, "totals is null");
    requireNonNull(findings, "findings is null");
    requireNonNull(privacy, "privacy is null");
    requireNonNull(changes, "changes is null");
    requireNonNull(provenance, "provenance is null");
  }
}
