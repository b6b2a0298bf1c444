package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.Pass;
import dev.repartee.engine.gpt2.PassResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Works out how probable whole replies are, all in one pass: those that begin alike share their
 * first tokens, as in a trie, and of the model only the probabilities of these very tokens are
 * asked.
 */
final class TrieScorer {

  /** A token of one reply or of several that begin alike. */
  private static final class Node extends TreeSlot<Node> {
    private final Map<Integer, Node> children = new HashMap<>();
    private final List<Integer> asked = new ArrayList<>(); // what may follow
    private double log; // of the reply up to here

    private Node(Node parent, int slot) {
      super(parent, slot);
    }
  }

  private final ReplyTree.Node root;
  private final int contextLength;
  private final KvCache cache;
  private final int past; // slots that are taken
  private final int most;
  private final int end;
  private final Node first = new Node(null, -1);
  private final List<Node> nodes = new ArrayList<>();
  private final List<Integer> tokens = new ArrayList<>();

  /**
   * Begins after a context.
   *
   * @param root what the model says right after the context
   * @param cache of the context
   * @param most tokens that can be read
   * @param end follows a reply
   */
  TrieScorer(ReplyTree.Node root, int contextLength, KvCache cache, int most, int end) {
    this.root = root;
    this.contextLength = contextLength;
    this.cache = cache;
    this.past = cache.length();
    this.most = most;
    this.end = end;
  }

  double[] logs(List<int[]> replies, Function<Pass, PassResult> run) {
    List<Node> last = replies.stream().map(this::add).toList();
    if (nodes.isEmpty()) {
      return last.stream().mapToDouble(node -> Double.NEGATIVE_INFINITY).toArray();
    }
    int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
    float[][] after =
        run.apply(
                Pass.score(
                    cache,
                    ids,
                    TreeSlot.places(nodes, contextLength),
                    TreeSlot.visible(nodes, contextLength, past + nodes.size()),
                    next()))
            .tokenLogProbs();
    for (int t = 0; t < ids.length; t++) {
      Node node = nodes.get(t);
      Node before = node.parent();
      // Parents come before their children.
      node.log =
          before == first
              ? root.log(ids[t])
              : before.log + after[before.slot() - past][before.asked.indexOf(ids[t])];
    }
    return last.stream()
        .mapToDouble(
            node ->
                node == null
                    ? Double.NEGATIVE_INFINITY
                    : node.log + after[node.slot() - past][node.asked.indexOf(end)])
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
      Node node = new Node(at, past + nodes.size());
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
