package dev.repartee.clustering.cluster;

import dev.repartee.clustering.cluster.Linkage.CannotLink;
import dev.repartee.clustering.cluster.Linkage.Distances;
import dev.repartee.clustering.count.TextTally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
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

  /** Groups {@code texts}. One that is rarely used and similar to no other is noise. */
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
        group ->
            group.length == 1
                && !texts.get(group[0]).repeats()
                && texts.get(group[0]).uses() < options.fewestUses());
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

  /** Which texts say the same: a cluster number and a vector of wording for each text. */
  public static final class TextClusters {

    /** The cluster number of a text that is in no cluster. */
    public static final int NOISE = -1;

    private final int[] label;
    private final float[][] vectors;
    private final List<List<Integer>> members = new ArrayList<>();

    /**
     * Takes ownership of both arrays: for each text its cluster or {@link #NOISE}, and its vector.
     */
    TextClusters(int[] label, float[][] vectors) {
      this.label = label;
      this.vectors = vectors;
      for (int text = 0; text < label.length; text++) {
        while (members.size() <= label[text]) {
          members.add(new ArrayList<>());
        }
        if (label[text] != NOISE) {
          members.get(label[text]).add(text);
        }
      }
    }

    /** The number of clusters. Clusters are numbered from 0. */
    public int size() {
      return members.size();
    }

    /** The positions of a cluster's texts in the clustered list, ascending. */
    public List<Integer> members(int cluster) {
      return List.copyOf(members.get(cluster));
    }

    /** The cluster of a text, or {@link #NOISE}. */
    public int clusterOf(int text) {
      return label[text];
    }

    /** The vector of a text, of length 1 at most; see {@link TextVectors}. Must not be changed. */
    public float[] vector(int text) {
      return vectors[text];
    }
  }

  /**
   * The parameters of {@link Clusterer}. Similarities are cosines, 0 to 1.
   *
   * @param dimensions the size of a vector of wording, and of each of the two vectors of context
   * @param blockTexts the largest number of texts compared all with all; takes 2 bytes times its
   *     square of memory for each core
   * @param wordingSimilarity the least average similarity at which texts are joined by wording
   *     alone
   * @param similarity the least average similarity, of wording and context together, at which
   *     groups are joined
   * @param contextWeight the weight of context in {@code similarity} for groups with many uses, 0
   *     to 1
   * @param contextSupport the number of uses at which context has half of that weight
   * @param rounds how often groups are cut into new blocks, if one block is not enough
   * @param fewestUses the number of uses with which a text that is similar to no other and does not
   *     repeat is a cluster
   * @param seed the same seed gives the same clusters
   */
  public record ClusterOptions(
      int dimensions,
      int blockTexts,
      double wordingSimilarity,
      double similarity,
      double contextWeight,
      double contextSupport,
      int rounds,
      long fewestUses,
      long seed) {

    /** Chosen by gold labels on templates, and by reading the clusters of typed replies. */
    public static ClusterOptions defaults(long seed) {
      return new ClusterOptions(150, 4000, 0.7, 0.62, 0.45, 10, 3, 2, seed);
    }

    public ClusterOptions {
      requireAtLeast("dimensions", dimensions, 1);
      requireAtLeast("blockTexts", blockTexts, 2);
      requireShare("wordingSimilarity", wordingSimilarity);
      requireShare("similarity", similarity);
      requireShare("contextWeight", contextWeight);
      if (!(contextSupport > 0)) {
        throw new IllegalArgumentException(
            "contextSupport must be above 0 but is " + contextSupport);
      }
      requireAtLeast("rounds", rounds, 1);
      requireAtLeast("fewestUses", fewestUses, 1);
    }

    private static void requireAtLeast(String name, long value, long bound) {
      if (value < bound) {
        throw new IllegalArgumentException(
            name + " must be at least " + bound + " but is " + value);
      }
    }

    private static void requireShare(String name, double value) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException(name + " must be between 0 and 1 but is " + value);
      }
    }
  }

  /**
   * Vectors of wording: texts of similar wording lie close together. TF-IDF over word and character
   * n-grams, each family scaled to length 1 so that both weigh the same, reduced to a few
   * dimensions. A vector has length 1, or less if the text has little in common with other texts.
   */
  public static final class TextVectors {

    private static final List<TfIdf.Extractor> FAMILIES =
        List.of(TfIdf::wordsAndPairs, TfIdf::characterNGrams);

    /**
     * If features that occur in other texts have less than this share of a text's weight, its
     * vector is shorter than 1. Otherwise a text of unique words would be placed by one syllable
     * that it shares by chance. Misspelt texts stay above the limit.
     */
    private static final double SHARED_ENOUGH = 0.4;

    /** The number of texts from which the space is learned. More cost memory and change little. */
    private static final int LEARNED_FROM = 30_000;

    private TextVectors() {}

    /**
     * The vectors of {@code texts}, in order. A text that shares nothing with others is all zero.
     *
     * @param texts normalised, distinct
     * @param dimensions the largest number of dimensions
     * @param seed the same seed gives the same vectors
     * @return (texts, dimensions or fewer)
     */
    public static float[][] of(List<String> texts, int dimensions, long seed) {
      List<String> sample = sample(texts, seed);
      TfIdf.Learner learner = new TfIdf.Learner();
      for (String text : sample) {
        learner.newDocument();
        FAMILIES.forEach(family -> learner.add(TfIdf.Features.of(text, family)));
      }
      TfIdf weights = learner.finish();
      SparseMatrix.Builder rows = new SparseMatrix.Builder();
      sample.forEach(text -> addRow(rows, text, weights));
      Subspace space = Subspace.of(rows.build(weights.columns()), dimensions, seed);
      float[][] vectors = new float[texts.size()][];
      IntStream.range(0, vectors.length)
          .parallel()
          .forEach(text -> vectors[text] = vector(texts.get(text), weights, space));
      return vectors;
    }

    private static List<String> sample(List<String> texts, long seed) {
      if (texts.size() <= LEARNED_FROM) {
        return texts;
      }
      return new SplittableRandom(seed)
          .ints(0, texts.size())
          .distinct()
          .limit(LEARNED_FROM)
          .sorted()
          .mapToObj(texts::get)
          .toList();
    }

    private static float[] vector(String text, TfIdf weights, Subspace space) {
      SparseMatrix.Builder row = new SparseMatrix.Builder();
      double shared = addRow(row, text, weights);
      float[] vector = space.project(row.build(weights.columns()))[0];
      return Vectors.scaled(vector, Math.min(1, shared / SHARED_ENOUGH));
    }

    /**
     * Adds a text's row, and returns the share of its weight on features of other texts, 0 to 1.
     */
    private static double addRow(SparseMatrix.Builder rows, String text, TfIdf weights) {
      double shared = 0;
      for (TfIdf.Extractor family : FAMILIES) {
        shared += weights.addTo(rows, TfIdf.Features.of(text, family));
      }
      rows.endRow();
      return shared / FAMILIES.size();
    }
  }
}
