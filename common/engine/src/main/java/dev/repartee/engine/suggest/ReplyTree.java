package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.NextTokens;
import dev.repartee.engine.gpt2.Pass;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The first tokens of the replies to one context that were looked at so far, as a tree whose root
 * stands for the context. All of its nodes lie in one key-value cache, so nothing is computed twice
 * and alternatives share what they have in common. One thread at a time lets it grow; any other may
 * search meanwhile in what has been read. Owns the cache.
 */
final class ReplyTree implements AutoCloseable {

  /** Slots for reply tokens; above this the tree starts anew. */
  static final int ROOM = 256;

  /** Tokens of a context that are read at once. */
  private static final int PART = 64;

  /**
   * How long each part of a long context lets others go first: who reads a thousand tokens waits
   * for most of a second, and who completes a word must not wait for a part at each step.
   */
  private static final Duration PATIENCE = Duration.ofMillis(100);

  /** A context of which more than this is left to read is long. */
  private static final int LONG = PART;

  private static final double UNKNOWN = -1;

  /**
   * A token of the reply and the distribution over the token after it. Any thread may look at one:
   * it joins the tree when all of it is known, and only its children change, as a whole.
   */
  static final class Node {
    private final Node parent; // null for the root, which stands for the context
    private final int slot; // in the cache, counted from 0; of no meaning for the root
    private final int depth;
    private volatile Map<Integer, Node> children = Map.of();
    private NextTokens next; // set before the node joins the tree
    private volatile double endsWord = UNKNOWN;
    private volatile int[] ranked = {};

    private Node(Node parent, int slot) {
      this.parent = parent;
      this.slot = slot;
      this.depth = parent == null ? 0 : parent.depth + 1;
    }

    /** Tokens of the reply up to here. */
    int depth() {
      return depth;
    }

    /** The node after {@code token}, or null when it was not read yet. */
    Node child(int token) {
      return children.get(token);
    }

    /** What may come next. */
    NextTokens next() {
      return next;
    }

    /** Natural logarithm of the probability that {@code token} comes next. */
    double log(int token) {
      return next.log(token);
    }

    /** The probability that a word which ends here goes no further. */
    double endsWord(TokenIndex index) {
      if (endsWord < 0) {
        double sum = 0;
        for (int i = 0; i < next.size(); i++) {
          sum += index.endsWord(next.id(i)) ? Math.exp(next.logAt(i)) : 0;
        }
        endsWord = sum;
      }
      return endsWord;
    }

    /** The most probable next tokens, best first, at most {@code count}. */
    int[] best(int count) {
      int[] known = ranked;
      if (known.length < Math.min(count, next.size())) {
        known = next.best(count);
        ranked = known;
      }
      return Arrays.copyOf(known, Math.min(count, known.length));
    }

    private void join(Map<Integer, Node> added) {
      if (!added.isEmpty()) {
        Map<Integer, Node> all = new HashMap<>(children);
        all.putAll(added);
        children = all;
      }
    }
  }

  /** Whether a search may ask the model. */
  enum ModelAccess {
    /** It may not, and any thread may search. */
    NEVER,
    /** It may. */
    NOW
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
  private volatile boolean cancelled;
  private volatile long likelyTokens; // that the nodes hold

  /** Reads what the caches do not hold of a context. */
  ReplyTree(Passes passes, ContextCaches caches, int[] context) {
    this.passes = passes;
    this.caches = caches;
    this.contextLength = context.length;
    this.lease = caches.lease(context);
    this.cache = lease.cache();
    Pass.Result passed = readOrGiveBack(context);
    this.contextHidden = passed.hidden().getFirst();
    this.root = new Node(null, -1);
    root.next = passed.next().getFirst();
    likelyTokens = root.next.size();
  }

  private Pass.Result readOrGiveBack(int[] context) {
    try {
      return read(context);
    } catch (RuntimeException | Error e) {
      caches.giveBack(lease);
      throw e;
    }
  }

  /** Part by part: others who ask the model wait for one of them at most. */
  private Pass.Result read(int[] context) {
    Pass.Result passed = null;
    while (cache.length() < context.length) {
      int end = Math.min(context.length, cache.length() + PART);
      boolean isLong = context.length - cache.length() > LONG;
      int[] part = Arrays.copyOfRange(context, cache.length(), end);
      Pass pass = Pass.read(cache, part, end == context.length ? 1 : 0);
      passed = passes.run(isLong ? pass.patient(PATIENCE) : pass);
    }
    return requireNonNull(passed, "a cache holds less than its context");
  }

  Node root() {
    return root;
  }

  /** The hidden state after the context: what the answer head reads. */
  float[] contextHidden() {
    return contextHidden.clone();
  }

  /** Another search may begin, even if the one before was cancelled. */
  void resume() {
    cancelled = false;
  }

  /** The search of another thread should end. */
  void cancel() {
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** Memory of the cache, and of what may come next at each node: up to 16 KiB on the heap. */
  long bytes() {
    return cache.bytes() + likelyTokens * (Integer.BYTES + Float.BYTES);
  }

  /** How many tokens a reply can have. */
  int capacity() {
    return Math.min(passes.config().positions() - contextLength, ROOM);
  }

  /** The node of the last of these tokens, or null when they were not all read yet. */
  Node find(int[] tokens) {
    Node deepest = deepest(tokens);
    return deepest.depth() == tokens.length ? deepest : null;
  }

  /** The node of as many of these tokens as were read. */
  private Node deepest(int[] tokens) {
    Node at = root;
    for (int token : tokens) {
      Node next = at.child(token);
      if (next == null) {
        return at;
      }
      at = next;
    }
    return at;
  }

  /**
   * Makes room for what was not read yet of {@code tokens}, and for {@code more} tokens; where even
   * an empty tree lacks it, for {@code least}. Where there is none, nodes found before are no
   * longer of use.
   */
  void makeRoom(int[] tokens, int more, int least) {
    int unread = tokens.length - deepest(tokens).depth();
    boolean mayFit = contextLength + tokens.length + more <= cache.capacity();
    if (cache.length() + unread + (mayFit ? more : least) > cache.capacity()) {
      cache.truncate(contextLength);
      root.children = Map.of();
      likelyTokens = root.next.size();
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
    // Only what has been read joins the tree, in which other threads may search meanwhile.
    IdentityHashMap<Node, Map<Integer, Node>> joining = new IdentityHashMap<>();
    for (Growth growth : wanted) {
      Node at = growth.from();
      for (int token : growth.tokens()) {
        Map<Integer, Node> after = joining.computeIfAbsent(at, node -> new HashMap<>());
        Node next = at.child(token) == null ? after.get(token) : at.child(token);
        if (next == null) {
          if (added.size() == room() || at.depth() == capacity()) {
            break;
          }
          next = new Node(at, cache.length() + added.size());
          after.put(token, next);
          added.add(next);
          tokens.add(token);
        }
        at = next;
      }
    }
    if (!added.isEmpty()) {
      read(added, tokens.stream().mapToInt(Integer::intValue).toArray());
      joining.forEach(Node::join);
    }
  }

  /**
   * Natural logarithm of the probability that a reply begins with these tokens, all of them read.
   */
  double log(int[] tokens) {
    Node at = root;
    double sum = 0;
    for (int token : tokens) {
      sum += at.next.logOrLeast(token);
      at = at.child(token);
    }
    return sum;
  }

  /** How expected the reply is that these tokens and the end marker make; its end may be cut. */
  LogLikelihood logLikelihood(int[] tokens, int endMarker) {
    grow(List.of(new Growth(root, tokens)));
    Node at = root;
    double sum = 0;
    for (int i = 0; i < tokens.length; i++) {
      sum += at.next.logOrLeast(tokens[i]);
      Node next = at.child(tokens[i]);
      if (next == null) {
        return new LogLikelihood(sum, i + 1);
      }
      at = next;
    }
    return new LogLikelihood(sum + at.next.logOrLeast(endMarker), tokens.length + 1);
  }

  private void read(List<Node> added, int[] tokens) {
    int[] places = added.stream().mapToInt(node -> contextLength + node.depth - 1).toArray();
    Pass.Result passed = passes.run(Pass.tree(cache, tokens, places, visible(added)));
    long held = likelyTokens;
    for (int t = 0; t < tokens.length; t++) {
      added.get(t).next = passed.next().get(t);
      held += added.get(t).next.size();
    }
    likelyTokens = held;
  }

  /**
   * For each node a row with a value for each slot: whether it sees the slot, which is in the
   * context, of a token before it in its reply, or its own.
   */
  private boolean[] visible(List<Node> added) {
    int slots = cache.length() + added.size();
    boolean[] visible = new boolean[added.size() * slots];
    for (int t = 0; t < added.size(); t++) {
      Arrays.fill(visible, t * slots, t * slots + contextLength, true);
      for (Node at = added.get(t); at.parent != null; at = at.parent) {
        visible[t * slots + at.slot] = true;
      }
    }
    return visible;
  }

  @Override
  public void close() {
    caches.giveBack(lease);
  }
}
