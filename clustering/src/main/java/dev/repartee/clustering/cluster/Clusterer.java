package dev.repartee.clustering.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Groups texts that say the same, by average linkage in two stages: first texts of almost the same
 * wording, then groups that are alike in wording and in what stands around them. Of those the
 * frequent ones are joined first: rare ones, whose context says little, would stand between two
 * wordings of a question before it is seen that both get the same answers. Texts that deny never
 * join texts that affirm, nor texts of one language those of another.
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
    Groups joined = new Groups(groups, Contexts.of(texts, groups, options), kinds.join(groups));
    joined = byBoth(vectors, joined, joined.frequent(), 0);
    for (int round = 1; round <= options.rounds(); round++) {
      progress.accept("average linkage of " + joined.size() + " groups by wording and context");
      int before = joined.size();
      joined = byBoth(vectors, joined, joined.all(), round);
      if (before <= options.blockTexts()) {
        break; // All were compared with all.
      }
    }
    return new TextClusters(labels(texts, joined.members()), vectors);
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

  /** Joins what is alike among {@code some} of the groups; the others stay as they are. */
  private Groups byBoth(float[][] vectors, Groups groups, int[] some, int round) {
    float[][] means = groups.means(vectors);
    List<int[]> joined =
        inBlocks(
            Bisection.blocks(means, some, options.blockTexts(), options.seed() + round),
            block ->
                Linkage.join(
                    distances(means, groups.contexts(), block).keepApart(groups.kinds().of(block)),
                    1 - options.similarity()));
    return groups.join(joined);
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
