package dev.repartee.engine.suggest;

import java.util.Arrays;
import java.util.List;

/**
 * A token of a tree of replies in a key-value cache: its slot there, and the token before it.
 *
 * @param <N> the kind of node
 */
abstract class TreeSlot<N extends TreeSlot<N>> {

  private final N parent;
  private final int slot;
  private final int depth;

  /**
   * Takes a slot.
   *
   * @param parent the token before it; null for the root, which stands for the context
   * @param slot in the cache, counted from 0; of no meaning for the root
   */
  TreeSlot(N parent, int slot) {
    this.parent = parent;
    this.slot = slot;
    this.depth = parent == null ? 0 : parent.depth() + 1;
  }

  final N parent() {
    return parent;
  }

  final int slot() {
    return slot;
  }

  /** Tokens of the reply up to here. */
  final int depth() {
    return depth;
  }

  /** Where each node stands in its own text, counted from 0. */
  static int[] places(List<? extends TreeSlot<?>> nodes, int contextLength) {
    return nodes.stream().mapToInt(node -> contextLength + node.depth() - 1).toArray();
  }

  /**
   * For each node a row of {@code slots} values: whether it sees the slot, which is in the context,
   * of a token before it in its reply, or its own.
   */
  static boolean[] visible(List<? extends TreeSlot<?>> nodes, int contextLength, int slots) {
    boolean[] visible = new boolean[nodes.size() * slots];
    for (int t = 0; t < nodes.size(); t++) {
      Arrays.fill(visible, t * slots, t * slots + contextLength, true);
      for (TreeSlot<?> at = nodes.get(t); at.parent() != null; at = at.parent()) {
        visible[t * slots + at.slot()] = true;
      }
    }
    return visible;
  }
}
