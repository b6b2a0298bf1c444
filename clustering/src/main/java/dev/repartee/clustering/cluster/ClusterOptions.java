package dev.repartee.clustering.cluster;

/**
 * The parameters of {@link Clusterer}. Similarities are cosines, 0 to 1.
 *
 * @param dimensions the size of a vector of wording, and of each of the two vectors of context
 * @param blockTexts the largest number of texts compared all with all; takes 2 bytes times its
 *     square of memory for each core
 * @param wordingSimilarity the least average similarity at which texts are joined by wording alone
 * @param similarity the least average similarity, of wording and context together, at which groups
 *     are joined
 * @param contextWeight the weight of context in {@code similarity} for groups with many uses, 0 to
 *     1
 * @param contextSupport the number of uses at which context has half of that weight
 * @param rounds how often groups are cut into new blocks, if one block is not enough
 * @param fewestUses the number of uses with which a text that is similar to no other is a cluster
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
  public static ClusterOptions defaults(long fewestUses, long seed) {
    return new ClusterOptions(150, 4000, 0.7, 0.62, 0.45, 10, 3, fewestUses, seed);
  }

  public ClusterOptions {
    requireAtLeast("dimensions", dimensions, 1);
    requireAtLeast("blockTexts", blockTexts, 2);
    requireShare("wordingSimilarity", wordingSimilarity);
    requireShare("similarity", similarity);
    requireShare("contextWeight", contextWeight);
    if (!(contextSupport > 0)) {
      throw new IllegalArgumentException("contextSupport must be above 0 but is " + contextSupport);
    }
    requireAtLeast("rounds", rounds, 1);
    requireAtLeast("fewestUses", fewestUses, 1);
  }

  private static void requireAtLeast(String name, long value, long bound) {
    if (value < bound) {
      throw new IllegalArgumentException(name + " must be at least " + bound + " but is " + value);
    }
  }

  private static void requireShare(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + " must be between 0 and 1 but is " + value);
    }
  }
}
