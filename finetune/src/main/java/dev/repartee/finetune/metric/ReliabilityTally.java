package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.ScoreReliability.Bin;
import dev.repartee.finetune.metric.ScoreReliability.Reliability;
import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/** Counts how often what was shown with which score was right. */
final class ReliabilityTally {

  private static final int BINS = 10;
  private static final int WIDTH = 100 / BINS;

  private final int[] counts = new int[BINS];
  private final int[] right = new int[BINS];
  private final double[] scores = new double[BINS];

  void add(double score, boolean isRight) {
    int bin = Math.min(BINS - 1, (int) (score * BINS));
    counts[bin]++;
    scores[bin] += score;
    right[bin] += isRight ? 1 : 0;
  }

  Reliability reliability() {
    int count = Arrays.stream(counts).sum();
    double all = Math.max(1, count);
    double error = IntStream.range(0, BINS).mapToDouble(i -> Math.abs(scores[i] - right[i])).sum();
    return new Reliability(
        count,
        Scores.percent(Arrays.stream(scores).sum() / all),
        Scores.percent(Arrays.stream(right).sum() / all),
        Scores.percent(error / all),
        IntStream.range(0, BINS).mapToObj(this::bin).toList());
  }

  private Bin bin(int i) {
    return new Bin(i * WIDTH, (i + 1) * WIDTH, counts[i], share(scores[i], i), share(right[i], i));
  }

  private OptionalDouble share(double sum, int bin) {
    return counts[bin] == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(Scores.percent(sum / counts[bin]));
  }
}
