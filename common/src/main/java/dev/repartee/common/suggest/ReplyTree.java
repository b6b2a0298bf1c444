package dev.repartee.common.suggest;

import dev.repartee.common.gpt2.KvCache;
import dev.repartee.common.gpt2.Pass;
import dev.repartee.common.gpt2.Passed;
import dev.repartee.common.gpt2.Passes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The first tokens of the replies to one context that were looked at so far, as a tree whose root
 * stands for the context. All of its nodes lie in one key-value cache, so nothing is computed twice
 * and alternatives share what they have in common. Not for several threads; owns the cache.
 */
final class ReplyTree implements AutoCloseable {

  /** Slots for reply tokens; above this the tree starts anew. */
  static final int ROOM = 256;

  /** Less probable tokens are forgotten: remembering all fifty thousand takes 200 KB a node. */
  private static final float FORGOTTEN = (float) Math.log(1e-8);

  /** A token of the reply and the distribution over the token after it. */
  static final class Node extends TreeSlot<Node> {
    private final Map<Integer, Node> children = new HashMap<>();
    private int[] ids = {};
    private float[] logs = {};
    private double endsWord;
    private int[] ranked = {};

    private Node(Node parent, int slot) {
      super(parent, slot);
    }

    /** The node after {@code token}, or null when it was not read yet. */
    Node child(int token) {
      return children.get(token);
    }

    /** Natural logarithm of the probability that {@code token} comes next. */
    double log(int token) {
      int at = Arrays.binarySearch(ids, token);
      return at < 0 ? Double.NEGATIVE_INFINITY : logs[at];
    }

    /** The probability that a word which ends here goes no further. */
    double endsWord() {
      return endsWord;
    }

    /** The most probable next tokens, best first, at most {@code count}. */
    int[] best(int count) {
      if (ranked.length < Math.min(count, ids.length)) {
        ranked = rank(Math.min(count, ids.length));
      }
      return Arrays.copyOf(ranked, Math.min(count, ranked.length));
    }

    private int[] rank(int count) {
      int[] places = new int[count];
      int found = 0;
      for (int i = 0; i < ids.length; i++) {
        if (found == count && logs[i] <= logs[places[count - 1]]) {
          continue;
        }
        int at = found < count ? found++ : count - 1;
        while (at > 0 && logs[places[at - 1]] < logs[i]) {
          places[at] = places[at - 1];
          at--;
        }
        places[at] = i;
      }
      for (int i = 0; i < count; i++) {
        places[i] = ids[places[i]];
      }
      return places;
    }

    private void remember(float[] all, double endsWord) {
      this.endsWord = endsWord;
      int kept = 0;
      for (float log : all) {
        kept += log >= FORGOTTEN ? 1 : 0;
      }
      ids = new int[kept];
      logs = new float[kept];
      int at = 0;
      for (int id = 0; id < all.length; id++) {
        if (all[id] >= FORGOTTEN) {
          ids[at] = id;
          logs[at++] = all[id];
        }
      }
    }
  }

  /** The model would have to be asked, which was not allowed. */
  static final class UnreadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private UnreadException() {
      super("the model has to be asked", null, false, false); // thrown often, so without a trace
    }
  }

  /** A continuation to be read: {@code tokens} after {@code from}. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Growth(Node from, int[] tokens) {}

  private final Passes passes;
  private final ContextCaches caches;
  private final ContextCaches.Lease lease;
  private final KvCache cache;
  private final int contextLength;
  private final float[] contextHidden;
  private final Node root;
  private boolean mayRead = true;
  private volatile boolean cancelled;

  /**
   * Reads what the caches do not hold of a context.
   *
   * @param passes tell of the tokens before which a word ends, as a group
   */
  ReplyTree(Passes passes, ContextCaches caches, int[] context) {
    this.passes = passes;
    this.caches = caches;
    this.contextLength = context.length;
    this.lease = caches.lease(context);
    this.cache = lease.cache();
    int[] missing = Arrays.copyOfRange(context, cache.length(), context.length);
    Passed passed = passes.run(Pass.read(cache, missing));
    this.contextHidden = passed.hidden().getFirst();
    this.root = new Node(null, -1);
    root.remember(passed.logProbabilities().getFirst(), 0);
  }

  Node root() {
    return root;
  }

  /** The hidden state after the context: what the answer head reads. */
  float[] contextHidden() {
    return contextHidden.clone();
  }

  /**
   * A search begins.
   *
   * @param mayRead whether the model may be asked; otherwise what needs it ends with an {@link
   *     UnreadException}, and leaves the tree as it was
   */
  void begin(boolean mayRead) {
    this.mayRead = mayRead;
    this.cancelled = false;
  }

  /** The search of another thread should end. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  private void requireMayRead() {
    if (!mayRead) {
      throw new UnreadException();
    }
  }

  /** Memory of the cache. */
  long bytes() {
    return cache.bytes();
  }

  /** How many tokens a reply can have. */
  int capacity() {
    return Math.min(passes.config().positions() - contextLength, ROOM);
  }

  /** Whether nothing was read after these tokens yet. */
  boolean isUnread(int[] tokens) {
    Node at = root;
    for (int token : tokens) {
      at = at.child(token);
      if (at == null) {
        return true;
      }
    }
    return at.children.isEmpty();
  }

  /** Makes room for {@code tokens} more; nodes found before are no longer of use. */
  void makeRoom(int tokens) {
    if (cache.length() + tokens > cache.capacity()) {
      requireMayRead();
      cache.truncate(contextLength);
      root.children.clear();
    }
  }

  /** How many tokens can still be read. */
  int room() {
    return cache.capacity() - cache.length();
  }

  /** Reads what was not read of these continuations, in one pass; what does not fit is left out. */
  void grow(List<Growth> wanted) {
    List<Node> added = new ArrayList<>();
    List<Integer> tokens = new ArrayList<>();
    for (Growth growth : wanted) {
      Node at = growth.from();
      for (int token : growth.tokens()) {
        Node next = at.children.get(token);
        if (next == null) {
          if (added.size() == room() || at.depth() == capacity()) {
            break;
          }
          requireMayRead();
          next = new Node(at, cache.length() + added.size());
          at.children.put(token, next);
          added.add(next);
          tokens.add(token);
        }
        at = next;
      }
    }
    if (!added.isEmpty()) {
      read(added, tokens.stream().mapToInt(Integer::intValue).toArray());
    }
  }

  /**
   * The logarithms of the probabilities of whole replies, each with {@code end} after it, read in
   * one pass that the tree does not remember; negative infinity for those that do not fit.
   */
  double[] logs(List<int[]> replies, int end) {
    requireMayRead();
    return new ReplyWeights(root, contextLength, cache, Math.min(room(), capacity()), end)
        .logs(replies, passes);
  }

  /** How expected the reply is that these tokens and the end marker make; its end may be cut. */
  LogLikelihood logLikelihood(int[] tokens, int endMarker) {
    grow(List.of(new Growth(root, tokens)));
    Node at = root;
    double sum = 0;
    for (int i = 0; i < tokens.length; i++) {
      sum += Math.max(FORGOTTEN, at.log(tokens[i]));
      Node next = at.child(tokens[i]);
      if (next == null) {
        return new LogLikelihood(sum, i + 1);
      }
      at = next;
    }
    return new LogLikelihood(sum + Math.max(FORGOTTEN, at.log(endMarker)), tokens.length + 1);
  }

  private void read(List<Node> added, int[] tokens) {
    int[] places = TreeSlot.places(added, contextLength);
    boolean[] visible = TreeSlot.visible(added, contextLength, cache.length() + tokens.length);
    Passed passed = passes.run(Pass.tree(cache, tokens, places, visible));
    for (int t = 0; t < tokens.length; t++) {
      added.get(t).remember(passed.logProbabilities().get(t), passed.group()[t]);
    }
  }

  @Override
  public void close() {
    caches.giveBack(lease);
  }
}
