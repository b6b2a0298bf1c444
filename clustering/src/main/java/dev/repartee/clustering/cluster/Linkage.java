package dev.repartee.clustering.cluster;

import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.Fnv;
import dev.repartee.text.privacy.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import smile.clustering.HierarchicalClustering;
import smile.clustering.linkage.UPGMALinkage;

/** Average linkage (UPGMA) by Smile, cut at a distance. */
final class Linkage {

  private Linkage() {}

  /**
   * Joins the two nearest groups until the nearest are too far apart on average.
   *
   * @param distances between all items; overwritten
   * @param farthest the largest average distance at which two groups are joined
   * @return positions of items, group by group in the order of their first items, each ascending
   */
  static List<int[]> join(Distances distances, double farthest) {
    int items = distances.items;
    if (items < 2) {
      return items == 0 ? List.of() : List.of(new int[] {0});
    }
    HierarchicalClustering tree =
        HierarchicalClustering.fit(new UPGMALinkage(items, distances.packed));
    int[] parent = new int[2 * items - 1]; // of items, then of joins; itself at the top
    Arrays.setAll(parent, i -> i);
    for (int join = 0; join < tree.tree().length; join++) {
      // Rounding can make a height fall below an earlier one, so each is compared.
      if (tree.height()[join] <= farthest) {
        parent[tree.tree()[join][0]] = items + join;
        parent[tree.tree()[join][1]] = items + join;
      }
    }
    return groups(items, parent);
  }

  private static List<int[]> groups(int items, int[] parent) {
    List<List<Integer>> members = new ArrayList<>();
    int[] groupOf = new int[parent.length];
    Arrays.fill(groupOf, -1);
    for (int item = 0; item < items; item++) {
      int root = item;
      while (parent[root] != root) {
        root = parent[root];
      }
      if (groupOf[root] < 0) {
        groupOf[root] = members.size();
        members.add(new ArrayList<>());
      }
      members.get(groupOf[root]).add(item);
    }
    return members.stream()
        .map(group -> group.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /**
   * The distances of all pairs of items: one minus their similarity. Kept as Smile expects them:
   * the lower triangle with its diagonal, column by column.
   */
  static final class Distances {

    /** The distance of forbidden pairs: an average that includes it is never small enough. */
    private static final float APART = 1e6f;

    private final int items;
    final float[] packed;

    private Distances(int items) {
      this.items = items;
      this.packed = new float[Math.toIntExact((long) items * (items + 1) / 2)];
    }

    /** One minus the inner products of {@code vectors} (items, dimensions). */
    static Distances of(float[][] vectors) {
      Distances distances = new Distances(vectors.length);
      float[][] transposed = transpose(vectors);
      float[] similarity = new float[vectors.length];
      for (int column = 0; column < vectors.length; column++) {
        products(vectors[column], transposed, column, similarity);
        int start = distances.start(column);
        for (int row = column; row < vectors.length; row++) {
          distances.packed[start + row] = Math.max(0, 1 - similarity[row]);
        }
      }
      return distances;
    }

    /** Puts forbidden pairs out of reach. */
    Distances separate(CannotLink cannotLink) {
      for (int column = 0; column < items; column++) {
        int start = start(column);
        for (int row = column + 1; row < items; row++) {
          if (cannotLink.forbids(row, column)) {
            packed[start + row] = APART;
          }
        }
      }
      return this;
    }

    /**
     * Replaces a part of these distances by {@code other} distances of the same items.
     *
     * @param weight the part for each item, 0 to 1; for a pair it is the lesser of its two
     */
    Distances mix(Distances other, float[] weight) {
      for (int column = 0; column < items; column++) {
        int start = start(column);
        for (int row = column; row < items; row++) {
          float share = Math.min(weight[row], weight[column]);
          packed[start + row] += share * (other.packed[start + row] - packed[start + row]);
        }
      }
      return this;
    }

    /** The index at which row 0 of a column would be; the column begins at its diagonal. */
    private int start(int column) {
      return (int) ((long) column * items - (long) column * (column + 1) / 2);
    }

    private static float[][] transpose(float[][] vectors) {
      int width = vectors.length == 0 ? 0 : vectors[0].length;
      float[][] transposed = new float[width][vectors.length];
      for (int i = 0; i < vectors.length; i++) {
        for (int k = 0; k < width; k++) {
          transposed[k][i] = vectors[i][k];
        }
      }
      return transposed;
    }

    /** The inner loop runs over items, so that it is vectorized. */
    private static void products(float[] vector, float[][] transposed, int from, float[] out) {
      Arrays.fill(out, from, out.length, 0);
      for (int k = 0; k < vector.length; k++) {
        for (int i = from; i < out.length; i++) {
          out[i] += vector[k] * transposed[k][i];
        }
      }
    }
  }

  /**
   * Pairs that must not be in one cluster, however similar they look (cannot-link constraints,
   * Wagstaff and Cardie, 2000): a text that denies and one that affirms, texts of different
   * languages or with different links, and long texts that are no near-duplicates, since two of one
   * subject are similar too. A text of unknown language, or without links, may join any other.
   *
   * <p>"It is available" and "it is not available" share almost all of their wording. Only English
   * negation is recognised; in other languages all texts count as affirming.
   */
  static final class CannotLink {

    /** Normalised, so without apostrophes. */
    private static final Set<String> NEGATIONS =
        Set.of(
            """
            no not nor never none neither nothing without unable cannot cant couldnt dont doesnt
            didnt isnt arent wasnt werent wont wouldnt shouldnt hasnt havent hadnt aint incorrect
            wrong invalid unfortunately unsuccessful unsuccessfully unauthorized denied
            """
                .strip()
                .split("\\s+"));

    /** "Unavailable" is often misspelt, so its start is enough. */
    private static final String UNAVAILABLE = "unava";

    /** The least resemblance of near-duplicates: the share of their words that both have. */
    private static final double NEAR = 0.4;

    /**
     * What decides about an item; of a group, that of its first member, with the language and the
     * links of any.
     *
     * @param words sorted hashes (Broder, 1997: shingles of one word)
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kind(
        Optional<String> language,
        boolean denies,
        Set<String> links,
        boolean isShort,
        long[] words) {

      boolean forbids(Kind other) {
        return denies != other.denies
            || (language.isPresent()
                && other.language.isPresent()
                && !language.equals(other.language))
            || (!links.isEmpty() && !other.links.isEmpty() && !links.equals(other.links))
            || (!(isShort && other.isShort) && resemblance(words, other.words) < NEAR);
      }

      Kind and(Kind other) {
        return new Kind(
            language.or(other::language),
            denies,
            links.isEmpty() ? other.links : links,
            isShort && other.isShort,
            words);
      }
    }

    private final Kind[] kinds;

    private CannotLink(Kind[] kinds) {
      this.kinds = kinds;
    }

    static CannotLink of(List<TextTally> texts) {
      return new CannotLink(texts.parallelStream().map(CannotLink::kind).toArray(Kind[]::new));
    }

    private static Kind kind(TextTally text) {
      String[] words = text.key().split(" ", -1);
      return new Kind(
          TextTally.mostFrequentLanguage(text.languages()),
          Stream.of(words)
              .anyMatch(word -> NEGATIONS.contains(word) || word.startsWith(UNAVAILABLE)),
          text.spellings().keySet().stream()
              .limit(1)
              .flatMap(Links::in)
              .collect(Collectors.toSet()),
          TextTally.isShort(text.key()),
          Stream.of(words).mapToLong(Fnv::hash).sorted().distinct().toArray());
    }

    private static double resemblance(long[] one, long[] other) {
      int both = 0;
      for (int i = 0, j = 0; i < one.length && j < other.length; ) {
        both += one[i] == other[j] ? 1 : 0;
        boolean next = one[i] <= other[j];
        j += one[i] >= other[j] ? 1 : 0;
        i += next ? 1 : 0;
      }
      return both / (double) Math.max(1, one.length + other.length - both);
    }

    /** Whether the two items must not be in one cluster. */
    boolean forbids(int left, int right) {
      return kinds[left].forbids(kinds[right]);
    }

    /** The constraints between these items, renumbered. */
    CannotLink of(int[] items) {
      return new CannotLink(
          Arrays.stream(items).mapToObj(item -> kinds[item]).toArray(Kind[]::new));
    }

    /** The constraints between groups. */
    CannotLink ofGroups(List<int[]> groups) {
      return new CannotLink(
          groups.stream()
              .map(
                  group ->
                      Arrays.stream(group)
                          .mapToObj(item -> kinds[item])
                          .reduce(Kind::and)
                          .orElseThrow())
              .toArray(Kind[]::new));
    }
  }
}
