package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.evaluate.EvaluationReport.BestBaseline;
import dev.repartee.finetune.metric.Interval;
import dev.repartee.text.UserException;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.EnumNamingStrategies;
import tools.jackson.databind.annotation.EnumNaming;

/**
 * What a team should do with a model after an evaluation. What is saved comes first, the baseline
 * second.
 *
 * @param leastSaved the net time saved, in percent, that the team asks for
 * @param text the reason in a sentence
 * @param next what to do, in a sentence
 */
public record Verdict(Decision decision, double leastSaved, String text, String next) {

  /**
   * Below this nobody notices: it is two minutes in an hour of typing, and an experiment needs some
   * 80,000 conversations to see it.
   */
  public static final double LEAST_SAVED = 3;

  /** What follows from the figures. */
  @EnumNaming(EnumNamingStrategies.SnakeCaseStrategy.class)
  public enum Decision {
    /** It saves enough, and more than the best baseline. */
    PUBLISH("worth publishing", "publish it"),
    /** It saves less than the team asks for. */
    TOO_LITTLE(
        "too little",
        "stop, or give agents the answers alone, as a library that they search (docs/answers.md);"
            + " more conversations, or a queue whose replies repeat, may save more"),
    /** The interval of the difference from the best baseline holds 0. */
    AS_MUCH(
        "as much as counted words",
        "train on more conversations: they save more, and narrow the interval"),
    /** The best baseline saves more, with the whole interval. */
    DO_NOT_PUBLISH(
        "do not publish",
        "train on more conversations; until then give agents the answers alone, as a library that"
            + " they search (docs/answers.md)"),
    /** An interval would say nothing. */
    TOO_FEW(
        Interval.TOO_FEW,
        "measure on %d conversations or more".formatted(Interval.LEAST_CONVERSATIONS)),
    /** No baseline was measured. */
    NONE(
        "no baseline was measured",
        "measure what counted words save, with --train and --validation");

    private final String text;
    private final String next;

    Decision(String text, String next) {
      this.text = text;
      this.next = next;
    }
  }

  /**
   * @param conversations that were measured
   * @param saved net, in percent
   * @param best baseline of the headline rule; empty where none was measured
   * @param countsAlone whether the model offers from counted words alone, since validation found
   *     that they save as much
   */
  static Verdict of(
      int conversations,
      double saved,
      Optional<BestBaseline> best,
      double leastSaved,
      boolean countsAlone) {
    Decision decision =
        conversations < Interval.LEAST_CONVERSATIONS
            ? Decision.TOO_FEW
            : saved < leastSaved
                ? Decision.TOO_LITTLE
                : best.map(Verdict::beside).orElse(Decision.NONE);
    String text =
        "%s: %s%s of the time saved%s%s"
            .formatted(
                decision.text,
                countsAlone ? "served as counts, " : "",
                percent(saved),
                decision == Decision.TOO_LITTLE ? ", less than " + percent(leastSaved) : "",
                best.map(one -> decision == Decision.TOO_FEW ? "; " + one : "; " + one.compared())
                    .orElse(""));
    return new Verdict(decision, leastSaved, text, decision.next);
  }

  private static Decision beside(BestBaseline best) {
    return best.isAhead()
        ? Decision.DO_NOT_PUBLISH
        : best.advantage().ci95().low() > 0 ? Decision.PUBLISH : Decision.AS_MUCH;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", share);
  }

  /**
   * The bound of a team.
   *
   * @throws UserException (wrong usage) when it is no percentage
   */
  public static double leastSaved(Optional<Double> given) {
    double bound = given.orElse(LEAST_SAVED);
    if (!(bound >= 0 && bound <= 100)) {
      throw UserException.usage(
          "--least-saved must be from 0 to 100 percent but is %s; the default is %.0f"
              .formatted(bound, LEAST_SAVED));
    }
    return bound;
  }
}
