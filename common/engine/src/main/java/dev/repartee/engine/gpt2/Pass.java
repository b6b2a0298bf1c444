package dev.repartee.engine.gpt2;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Tokens to be read after those of one cache, and what is wanted to know of them. Until it has been
 * run nobody else may use the cache.
 */
public final class Pass {

  private final KvCache cache;
  private final int[] ids;
  private final int[] places;
  private final boolean[] visible;
  private final int[] told;
  private final int[][] next;
  private final boolean deferred;
  private boolean withdrawn;
  private Runnable onWithdrawal = () -> {};

  private Pass(
      KvCache cache, int[] ids, int[] places, boolean[] visible, int[] told, int[][] next) {
    this(cache, ids, places, visible, told, next, false);
  }

  private Pass(
      KvCache cache,
      int[] ids,
      int[] places,
      boolean[] visible,
      int[] told,
      int[][] next,
      boolean deferred) {
    this.deferred = deferred;
    this.cache = requireNonNull(cache, "cache is null");
    this.ids = ids.clone();
    this.places = places.clone();
    this.visible = visible.clone();
    this.told = told;
    this.next = next;
    if (ids.length == 0 || cache.length() + ids.length > cache.capacity()) {
      throw new IllegalArgumentException(
          "between 1 and %d tokens fit into the cache but there are %d"
              .formatted(cache.capacity() - cache.length(), ids.length));
    }
    if (places.length != ids.length
        || (visible.length > 0 && visible.length != ids.length * (cache.length() + ids.length))) {
      throw new IllegalArgumentException(
          "there must be a place and a row of slots for each of the " + ids.length + " tokens");
    }
  }

  /** Reads {@code ids}, one after the other, and tells what is probable after the last. */
  public static Pass read(KvCache cache, int[] ids) {
    int[] places = IntStream.range(cache.length(), cache.length() + ids.length).toArray();
    return new Pass(cache, ids, places, new boolean[0], new int[] {ids.length - 1}, new int[0][0]);
  }

  /**
   * Reads tokens that form a tree, each into a slot of its own, and tells what is probable after
   * each.
   *
   * @param places where each stands in its own text, counted from 0
   * @param visible a row for each token with one value for every slot of the cache after this pass:
   *     whether the token sees it; it must see itself and nothing later
   */
  public static Pass tree(KvCache cache, int[] ids, int[] places, boolean[] visible) {
    return new Pass(
        cache, ids, places, visible, IntStream.range(0, ids.length).toArray(), new int[0][0]);
  }

  /**
   * Reads tokens that form a tree but tells only how probable the tokens {@code next} are after
   * each, at a fraction of the cost. Afterwards the cache holds what it held before.
   *
   * @param next for each token as many tokens as for the others, one at least
   */
  public static Pass weigh(
      KvCache cache, int[] ids, int[] places, boolean[] visible, int[][] next) {
    if (next.length != ids.length
        || next[0].length == 0
        || Arrays.stream(next).anyMatch(row -> row.length != next[0].length)) {
      throw new IllegalArgumentException("as many next tokens must be asked after each token");
    }
    return new Pass(cache, ids, places, visible, new int[0], next);
  }

  /** The same pass, which gives way to all that are not deferred. */
  public Pass deferred() {
    return new Pass(cache, ids, places, visible, told, next, true);
  }

  boolean isDeferred() {
    return deferred;
  }

  /** {@link Passes#run} threw away a pass that had not begun, as was asked. */
  public static final class WithdrawnException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WithdrawnException() {
      super("withdrawn", null, false, false); // thrown often, so without a trace
    }
  }

  /** Asks for the pass to be thrown away if it has not begun yet; any thread may. */
  public void withdraw() {
    Runnable action;
    synchronized (this) {
      withdrawn = true;
      action = onWithdrawal;
    }
    action.run();
  }

  /** Has {@code action} run when the pass is withdrawn, or now when it was. */
  void onWithdrawal(Runnable action) {
    boolean now;
    synchronized (this) {
      onWithdrawal = action;
      now = withdrawn;
    }
    if (now) {
      action.run();
    }
  }

  /** How many tokens are read. */
  public int size() {
    return ids.length;
  }

  KvCache cache() {
    return cache;
  }

  int[] ids() {
    return ids;
  }

  int[] places() {
    return places;
  }

  boolean[] visible() {
    return visible;
  }

  /** Of which tokens the distribution over the next one is wanted. */
  int[] told() {
    return told;
  }

  /** Of which next tokens the probability is wanted, after each token; or nothing. */
  int[][] next() {
    return next;
  }

  boolean isWeighed() {
    return next.length > 0;
  }
}
