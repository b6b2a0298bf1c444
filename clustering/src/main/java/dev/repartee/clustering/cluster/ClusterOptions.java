package dev.repartee.clustering.cluster;

/**
 * How texts are grouped. Similarities are cosines, 0 to 1.
 *
 * @param dimensions numbers in a text's vector of wording, and in its two vectors of context
 * @param blockTexts texts that are compared all with all; memory is 2 bytes times the square of it
 *     for each core
 * @param wordingSimilarity texts whose wording is on average at least so similar are one group,
 *     whatever stands around them
 * @param similarity groups that are on average at least so similar, in wording and context
 *     together, become one
 * @param contextWeight how much of that is context where there is plenty of it, 0 to 1
 * @param contextSupport uses with which a group's context has half of that weight
 * @param rounds how often groups are cut into blocks anew, where one block is not enough
 * @param fewestUses with which a text that is like no other is a cluster of its own
 * @param seed the same seed gives the same groups
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

  /** Chosen by gold labels on templates and by eye on typed replies; see the module's README. */
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
