package dev.repartee.clustering.cluster;

import dev.repartee.clustering.vector.Vectors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Joins groups whose texts are on average similar enough, most similar first. With vectors of
 * length 1 the average over all pairs is the inner product of the groups' mean vectors, so a group
 * is as cheap as a text. Follows chains of nearest neighbours (Murtagh, 1983), which takes the
 * square of the number of groups in time and nothing in memory.
 */
final class AverageLinkage {

  private final float[][] mean; // (groups, dimensions); null once joined to another or final
  private final int[] texts;
  private final List<List<Integer>> parts = new ArrayList<>();
  private final double threshold;

  private AverageLinkage(float[][] vectors, List<int[]> groups, double threshold) {
    this.threshold = threshold;
    mean = new float[groups.size()][];
    texts = new int[groups.size()];
    for (int g = 0; g < mean.length; g++) {
      mean[g] = mean(vectors, groups.get(g));
      texts[g] = groups.get(g).length;
      parts.add(new ArrayList<>(List.of(g)));
    }
  }

  /**
   * Joins {@code groups} (row numbers of {@code vectors}) until no two are on average at least
   * {@code threshold} similar.
   */
  static List<int[]> join(float[][] vectors, List<int[]> groups, double threshold) {
    AverageLinkage linkage = new AverageLinkage(vectors, groups, threshold);
    return linkage.run().stream()
        .map(parts -> parts.stream().flatMapToInt(g -> Arrays.stream(groups.get(g))).toArray())
        .map(rows -> Arrays.stream(rows).sorted().toArray())
        .sorted((left, right) -> Integer.compare(left[0], right[0]))
        .toList();
  }

  /** The mean of the vectors of {@code rows}: shorter than 1 where they disagree. */
  static float[] mean(float[][] vectors, int[] rows) {
    double[] sum = new double[vectors[rows[0]].length];
    for (int row : rows) {
      Vectors.addTo(sum, vectors[row], 1.0 / rows.length);
    }
    float[] mean = new float[sum.length];
    for (int i = 0; i < mean.length; i++) {
      mean[i] = (float) sum[i];
    }
    return mean;
  }

  /** The average cosine over all pairs of the texts of {@code rows}, each with itself included. */
  static double cohesion(float[][] vectors, int[] rows) {
    float[] mean = mean(vectors, rows);
    return Vectors.dot(mean, mean);
  }

  private List<List<Integer>> run() {
    List<List<Integer>> done = new ArrayList<>();
    Deque<Integer> chain = new ArrayDeque<>();
    for (int start = 0; start < mean.length; start++) {
      if (mean[start] == null) {
        continue;
      }
      chain.push(start);
      while (!chain.isEmpty()) {
        step(chain, done);
      }
    }
    return done;
  }

  private void step(Deque<Integer> chain, List<List<Integer>> done) {
    int tip = chain.pop();
    if (mean[tip] == null) {
      return; // Rounding can make a chain meet itself; the group was joined further up.
    }
    while (!chain.isEmpty() && mean[chain.peek()] == null) {
      chain.pop();
    }
    int previous = chain.isEmpty() ? -1 : chain.peek();
    int nearest = nearest(tip, previous);
    if (nearest < 0) {
      // Joining others never brings them nearer than the nearest of them is now: this one is final.
      done.add(parts.get(tip));
      mean[tip] = null;
    } else if (nearest == previous) {
      chain.pop();
      join(tip, previous);
      if (chain.isEmpty()) {
        chain.push(Math.min(tip, previous));
      }
    } else {
      chain.push(tip);
      chain.push(nearest);
    }
  }

  /** The most similar group above the threshold, {@code preferred} among equals; -1 for none. */
  private int nearest(int group, int preferred) {
    int nearest = -1;
    double best = threshold;
    if (preferred >= 0) {
      double similarity = Vectors.dot(mean[group], mean[preferred]);
      if (similarity >= best) {
        nearest = preferred;
        best = Math.nextUp(similarity);
      }
    }
    for (int other = 0; other < mean.length; other++) {
      if (other != group && mean[other] != null) {
        double similarity = Vectors.dot(mean[group], mean[other]);
        if (similarity >= best) {
          nearest = other;
          best = Math.nextUp(similarity);
        }
      }
    }
    return nearest;
  }

  private void join(int left, int right) {
    int kept = Math.min(left, right);
    int gone = Math.max(left, right);
    int total = texts[kept] + texts[gone];
    float[] joined = new float[mean[kept].length];
    for (int i = 0; i < joined.length; i++) {
      joined[i] = (texts[kept] * mean[kept][i] + texts[gone] * mean[gone][i]) / total;
    }
    mean[kept] = joined;
    mean[gone] = null;
    texts[kept] = total;
    parts.get(kept).addAll(parts.get(gone));
  }
}
