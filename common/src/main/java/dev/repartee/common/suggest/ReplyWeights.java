package dev.repartee.common.suggest;

import dev.repartee.common.gpt2.KvCache;
import dev.repartee.common.gpt2.Pass;
import dev.repartee.common.gpt2.Passes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Works out how probable whole replies are, all in one pass: those that begin alike share their
 * first tokens, as in a trie, and of the model only the probabilities of these very tokens are
 * asked.
 */
final class ReplyWeights {

  /** A token of one reply or of several that begin alike. */
  private static final class Node {
    private final Node parent;
    private final int slot;
    private final int depth;
    private final Map<Integer, Node> children = new HashMap<>();
    private final List<Integer> asked = new ArrayList<>(); // what may follow
    private double log; // of the reply up to here

    private Node(Node parent, int slot) {
      this.parent = parent;
      this.slot = slot;
      this.depth = parent == null ? 0 : parent.depth + 1;
    }
  }

  private final ReplyTree.Node root;
  private final int contextLength;
  private final int most;
  private final int end;
  private final Node first = new Node(null, -1);
  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> tokens = new ArrayList<>();

  /**
   * Begins after a context.
   *
   * @param root what the model says right after the context
   * @param most tokens that can be read
   * @param end follows a reply
   */
  ReplyWeights(ReplyTree.Node root, int contextLength, int most, int end) {
    this.root = root;
    this.contextLength = contextLength;
    this.most = most;
    this.end = end;
  }

  double[] logs(List<int[]> replies, Passes passes, KvCache cache) {
    List<Node> last = replies.stream().map(this::add).toList();
    if (nodes.isEmpty()) {
      return last.stream().mapToDouble(node -> Double.NEGATIVE_INFINITY).toArray();
    }
    int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
    float[][] after =
        passes.run(Pass.weigh(cache, ids, places(), visible(cache.length()), next())).weighed();
    for (int t = 0; t < ids.length; t++) {
      Node node = nodes.get(t);
      Node before = node.parent;
      // Parents come before their children.
      node.log =
          before == first
              ? root.log(ids[t])
              : before.log + after[before.slot][before.asked.indexOf(ids[t])];
    }
    return last.stream()
        .mapToDouble(
            node ->
                node == null
                    ? Double.NEGATIVE_INFINITY
                    : node.log + after[node.slot][node.asked.indexOf(end)])
        .toArray();
  }

  /** The node of the last token, or null when the reply is empty or does not fit. */
  private Node add(int[] reply) {
    int known = 0;
    Node at = first;
    while (known < reply.length && at.children.containsKey(reply[known])) {
      at = at.children.get(reply[known++]);
    }
    if (reply.length == 0 || nodes.size() + reply.length - known > most) {
      return null;
    }
    for (int token : Arrays.copyOfRange(reply, known, reply.length)) {
      Node node = new Node(at, nodes.size());
      at.children.put(token, node);
      at.asked.add(token);
      nodes.add(node);
      tokens.add(token);
      at = node;
    }
    if (!at.asked.contains(end)) {
      at.asked.add(end);
    }
    return at;
  }

  private int[] places() {
    return nodes.stream().mapToInt(node -> contextLength + node.depth - 1).toArray();
  }

  /** Each token sees the context, those before it in its reply, and itself. */
  private boolean[] visible(int past) {
    int slots = past + nodes.size();
    boolean[] visible = new boolean[nodes.size() * slots];
    for (int t = 0; t < nodes.size(); t++) {
      Arrays.fill(visible, t * slots, t * slots + contextLength, true);
      for (Node at = nodes.get(t); at != first; at = at.parent) {
        visible[t * slots + past + at.slot] = true;
      }
    }
    return visible;
  }

  /** What is asked after each token, filled up to the same length. */
  private int[][] next() {
    int longest = nodes.stream().mapToInt(node -> node.asked.size()).max().orElse(1);
    return nodes.stream()
        .map(
            node -> {
              int[] asked = new int[longest];
              for (int i = 0; i < node.asked.size(); i++) {
                asked[i] = node.asked.get(i);
              }
              return asked;
            })
        .toArray(int[][]::new);
  }
}
