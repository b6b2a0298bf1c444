package dev.repartee.clustering.review;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Decision;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The answers after people's decisions.
 *
 * @param answers most used first
 * @param rows the rows of the next {@link ReviewFile}, most used first
 * @param fates what became of each candidate, in the candidates' order
 * @param changes the differences from the last extraction
 * @param memory for the next extraction
 */
public record ReviewResult(
    List<Answer> answers,
    List<Row> rows,
    List<Fate> fates,
    ReviewChanges changes,
    ReviewMemory memory) {

  /**
   * An answer for a person to decide about.
   *
   * @param decision the decision so far
   * @param answer the answer as the data has it, without the decision
   * @param status how it compares with the last extraction
   */
  public record Row(Decision decision, Answer answer, Status status) {}

  /** How an answer compares with the last extraction. */
  public enum Status {
    /** It was not listed. */
    NEW,
    /** Its text is the same, or the one that a person approved. */
    KEPT,
    /** Agents mostly word it differently now. */
    CHANGED,
    /** It is not in the data, or no longer a cluster of its own. */
    GONE;

    /** The word that stands for it in files. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What became of a candidate.
   *
   * @param id the id that it has now
   * @param answer the id of the answer that it counts for, its own or the one it was merged into
   * @param whyNot if it counts for none, why: a few words that follow "is"
   */
  public record Fate(String id, Optional<String> answer, String whyNot) {}

  /**
   * The numbers of differences from the last extraction.
   *
   * @param first whether this is the first extraction
   * @param added answers that were not listed
   * @param kept answers that were listed with the same text
   * @param changed answers that were listed with another text
   * @param gone answers that were listed and are none any more, without a decision
   * @param decisions decisions of each kind
   * @param waiting decisions that are kept, but that nothing in the data matches at present
   * @param dropped by the id of an answer that people kept, the wordings that the review showed and
   *     no answer has now
   */
  public record ReviewChanges(
      boolean first,
      int added,
      int kept,
      int changed,
      int gone,
      Map<Decision.Kind, Integer> decisions,
      int waiting,
      Map<String, Long> dropped) {

    public ReviewChanges {
      decisions = Collections.unmodifiableMap(new EnumMap<>(decisions));
      dropped = Collections.unmodifiableMap(new TreeMap<>(dropped));
    }
  }
}
