package dev.repartee.engine.gpt2;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Tokens to be read after those of one cache, and what is to be computed of them. Until the pass
 * has run nobody else may use the cache.
 */
public final class Pass {

  /**
   * What the model computed in a pass.
   *
   * @param next for each scored token, what is likely to come after it
   * @param hidden for each scored token, the C values of the last layer norm's output
   */
  public record Result(List<NextTokens> next, List<float[]> hidden) {

    public Result {
      next = List.copyOf(next);
      hidden = List.copyOf(hidden);
    }
  }

  private static final boolean[] CAUSAL = {};

  private final KvCache cache;
  private final int[] ids;
  private final int[] positions;
  private final boolean[] attentionMask;
  private final int[] scoredRows;
  private final Duration patience;

  private Pass(
      KvCache cache,
      int[] ids,
      int[] positions,
      boolean[] attentionMask,
      int[] scoredRows,
      Duration patience) {
    this.cache = cache;
    this.ids = ids.clone();
    this.positions = positions.clone();
    this.attentionMask = attentionMask.clone();
    this.scoredRows = scoredRows;
    this.patience = patience;
    if (ids.length == 0 || cache.length() + ids.length > cache.capacity()) {
      throw new IllegalArgumentException(
          "between 1 and %d tokens fit into the cache but there are %d"
              .formatted(cache.capacity() - cache.length(), ids.length));
    }
    if (positions.length != ids.length
        || (attentionMask.length > 0
            && attentionMask.length != ids.length * (cache.length() + ids.length))) {
      throw new IllegalArgumentException(
          "there must be a place and a row of slots for each of the " + ids.length + " tokens");
    }
  }

  /** Reads {@code ids}, one after the other, and computes the distribution after the last. */
  public static Pass read(KvCache cache, int[] ids) {
    return read(cache, ids, 1);
  }

  /**
   * As {@link #read(KvCache, int[])}, with the distributions after the last {@code scored}: none
   * for the parts of a text before its end, which saves the LM head.
   */
  public static Pass read(KvCache cache, int[] ids, int scored) {
    int[] positions = IntStream.range(cache.length(), cache.length() + ids.length).toArray();
    int[] scoredRows = IntStream.range(ids.length - scored, ids.length).toArray();
    Pass pass = new Pass(cache, ids, positions, CAUSAL, scoredRows, Duration.ZERO);
    if (scored < 0 || scored > ids.length) {
      throw new IllegalArgumentException(
          "scored must be between 0 and " + ids.length + " but is " + scored);
    }
    return pass;
  }

  /**
   * Reads tokens that form a tree of continuations, each into a slot of its own, and computes the
   * distribution after each.
   *
   * @param positions of each token in its own text, counted from 0
   * @param attentionMask a row for each token with one value for every slot of the cache after this
   *     pass: whether the token attends to it; it must attend to itself and to nothing later
   */
  public static Pass tree(KvCache cache, int[] ids, int[] positions, boolean[] attentionMask) {
    int[] all = IntStream.range(0, ids.length).toArray();
    return new Pass(cache, ids, positions, attentionMask, all, Duration.ZERO);
  }

  /** The same pass, which lets others go first for so long. */
  public Pass patient(Duration time) {
    return new Pass(cache, ids, positions, attentionMask, scoredRows, time);
  }

  Duration patience() {
    return patience;
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

  int[] positions() {
    return positions;
  }

  /** Row by row, or empty where the tokens follow one another. */
  boolean[] attentionMask() {
    return attentionMask;
  }

  /** The tokens, counted from 0, after which the distribution over the next token is wanted. */
  int[] scoredRows() {
    return scoredRows;
  }
}
