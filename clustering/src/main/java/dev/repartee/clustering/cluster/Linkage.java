package dev.repartee.clustering.cluster;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import smile.clustering.HierarchicalClustering;
import smile.clustering.linkage.UPGMALinkage;

/**
 * Joins items, nearest first, as long as two groups are on average near enough: Smile's average
 * linkage (UPGMA), cut at a distance.
 */
final class Linkage {

  private Linkage() {}

  /**
   * Groups items.
   *
   * @param distances between them; taken over and overwritten
   * @param farthest the largest average distance at which two groups become one
   * @return positions, group by group in the order of their first items, each ascending
   */
  static List<int[]> join(Distances distances, double farthest) {
    int items = distances.items();
    if (items < 2) {
      return items == 0 ? List.of() : List.of(new int[] {0});
    }
    HierarchicalClustering tree =
        HierarchicalClustering.fit(new UPGMALinkage(items, distances.packed()));
    int[] top = new int[2 * items - 1]; // of an item or join, the join that holds it, or itself
    Arrays.setAll(top, i -> i);
    for (int join = 0; join < tree.tree().length; join++) {
      // Heights can fall by rounding alone, so every one is looked at.
      if (tree.height()[join] <= farthest) {
        top[tree.tree()[join][0]] = items + join;
        top[tree.tree()[join][1]] = items + join;
      }
    }
    return groups(items, top);
  }

  private static List<int[]> groups(int items, int[] top) {
    List<List<Integer>> members = new ArrayList<>();
    int[] groupOf = new int[top.length];
    Arrays.fill(groupOf, -1);
    for (int item = 0; item < items; item++) {
      int root = item;
      while (top[root] != root) {
        root = top[root];
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
}
