package dev.repartee.clustering.cluster;

import dev.repartee.clustering.vector.TextVectors;
import dev.repartee.clustering.vector.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Groups texts that say the same, by average linkage in two stages: first texts of almost the same
 * wording, then groups that are alike in wording and in what stands around them. Texts that deny
 * never join texts that affirm, nor texts of one language those of another.
 *
 * <p>All pairs are compared in blocks of neighbours only, so time grows with the number of texts,
 * not with its square. What a block's border cuts apart is joined in a later round, whose borders
 * run elsewhere.
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

  /** Groups {@code texts}; one that is used seldom and is like no other is in no cluster. */
  public TextClusters cluster(List<ClusterText> texts) {
    progress.accept("vectors of " + texts.size() + " distinct texts");
    float[][] vectors =
        TextVectors.of(
            texts.stream().map(ClusterText::text).toList(), options.dimensions(), options.seed());
    progress.accept("average linkage of " + texts.size() + " texts by wording");
    Kinds kinds = Kinds.of(texts);
    List<int[]> groups = byWording(vectors, kinds);
    progress.accept("contexts of " + groups.size() + " groups");
    Contexts contexts = Contexts.of(texts, groups, options);
    kinds = kinds.join(groups);
    for (int round = 0; round < options.rounds(); round++) {
      progress.accept("average linkage of " + groups.size() + " groups by wording and context");
      List<int[]> before = groups;
      List<int[]> joined = byBoth(vectors, groups, contexts, kinds, round);
      groups = joined.stream().map(parts -> flatten(parts, before)).toList();
      contexts = contexts.join(joined);
      kinds = kinds.join(joined);
      if (before.size() <= options.blockTexts()) {
        break; // All were compared with all.
      }
    }
    return new TextClusters(labels(texts, groups), vectors);
  }

  private List<int[]> byWording(float[][] vectors, Kinds kinds) {
    int[] all = IntStream.range(0, vectors.length).toArray();
    return inBlocks(
        Bisection.blocks(vectors, all, options.blockTexts(), options.seed()),
        block ->
            Linkage.join(
                Distances.of(select(vectors, block)).keepApart(kinds.of(block)),
                1 - options.wordingSimilarity()));
  }

  /** Groups of positions in {@code groups}. */
  private List<int[]> byBoth(
      float[][] vectors, List<int[]> groups, Contexts contexts, Kinds kinds, int round) {
    float[][] means = groups.stream().map(group -> mean(vectors, group)).toArray(float[][]::new);
    int[] all = IntStream.range(0, means.length).toArray();
    return inBlocks(
        Bisection.blocks(means, all, options.blockTexts(), options.seed() + 1 + round),
        block ->
            Linkage.join(
                distances(means, contexts, block).keepApart(kinds.of(block)),
                1 - options.similarity()));
  }

  private Distances distances(float[][] means, Contexts contexts, int[] block) {
    float[] weight = new float[block.length];
    float[][] around = new float[block.length][];
    for (int i = 0; i < block.length; i++) {
      weight[i] = (float) options.contextWeight() * contexts.trust(block[i]);
      around[i] = contexts.vector(block[i]);
    }
    return Distances.of(select(means, block)).mix(Distances.of(around), weight);
  }

  /** Runs {@code join} on each block, and puts block positions back in place of its positions. */
  private static List<int[]> inBlocks(List<int[]> blocks, Function<int[], List<int[]>> join) {
    return blocks.parallelStream()
        .map(
            block ->
                join.apply(block).stream()
                    .map(group -> Arrays.stream(group).map(i -> block[i]).toArray())
                    .toList())
        .toList()
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private static float[][] select(float[][] vectors, int[] rows) {
    return Arrays.stream(rows).mapToObj(row -> vectors[row]).toArray(float[][]::new);
  }

  /** Shorter than 1 where the vectors disagree: products of means are means of products. */
  private static float[] mean(float[][] vectors, int[] rows) {
    float[] mean = new float[vectors[rows[0]].length];
    for (int row : rows) {
      Vectors.addTo(mean, vectors[row], 1f / rows.length);
    }
    return mean;
  }

  private static int[] flatten(int[] parts, List<int[]> groups) {
    return Arrays.stream(parts).flatMap(g -> Arrays.stream(groups.get(g))).sorted().toArray();
  }

  private int[] labels(List<ClusterText> texts, List<int[]> groups) {
    int[] label = new int[texts.size()];
    Arrays.fill(label, TextClusters.NOISE);
    List<int[]> clusters = new ArrayList<>(groups);
    clusters.removeIf(
        group -> group.length == 1 && texts.get(group[0]).uses() < options.fewestUses());
    clusters.sort((left, right) -> Integer.compare(left[0], right[0]));
    for (int c = 0; c < clusters.size(); c++) {
      for (int text : clusters.get(c)) {
        label[text] = c;
      }
    }
    return label;
  }
}
