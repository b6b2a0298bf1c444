package dev.repartee.finetune.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The figures of one predictor on one set of conversations, ready to be written as JSON. Shares are
 * percentages, rounded to two decimals.
 *
 * @param conversations how many were used
 * @param replies agent messages in them
 * @param characters of these messages, in code points, and the keys of their typos
 * @param suggestions how well whole replies were suggested before typing
 * @param rules what each rule saved, by its name, in the order of the settings
 * @param breakdown what the first rule saved of which replies
 * @param calibration how far scores are from probabilities
 * @param latency how long the predictor took
 * @param perplexity of the replies; empty, and not written, when the predictor cannot tell, and
 *     with typos
 */
public record Evaluation(
    int conversations,
    int replies,
    long characters,
    Suggestions suggestions,
    Map<String, Saving> rules,
    Breakdown breakdown,
    CalibrationError calibration,
    Latencies latency,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Perplexity> perplexity) {

  public Evaluation {
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
  }

  /**
   * Whole replies, suggested before the first keystroke.
   *
   * @param taken replies that were ranked among the first three
   * @param saved share of the characters that whole replies alone save, were the first three always
   *     shown
   * @param ci95 of {@code saved}
   * @param shownSaved the same with those alone that were shown
   */
  public record Suggestions(int taken, double saved, Interval ci95, double shownSaved) {}

  /**
   * What the simulated agent saved under one rule, suggestions included.
   *
   * @param saved in percent of the characters as the {@link Rule} counts, pooled over all replies
   * @param ci95 where {@code saved} lies in 95% of bootstrap resamples of conversations
   * @param typed keys pressed, those that delete included
   * @param actions suggestions and offers taken
   * @param offersShown offers that did not stand there a key ago
   * @param repliesShown whole replies
   * @param offerPrecision share of the offers shown that were taken
   */
  public record Saving(
      double saved,
      Interval ci95,
      long typed,
      long actions,
      long offersShown,
      long repliesShown,
      double offerPrecision) {}

  /**
   * How expected the agents' replies are to a model.
   *
   * @param perplexity per token
   * @param tokens of all replies, their ends included
   * @param bitsPerCharacter the same, to be compared between models of different tokenizers
   */
  public record Perplexity(
      double perplexity, Interval ci95, long tokens, double bitsPerCharacter) {}

  /**
   * Expected calibration errors, in percentage points.
   *
   * @param offers right is one whose every character is, and that ends at a word boundary
   * @param suggestions shown before typing; right is one that equals the reply
   */
  public record CalibrationError(double offers, double suggestions) {}

  /**
   * Time spent in the predictor, as the caller sees it.
   *
   * @param open {@code ReplyPredictor.open}, once a reply
   * @param answers {@code ReplySession.answers} for the three suggestions, once a reply
   * @param complete {@code ReplySession.complete}, once for every draft that a rule reaches
   */
  public record Latencies(Latency open, Latency answers, Latency complete) {}

  /** Percentiles (nearest rank) of the time of {@code count} calls, in milliseconds. */
  public record Latency(int count, double p50Ms, double p95Ms, double p99Ms, double maxMs) {}
}
