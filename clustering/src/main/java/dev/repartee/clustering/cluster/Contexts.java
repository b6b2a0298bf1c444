package dev.repartee.clustering.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands around groups of texts: the customer's messages after them, those before them, and
 * the domain. Two phrasings of a question get the same answers; that tells "may I have your name"
 * and "who am I speaking with" from questions that are worded alike.
 */
final class Contexts {

  /** The shares of the three; what customers answer tells most. Chosen by gold labels. */
  private static final double AFTER = 0.7;

  private static final double BEFORE = 0.1;
  private static final double DOMAIN = 0.2;

  /** A group of fewer uses has no context worth looking at. */
  private static final long FEWEST_USES = 3;

  private final float[][] after; // (texts, dimensions); no numbers where there is no context
  private final float[][] before;
  private final float[][] domains;
  private final long[] uses;
  private final float support;

  private Contexts(
      float[][] after, float[][] before, float[][] domains, long[] uses, float support) {
    this.after = after;
    this.before = before;
    this.domains = domains;
    this.uses = uses;
    this.support = support;
  }

  /**
   * Looks at what stands around the texts of {@code groups}.
   *
   * @param groups positions in {@code texts}; those used too little get no context
   */
  static Contexts of(List<ClusterText> texts, List<int[]> groups, ClusterOptions options) {
    long[] uses =
        groups.stream()
            .mapToLong(group -> Arrays.stream(group).mapToLong(t -> texts.get(t).uses()).sum())
            .toArray();
    List<List<String>> after = new ArrayList<>();
    List<List<String>> before = new ArrayList<>();
    List<Integer> used = new ArrayList<>();
    for (int g = 0; g < uses.length; g++) {
      if (uses[g] >= FEWEST_USES) {
        used.add(g);
        int[] group = groups.get(g);
        after.add(
            Arrays.stream(group).boxed().flatMap(t -> texts.get(t).after().stream()).toList());
        before.add(
            Arrays.stream(group).boxed().flatMap(t -> texts.get(t).before().stream()).toList());
      }
    }
    float[][] domains = domains(texts, groups, used);
    return new Contexts(
        spread(ContextVectors.of(after, options.dimensions(), options.seed()), used, uses.length),
        spread(ContextVectors.of(before, options.dimensions(), options.seed()), used, uses.length),
        spread(domains, used, uses.length),
        uses,
        (float) options.contextSupport());
  }

  private static float[][] spread(float[][] vectors, List<Integer> groups, int size) {
    float[][] spread = new float[size][vectors.length == 0 ? 0 : vectors[0].length];
    for (int i = 0; i < vectors.length; i++) {
      spread[groups.get(i)] = vectors[i];
    }
    return spread;
  }

  private static float[][] domains(
      List<ClusterText> texts, List<int[]> groups, List<Integer> used) {
    Map<String, Integer> columns = new TreeMap<>();
    texts.forEach(text -> text.domains().keySet().forEach(domain -> columns.put(domain, 0)));
    int next = 0;
    for (Map.Entry<String, Integer> column : columns.entrySet()) {
      column.setValue(next++);
    }
    float[][] counts = new float[used.size()][columns.size()];
    for (int i = 0; i < counts.length; i++) {
      for (int text : groups.get(used.get(i))) {
        for (Map.Entry<String, Long> use : texts.get(text).domains().entrySet()) {
          counts[i][columns.get(use.getKey())] += use.getValue();
        }
      }
    }
    return counts;
  }

  /** The contexts of groups that are made of these groups. */
  Contexts join(List<int[]> parts) {
    return new Contexts(
        sum(after, parts),
        sum(before, parts),
        sum(domains, parts),
        parts.stream()
            .mapToLong(part -> Arrays.stream(part).mapToLong(g -> uses[g]).sum())
            .toArray(),
        support);
  }

  private static float[][] sum(float[][] vectors, List<int[]> parts) {
    float[][] sums = new float[parts.size()][vectors.length == 0 ? 0 : vectors[0].length];
    for (int i = 0; i < sums.length; i++) {
      for (int part : parts.get(i)) {
        Vectors.addTo(sums[i], vectors[part], 1);
      }
    }
    return sums;
  }

  /** How much the context of a group is to be trusted: from 0 to 1 as its uses grow. */
  float trust(int group) {
    return uses[group] < FEWEST_USES ? 0 : uses[group] / (uses[group] + support);
  }

  /** One vector for a group whose inner product with another's is their likeness, 0 to 1. */
  float[] vector(int group) {
    float[] counts = domains[group];
    float[] roots = new float[counts.length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = (float) Math.sqrt(counts[i]);
    }
    double known = counts.length == 0 ? AFTER + BEFORE : 1; // without domains the others share all
    float[] joined = new float[after[group].length + before[group].length + roots.length];
    int next = append(joined, 0, after[group], AFTER / known);
    next = append(joined, next, before[group], BEFORE / known);
    append(joined, next, roots, DOMAIN);
    return joined;
  }

  private static int append(float[] joined, int at, float[] vector, double share) {
    float[] scaled = Vectors.times(Vectors.unit(vector), Math.sqrt(share));
    System.arraycopy(scaled, 0, joined, at, scaled.length);
    return at + scaled.length;
  }
}
