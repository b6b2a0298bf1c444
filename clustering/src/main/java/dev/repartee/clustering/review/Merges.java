package dev.repartee.clustering.review;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which answers people merged: chains end at the answer that stays. */
final class Merges {

  private final Clusters clusters;
  private final Set<String> ids;
  private final Map<String, List<String>> membersOf = new LinkedHashMap<>();
  private final Map<String, String> rootOf = new LinkedHashMap<>();

  Merges(Clusters clusters) {
    this.clusters = clusters;
    this.ids = clusters.ids();
    for (String id : ids) {
      String root = root(id).orElse(id);
      rootOf.put(id, root);
      membersOf.computeIfAbsent(root, unseen -> new ArrayList<>());
      if (!root.equals(id)) {
        membersOf.get(root).add(id);
      }
    }
  }

  /** The answer at the end of the chain, unless there is none to merge into. */
  private Optional<String> root(String id) {
    Set<String> way = new HashSet<>();
    String at = id;
    while (clusters.decision(at).kind() == Decision.Kind.MERGE) {
      if (!way.add(at)) {
        return Optional.empty();
      }
      at = clusters.decision(at).mergeInto();
    }
    boolean stays = ids.contains(at) && clusters.decision(at).kind() != Decision.Kind.REJECT;
    return stays || at.equals(id) ? Optional.of(at) : Optional.empty();
  }

  /** Every id that is merged into no other, with those merged into it. */
  Map<String, List<String>> groups() {
    return membersOf;
  }

  String rootOf(String id) {
    return rootOf.get(id);
  }

  /** Whether the merge that was decided for {@code id} has nowhere to go. */
  boolean isBroken(String id) {
    return clusters.decision(id).kind() == Decision.Kind.MERGE && rootOf(id).equals(id);
  }
}
