package dev.repartee.clustering.cluster;

import dev.repartee.clustering.vector.TextVectors;
import dev.repartee.clustering.vector.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Groups texts that say the same: dense cores by HDBSCAN, joined where they are similar, with the
 * remaining texts attached where they belong. Texts that deny never join texts that affirm.
 */
public final class Clusterer {

  private final ClusterOptions options;
  private final Consumer<String> progress;

  /**
   * @param progress told in a line what is being done
   */
  public Clusterer(ClusterOptions options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Groups {@code texts}.
   *
   * @param texts normalised, distinct
   * @param counts how many messages used each text
   */
  public TextClusters cluster(List<String> texts, long[] counts) {
    if (texts.size() != counts.length) {
      throw new IllegalArgumentException(
          "there must be a count for each of " + texts.size() + " texts but are " + counts.length);
    }
    progress.accept("vectors of " + texts.size() + " distinct texts");
    float[][] vectors = TextVectors.of(texts, options.dimensions(), options.seed());
    List<int[]> cores = new ArrayList<>();
    List<int[]> groups = new ArrayList<>();
    for (boolean denying : new boolean[] {false, true}) {
      int[] rows =
          IntStream.range(0, texts.size())
              .filter(row -> Negation.denies(texts.get(row)) == denying)
              .toArray();
      progress.accept(
          "HDBSCAN of " + rows.length + (denying ? " denying" : " affirming") + " texts");
      List<int[]> found = new DensityClusters(options).find(vectors, rows);
      cores.addAll(found);
      groups.addAll(grow(vectors, rows, counts, found));
    }
    int noise = texts.size() - cores.stream().mapToInt(core -> core.length).sum();
    return new TextClusters(labels(texts.size(), groups), vectors, cores.size(), noise);
  }

  /** Joins {@code cores} and frequent texts, then adds the remaining {@code rows} that fit. */
  private List<int[]> grow(float[][] vectors, int[] rows, long[] counts, List<int[]> cores) {
    List<int[]> seeds = new ArrayList<>(cores);
    int[] core = labels(vectors.length, cores);
    for (int row : rows) {
      if (core[row] == TextClusters.NOISE && counts[row] >= options.frequentCount()) {
        seeds.add(new int[] {row});
      }
    }
    progress.accept("joining " + seeds.size() + " groups");
    List<int[]> joined = AverageLinkage.join(vectors, seeds, options.mergeSimilarity());
    int[] label = labels(vectors.length, joined);
    List<float[]> means = joined.stream().map(g -> AverageLinkage.mean(vectors, g)).toList();
    int[] group =
        Arrays.stream(rows)
            .parallel()
            .map(
                row -> label[row] == TextClusters.NOISE ? nearest(vectors[row], means) : label[row])
            .toArray();
    List<List<Integer>> grown = new ArrayList<>();
    joined.forEach(seed -> grown.add(new ArrayList<>()));
    for (int i = 0; i < rows.length; i++) {
      if (group[i] != TextClusters.NOISE) {
        grown.get(group[i]).add(rows[i]);
      }
    }
    return grown.stream().map(g -> g.stream().mapToInt(Integer::intValue).toArray()).toList();
  }

  private static int[] labels(int texts, List<int[]> groups) {
    int[] label = new int[texts];
    Arrays.fill(label, TextClusters.NOISE);
    for (int g = 0; g < groups.size(); g++) {
      for (int row : groups.get(g)) {
        label[row] = g;
      }
    }
    return label;
  }

  private int nearest(float[] vector, List<float[]> means) {
    int nearest = TextClusters.NOISE;
    double best = options.attachSimilarity();
    for (int g = 0; g < means.size(); g++) {
      double similarity = Vectors.dot(vector, means.get(g));
      if (similarity >= best) {
        nearest = g;
        best = Math.nextUp(similarity);
      }
    }
    return nearest;
  }
}
