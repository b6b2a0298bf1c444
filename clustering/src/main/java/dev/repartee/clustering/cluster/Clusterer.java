package dev.repartee.clustering.cluster;

import dev.repartee.clustering.cluster.Linkage.Distances;
import dev.repartee.clustering.count.TextTally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Groups texts that say the same, by average linkage in two stages. The first stage joins texts
 * with almost the same wording. The second joins groups that are similar in wording and context
 * (see {@link Contexts}). It joins frequent groups first: rare groups have little context and would
 * otherwise get between two wordings of a question before their common answers bring them together.
 * Pairs that {@link CannotLink} forbids are never joined.
 *
 * <p>Pairs are compared only within blocks of neighbours, so time grows with the number of texts
 * and not with its square. Each round cuts the blocks elsewhere and so joins what an earlier border
 * separated.
 */
public final class Clusterer {

  private final ClusterOptions options;
  private final Consumer<String> progress;

  /**
   * @param progress receives a line for each step
   */
  public Clusterer(ClusterOptions options, Consumer<String> progress) {
    this.options = options;
    this.progress = progress;
  }

  /** Groups {@code texts}. A text that is rarely used and similar to no other is noise. */
  public TextClusters cluster(List<TextTally> texts) {
    progress.accept("vectors of " + texts.size() + " distinct texts");
    float[][] vectors =
        TextVectors.of(
            texts.stream().map(TextTally::key).toList(), options.dimensions(), options.seed());
    progress.accept("average linkage of " + texts.size() + " texts by wording");
    CannotLink cannotLink = CannotLink.of(texts);
    List<int[]> byWording = byWording(vectors, cannotLink);
    progress.accept("contexts of " + byWording.size() + " groups");
    Groups groups =
        new Groups(
            byWording, Contexts.of(texts, byWording, options), cannotLink.ofGroups(byWording));
    groups = byWordingAndContext(vectors, groups, groups.frequent(), 0);
    for (int round = 1; round <= options.rounds(); round++) {
      progress.accept("average linkage of " + groups.size() + " groups by wording and context");
      int before = groups.size();
      groups = byWordingAndContext(vectors, groups, groups.all(), round);
      if (before <= options.blockTexts()) {
        break; // one block: all pairs were compared
      }
    }
    return new TextClusters(labels(texts, groups.members()), vectors);
  }

  private List<int[]> byWording(float[][] vectors, CannotLink cannotLink) {
    int[] all = IntStream.range(0, vectors.length).toArray();
    return inBlocks(
        BisectingKMeans.blocks(vectors, all, options.blockTexts(), options.seed()),
        block ->
            Linkage.join(
                Distances.of(select(vectors, block)).separate(cannotLink.of(block)),
                1 - options.wordingSimilarity()));
  }

  /** Joins similar groups among {@code some}; the other groups stay as they are. */
  private Groups byWordingAndContext(float[][] vectors, Groups groups, int[] some, int round) {
    float[][] means = groups.means(vectors);
    List<int[]> joined =
        inBlocks(
            BisectingKMeans.blocks(means, some, options.blockTexts(), options.seed() + round),
            block ->
                Linkage.join(
                    distances(means, groups.contexts(), block)
                        .separate(groups.cannotLink().of(block)),
                    1 - options.similarity()));
    return groups.join(joined);
  }

  private Distances distances(float[][] means, Contexts contexts, int[] block) {
    float[] weight = new float[block.length];
    float[][] context = new float[block.length][];
    for (int i = 0; i < block.length; i++) {
      weight[i] = (float) options.contextWeight() * contexts.trust(block[i]);
      context[i] = contexts.vector(block[i]);
    }
    return Distances.of(select(means, block)).mix(Distances.of(context), weight);
  }

  /** Applies {@code join} to each block, and translates positions in a block to items. */
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

  /** Numbers the clusters in the order of their first texts. */
  private int[] labels(List<TextTally> texts, List<int[]> groups) {
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

  /**
   * Groups of texts.
   *
   * @param members the positions of each group's texts, ascending
   * @param contexts the context of each group
   * @param cannotLink which groups must not be joined
   */
  private record Groups(List<int[]> members, Contexts contexts, CannotLink cannotLink) {

    /** The trust at which a context has half of its full weight. */
    private static final float FREQUENT = 0.5f;

    int size() {
      return members.size();
    }

    int[] all() {
      return IntStream.range(0, size()).toArray();
    }

    int[] frequent() {
      return IntStream.range(0, size()).filter(g -> contexts.trust(g) >= FREQUENT).toArray();
    }

    /**
     * The mean of each group's vectors, shorter than 1 where they disagree. The inner product of
     * two means is the mean of all inner products, so a group costs no more to compare than a text.
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
     * @param parts positions of these groups; groups that are in no part stay as they are
     */
    Groups join(List<int[]> parts) {
      List<int[]> all = new ArrayList<>(parts);
      boolean[] taken = new boolean[size()];
      parts.forEach(part -> Arrays.stream(part).forEach(g -> taken[g] = true));
      IntStream.range(0, size()).filter(g -> !taken[g]).forEach(g -> all.add(new int[] {g}));
      return new Groups(
          all.stream().map(this::flatten).toList(), contexts.join(all), cannotLink.ofGroups(all));
    }

    private int[] flatten(int[] part) {
      return Arrays.stream(part).flatMap(g -> Arrays.stream(members.get(g))).sorted().toArray();
    }
  }
}
