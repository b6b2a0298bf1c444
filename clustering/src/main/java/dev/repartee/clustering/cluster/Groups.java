package dev.repartee.clustering.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Groups of texts with what is known of each.
 *
 * @param members positions of its texts, group by group, each ascending
 * @param contexts what stands around them
 * @param kinds what they are
 */
record Groups(List<int[]> members, Contexts contexts, Kinds kinds) {

  /** Whose context has at least half of the weight that context can have. */
  private static final float FREQUENT = 0.5f;

  int size() {
    return members.size();
  }

  /** The positions of all groups. */
  int[] all() {
    return IntStream.range(0, size()).toArray();
  }

  /** The positions of groups whose context is known well. */
  int[] frequent() {
    return IntStream.range(0, size()).filter(g -> contexts.trust(g) >= FREQUENT).toArray();
  }

  /**
   * The mean of each group's vectors, shorter than 1 where they disagree: products of means are
   * means of products, so a group is as cheap to compare as a text.
   */
  float[][] means(float[][] vectors) {
    return members.stream().map(group -> mean(vectors, group)).toArray(float[][]::new);
  }

  private static float[] mean(float[][] vectors, int[] rows) {
    float[] mean = new float[vectors[rows[0]].length];
    for (int row : rows) {
      Vectors.addTo(mean, vectors[row], 1f / rows.length);
    }
    return mean;
  }

  /**
   * Makes one group of each of {@code parts}.
   *
   * @param parts positions of these groups; those that are in none stay as they are
   */
  Groups join(List<int[]> parts) {
    List<int[]> joined = new ArrayList<>(parts);
    boolean[] taken = new boolean[size()];
    parts.forEach(part -> Arrays.stream(part).forEach(g -> taken[g] = true));
    IntStream.range(0, size()).filter(g -> !taken[g]).forEach(g -> joined.add(new int[] {g}));
    return new Groups(
        joined.stream().map(this::flatten).toList(), contexts.join(joined), kinds.join(joined));
  }

  private int[] flatten(int[] part) {
    return Arrays.stream(part).flatMap(g -> Arrays.stream(members.get(g))).sorted().toArray();
  }
}
