package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.ScoreReliability.Bin;
import dev.repartee.finetune.metric.ScoreReliability.Reliability;
import dev.repartee.text.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/** Counts how often what was shown with which score was right. */
final class ReliabilityTally {

  private static final int BINS = 10;
  private static final int RESAMPLES = 1000;

  private record Shown(int conversation, double score, boolean right) {}

  private final List<Shown> all = new ArrayList<>();

  void add(int conversation, double score, boolean isRight) {
    all.add(new Shown(conversation, score, isRight));
  }

  Reliability reliability(int conversations, long seed) {
    List<Shown> sorted = all.stream().sorted(Comparator.comparingDouble(Shown::score)).toList();
    int count = sorted.size();
    double rate = sorted.stream().filter(Shown::right).count() / Math.max(1.0, count);
    Ratio skill = new Ratio(conversations);
    for (Shown one : sorted) {
      double of = one.right() ? 1 : 0;
      double flat = (of - rate) * (of - rate);
      skill.add(one.conversation(), flat - (of - one.score()) * (of - one.score()), flat);
    }
    return new Reliability(
        count,
        Scores.percent(sorted.stream().mapToDouble(Shown::score).average().orElse(0)),
        Scores.percent(rate),
        Scores.percent(error(sorted, i -> sorted.get(i).right())),
        Scores.percent(errorOfPerfect(sorted, seed)),
        skill.percent(),
        skill.percentInterval(seed),
        bins(sorted));
  }

  /** Where the bin of this number begins; bins hold the same count, or one more. */
  private static int start(int bin, int count) {
    return (int) ((long) bin * count / BINS);
  }

  private static double error(List<Shown> sorted, IntPredicate right) {
    double error = 0;
    for (int bin = 0; bin < BINS; bin++) {
      double difference = 0;
      for (int i = start(bin, sorted.size()); i < start(bin + 1, sorted.size()); i++) {
        difference += sorted.get(i).score() - (right.test(i) ? 1 : 0);
      }
      error += Math.abs(difference);
    }
    return error / Math.max(1, sorted.size());
  }

  /** The error that 97.5% of forecasters stay under whose scores are these and are true. */
  private static double errorOfPerfect(List<Shown> sorted, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] errors = new double[RESAMPLES];
    for (int r = 0; r < RESAMPLES; r++) {
      errors[r] = error(sorted, i -> random.nextDouble() < sorted.get(i).score());
    }
    Arrays.sort(errors);
    return Quantiles.linear(errors, 0.975);
  }

  private static List<Bin> bins(List<Shown> sorted) {
    List<Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < BINS; bin++) {
      List<Shown> some = sorted.subList(start(bin, sorted.size()), start(bin + 1, sorted.size()));
      if (!some.isEmpty()) {
        bins.add(
            new Bin(
                some.size(),
                Scores.percent(some.stream().mapToDouble(Shown::score).average().orElse(0)),
                Scores.percent(some.stream().filter(Shown::right).count() / (double) some.size())));
      }
    }
    return bins;
  }
}
