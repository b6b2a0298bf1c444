package dev.repartee.clustering.cluster;

/**
 * How texts are grouped. Similarities are cosines, 0 to 1.
 *
 * @param dimensions numbers in a text's vector
 * @param blockTexts texts that HDBSCAN sees at once; its memory is 8 bytes times the square of it
 * @param minPoints texts (itself included) that must be near for a text to count as dense
 * @param minClusterTexts distinct texts in the smallest group that HDBSCAN may find
 * @param mergeSimilarity groups whose texts are on average at least so similar become one
 * @param attachSimilarity noise joins the group with which it is on average at least so similar
 * @param frequentCount messages after which a text is a group of its own when HDBSCAN leaves it out
 * @param seed the same seed gives the same groups
 */
public record ClusterOptions(
    int dimensions,
    int blockTexts,
    int minPoints,
    int minClusterTexts,
    double mergeSimilarity,
    double attachSimilarity,
    long frequentCount,
    long seed) {

  /** Tuned by eye on typed replies and by gold labels on templates; see the module's README. */
  public static ClusterOptions defaults(long frequentCount, long seed) {
    return new ClusterOptions(150, 5000, 2, 2, 0.65, 0.65, frequentCount, seed);
  }

  public ClusterOptions {
    requireAtLeast("dimensions", dimensions, 1);
    requireAtLeast("blockTexts", blockTexts, 2);
    requireAtLeast("minPoints", minPoints, 1);
    requireAtLeast("minClusterTexts", minClusterTexts, 2);
    requireShare("mergeSimilarity", mergeSimilarity);
    requireShare("attachSimilarity", attachSimilarity);
    requireAtLeast("frequentCount", frequentCount, 1);
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
