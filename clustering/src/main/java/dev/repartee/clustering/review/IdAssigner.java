package dev.repartee.clustering.review;

import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.PhrasingHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Recognises the clusters of earlier extractions, though their most typical text or their extent
 * changed. A cluster and a remembered one match when they share at least half of the messages of
 * the smaller one, or when the cluster holds the remembered text; pairs are taken greedily, those
 * that share most messages first. The same input gives the same ids.
 */
public final class IdAssigner {

  /**
   * A cluster to name.
   *
   * @param keys masked phrasings with their messages
   * @param defaultId the id that it gets when it is not recognised and nothing else has it
   * @param text its most typical text
   */
  public record Cluster(Map<String, Long> keys, String defaultId, String text) {}

  private record Pair(int cluster, Remembered remembered, long shared, boolean matches) {}

  private static final Comparator<Pair> MOST_SHARED_FIRST =
      Comparator.comparingLong(Pair::shared)
          .reversed()
          .thenComparing(pair -> pair.remembered().id(), TextNorm.BY_CODE_POINT)
          .thenComparingInt(Pair::cluster);

  private final List<Map<String, Long>> hashed;
  private final List<Pair> pairs;
  private final String[] ids;
  private final Map<String, Integer> clusterOfId = new HashMap<>();

  /** Names {@code clusters} after those in {@code memory}. */
  public IdAssigner(List<Cluster> clusters, ReviewMemory memory) {
    hashed = clusters.stream().map(IdAssigner::hashed).toList();
    ids = new String[clusters.size()];
    pairs = pairs(memory).stream().sorted(MOST_SHARED_FIRST).toList();
    Set<String> taken = new HashSet<>(memory.ids());
    for (Pair pair : pairs) {
      String id = pair.remembered().id();
      if (pair.matches() && ids[pair.cluster()] == null && !clusterOfId.containsKey(id)) {
        ids[pair.cluster()] = id;
        clusterOfId.put(id, pair.cluster());
      }
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] == null) {
        ids[i] = free(clusters.get(i).defaultId(), taken);
        clusterOfId.put(ids[i], i);
      }
    }
  }

  private static Map<String, Long> hashed(Cluster cluster) {
    Map<String, Long> hashed = new HashMap<>();
    cluster.keys().forEach((key, count) -> hashed.put(PhrasingHash.ofKey(key), count));
    return hashed;
  }

  private static String free(String wanted, Set<String> taken) {
    String id = wanted;
    for (int number = 2; !taken.add(id); number++) {
      id = wanted + "-" + number;
    }
    return id;
  }

  /** Every cluster and remembered one that have a phrasing in common. */
  private List<Pair> pairs(ReviewMemory memory) {
    Map<String, List<Integer>> clustersOf = new HashMap<>();
    for (int i = 0; i < hashed.size(); i++) {
      for (String hash : hashed.get(i).keySet()) {
        clustersOf.computeIfAbsent(hash, unseen -> new ArrayList<>()).add(i);
      }
    }
    List<Pair> found = new ArrayList<>();
    for (Remembered remembered : memory.all()) {
      Set<Integer> sharing = new HashSet<>();
      String own = PhrasingHash.of(remembered.text());
      sharing.addAll(clustersOf.getOrDefault(own, List.of()));
      for (String hash : remembered.phrasings().keySet()) {
        sharing.addAll(clustersOf.getOrDefault(hash, List.of()));
      }
      for (int cluster : sharing) {
        found.add(pair(cluster, remembered, own));
      }
    }
    return found;
  }

  private Pair pair(int cluster, Remembered remembered, String own) {
    Map<String, Long> now = hashed.get(cluster);
    Map<String, Long> before = remembered.phrasings();
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
    return new Pair(cluster, remembered, shared, half || now.containsKey(own));
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** The id of each cluster, in their order; no two are the same. */
  public List<String> ids() {
    return Arrays.asList(ids.clone());
  }

  /** The cluster that has {@code id}, if one has. */
  Optional<Integer> clusterOf(String id) {
    return Optional.ofNullable(clusterOfId.get(id));
  }

  /** The id of the cluster that most of the remembered one went to, if any holds some of it. */
  Optional<String> successorOf(String id) {
    return pairs.stream()
        .filter(pair -> pair.remembered().id().equals(id))
        .map(pair -> ids[pair.cluster()])
        .findFirst();
  }

  /** The phrasings of a cluster, by hash. */
  Map<String, Long> phrasingsOf(int cluster) {
    return hashed.get(cluster);
  }
}
