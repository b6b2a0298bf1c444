package dev.repartee.clustering.cluster;

import dev.repartee.clustering.cluster.Clusterer.ClusterOptions;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The context of groups of texts: the customer's messages after them, the customer's messages
 * before them, and their domains. Two wordings of a question get the same answers (the
 * distributional hypothesis of Harris, 1954, with messages for words). That brings together "may I
 * have your name" and "who am I speaking with", and keeps other questions of similar wording away.
 */
final class Contexts {

  /** The shares of the three parts, chosen by gold labels. The messages after say most. */
  private static final double AFTER = 0.7;

  private static final double BEFORE = 0.1;
  private static final double DOMAIN = 0.2;

  /** With fewer uses a group has no context. */
  private static final long FEWEST_USES = 3;

  /** The number of groups from which the vector space is learned. */
  private static final int LEARNED_FROM = 30_000;

  /** Stands for a missing message: start or end of the conversation, or another agent message. */
  private static final String NO_MESSAGE = "\u0000";

  private final float[][] after; // (groups, dimensions), zero without context
  private final float[][] before; // (groups, dimensions)
  private final float[][] domains; // (groups, domains), uses
  private final long[] uses; // (groups)
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
   * The contexts of {@code groups}.
   *
   * @param groups positions in {@code texts}
   */
  static Contexts of(List<TextTally> texts, List<int[]> groups, ClusterOptions options) {
    long[] uses =
        groups.stream()
            .mapToLong(group -> Arrays.stream(group).mapToLong(t -> texts.get(t).uses()).sum())
            .toArray();
    int[] used =
        IntStream.range(0, uses.length).filter(group -> uses[group] >= FEWEST_USES).toArray();
    List<List<String>> after = new ArrayList<>();
    List<List<String>> before = new ArrayList<>();
    for (int group : used) {
      after.add(messages(texts, groups.get(group), TextTally.Context::after));
      before.add(messages(texts, groups.get(group), TextTally.Context::before));
    }
    return new Contexts(
        spread(vectors(after, options.dimensions(), options.seed()), used, uses.length),
        spread(vectors(before, options.dimensions(), options.seed()), used, uses.length),
        spread(domains(texts, groups, used), used, uses.length),
        uses,
        (float) options.contextSupport());
  }

  private static List<String> messages(
      List<TextTally> texts, int[] group, Function<TextTally.Context, String> part) {
    return Arrays.stream(group)
        .boxed()
        .flatMap(text -> texts.get(text).contexts().stream())
        .map(context -> TextNorm.mask(part.apply(context)))
        .toList();
  }

  /**
   * For each item the sum of its messages' vectors: single words weighted by TF-IDF, each message
   * scaled to length 1, the sum reduced to a few dimensions. Vectors of items can be added.
   *
   * @param items the messages of each item, normalised; an empty text for a missing message
   * @return (items, dimensions or fewer)
   */
  static float[][] vectors(List<List<String>> items, int dimensions, long seed) {
    TfIdf.Learner learner = new TfIdf.Learner();
    for (List<String> messages : items) {
      for (String message : messages) {
        learner.newDocument();
        learner.add(words(message));
      }
    }
    TfIdf weights = learner.finish();
    SparseMatrix.Builder learned = new SparseMatrix.Builder();
    for (List<String> item : items.subList(0, Math.min(items.size(), LEARNED_FROM))) {
      int from = learned.size();
      addRow(learned, item, weights);
      // Without this, items with many messages would determine the space alone.
      learned.scaleFrom(from, 1f / Math.max(1, item.size()));
    }
    Subspace space = Subspace.of(learned.build(weights.columns()), dimensions, seed);
    float[][] vectors = new float[items.size()][];
    IntStream.range(0, vectors.length)
        .parallel()
        .forEach(
            item -> {
              SparseMatrix.Builder row = new SparseMatrix.Builder();
              addRow(row, items.get(item), weights);
              vectors[item] = space.project(row.build(weights.columns()))[0];
            });
    return vectors;
  }

  /** A column may occur several times in a row; its values then add up. */
  private static void addRow(SparseMatrix.Builder rows, List<String> messages, TfIdf weights) {
    messages.forEach(message -> weights.addTo(rows, words(message)));
    rows.endRow();
  }

  private static TfIdf.Features words(String message) {
    return TfIdf.Features.of(message.isEmpty() ? NO_MESSAGE : message, TfIdf::words);
  }

  private static float[][] domains(List<TextTally> texts, List<int[]> groups, int[] used) {
    Map<String, Integer> columns = new TreeMap<>();
    texts.forEach(text -> text.byDomain().keySet().forEach(domain -> columns.put(domain, 0)));
    int next = 0;
    for (Map.Entry<String, Integer> column : columns.entrySet()) {
      column.setValue(next++);
    }
    float[][] counts = new float[used.length][columns.size()];
    for (int i = 0; i < counts.length; i++) {
      for (int text : groups.get(used[i])) {
        for (Map.Entry<String, Long> use : texts.get(text).byDomain().entrySet()) {
          counts[i][columns.get(use.getKey())] += use.getValue();
        }
      }
    }
    return counts;
  }

  /** Puts the vectors of {@code groups} at their positions among all groups. */
  private static float[][] spread(float[][] vectors, int[] groups, int size) {
    float[][] spread = new float[size][vectors.length == 0 ? 0 : vectors[0].length];
    for (int i = 0; i < vectors.length; i++) {
      spread[groups[i]] = vectors[i];
    }
    return spread;
  }

  /** The contexts of larger groups, each made of some of these. */
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

  /** The weight of a group's context, which grows from 0 to 1 with the group's uses. */
  float trust(int group) {
    return uses[group] < FEWEST_USES ? 0 : uses[group] / (uses[group] + support);
  }

  /** A group's context as one vector. The inner product of two is their similarity, 0 to 1. */
  float[] vector(int group) {
    float[] counts = domains[group];
    float[] roots = new float[counts.length];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = (float) Math.sqrt(counts[i]);
    }
    double known = counts.length == 0 ? AFTER + BEFORE : 1; // no domains: the others have it all
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
