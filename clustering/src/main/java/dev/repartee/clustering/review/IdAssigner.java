package dev.repartee.clustering.review;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.review.ReviewMemory.PastAnswer;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Phrasing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Recognises the clusters of earlier extractions, even if their text or extent changed. A cluster
 * and a past answer match if they share at least half of the messages of the smaller one, or if the
 * cluster holds the past answer's text. Pairs are matched greedily, those that share most messages
 * first, of equal ones those with the past answer's text. What is left over is matched by the form
 * that phrasings have without public values, since values become public, or are struck, between
 * extractions: that of the clusters first, then that of the past answers. The same input gives the
 * same ids.
 */
final class IdAssigner {

  private record Pair(
      int cluster, PastAnswer past, long shared, boolean holdsText, boolean matches) {}

  private static final Comparator<Pair> MOST_SHARED_FIRST =
      Comparator.comparingLong(Pair::shared)
          .thenComparing(Pair::holdsText)
          .reversed()
          .thenComparing(pair -> pair.past().id(), TextNorm.BY_CODE_POINT)
          .thenComparingInt(Pair::cluster);

  /** The phrasings of each cluster by hash, and the clusters that have one. */
  private record Clusters(List<Map<String, Long>> phrasings, Map<String, List<Integer>> having) {

    static Clusters of(Stream<Map<String, Long>> keys) {
      List<Map<String, Long>> phrasings = keys.map(IdAssigner::hashed).toList();
      Map<String, List<Integer>> having = new HashMap<>();
      for (int i = 0; i < phrasings.size(); i++) {
        for (String hash : phrasings.get(i).keySet()) {
          having.computeIfAbsent(hash, unseen -> new ArrayList<>()).add(i);
        }
      }
      return new Clusters(phrasings, having);
    }

    List<Integer> having(String hash) {
      return having.getOrDefault(hash, List.of());
    }
  }

  private final Clusters open;
  private final Clusters closed; // by the form without public values
  private final String[] ids;
  private final Map<String, Integer> clusterOfId = new HashMap<>();

  /**
   * Gives {@code candidates} the ids of matching answers in {@code memory}. A candidate that
   * matches none keeps its default id, with a number appended if that id is taken.
   */
  IdAssigner(List<AnswerCandidate> candidates, ReviewMemory memory) {
    open = Clusters.of(candidates.stream().map(AnswerCandidate::keys));
    closed = Clusters.of(candidates.stream().map(AnswerCandidate::closedKeys));
    ids = new String[candidates.size()];
    List<Pair> pairs =
        Stream.of(
                pairs(memory, open, PastAnswer::phrasings),
                pairs(memory, closed, PastAnswer::phrasings),
                pairs(memory, open, PastAnswer::closed))
            .flatMap(found -> found.stream().sorted(MOST_SHARED_FIRST))
            .toList();
    Set<String> taken = new HashSet<>(memory.ids());
    for (Pair pair : pairs) {
      String id = pair.past().id();
      if (pair.matches() && ids[pair.cluster()] == null && !clusterOfId.containsKey(id)) {
        ids[pair.cluster()] = id;
        clusterOfId.put(id, pair.cluster());
      }
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == null) {
        ids[i] = free(candidates.get(i).answer().id(), taken);
        clusterOfId.put(ids[i], i);
      }
    }
  }

  private static Map<String, Long> hashed(Map<String, Long> keys) {
    Map<String, Long> hashed = new HashMap<>();
    keys.forEach((key, count) -> hashed.put(Phrasing.hashOfKey(key), count));
    return hashed;
  }

  private static String free(String wanted, Set<String> taken) {
    String id = wanted;
    for (int number = 2; !taken.add(id); number++) {
      id = wanted + "-" + number;
    }
    return id;
  }

  /** Every cluster and past answer that have a phrasing in common. */
  private static List<Pair> pairs(
      ReviewMemory memory, Clusters clusters, Function<PastAnswer, Map<String, Long>> phrasings) {
    List<Pair> found = new ArrayList<>();
    for (PastAnswer past : memory.all()) {
      Set<Integer> sharing = new HashSet<>();
      String own = Phrasing.hash(past.text());
      sharing.addAll(clusters.having(own));
      for (String hash : phrasings.apply(past).keySet()) {
        sharing.addAll(clusters.having(hash));
      }
      for (int cluster : sharing) {
        Map<String, Long> now = clusters.phrasings().get(cluster);
        found.add(pair(cluster, now, past, phrasings.apply(past), now.containsKey(own)));
      }
    }
    return found;
  }

  private static Pair pair(
      int cluster,
      Map<String, Long> now,
      PastAnswer past,
      Map<String, Long> before,
      boolean holdsText) {
    long shared = 0;
    long sharedNow = 0;
    long sharedBefore = 0;
    for (Map.Entry<String, Long> entry : before.entrySet()) {
      Long count = now.get(entry.getKey());
      if (count != null) {
        shared += Math.min(count, entry.getValue());
        sharedNow += count;
        sharedBefore += entry.getValue();
      }
    }
    long allNow = sum(now);
    long allBefore = sum(before);
    boolean half =
        allNow < allBefore ? 2 * sharedNow >= allNow : shared > 0 && 2 * sharedBefore >= allBefore;
    return new Pair(cluster, past, shared, holdsText, half || holdsText);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The ids of the candidates, in their order; all different. */
  List<String> ids() {
    return Arrays.asList(ids.clone());
  }

  /** The position of the candidate with this id. */
  Optional<Integer> clusterOf(String id) {
    return Optional.ofNullable(clusterOfId.get(id));
  }

  /** Whether a candidate with another id has this phrasing, with or without public values. */
  boolean isOfAnother(String hash, String id) {
    return Stream.of(open, closed)
        .flatMap(clusters -> clusters.having(hash).stream())
        .anyMatch(cluster -> !ids[cluster].equals(id));
  }

  /** The messages of each phrasing of a candidate, by hash. */
  Map<String, Long> phrasingsOf(int cluster) {
    return open.phrasings().get(cluster);
  }

  /** The messages of each phrasing, by the forms that texts have without public values. */
  Map<String, Long> closedOf(int cluster) {
    return closed.phrasings().get(cluster);
  }
}
