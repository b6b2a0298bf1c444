package dev.repartee.serving.model;

/**
 * The pauses between attempts at something that failed, counted in polls: each is twice as long as
 * the one before. Not for several threads.
 */
final class GrowingPauses {

  private static final int LONGEST = 30;

  private Object failed = new Object();
  private int pause;
  private int waited;

  /** The attempt at {@code what} failed. */
  void failed(Object what) {
    pause = what.equals(failed) ? Math.min(LONGEST, 2 * pause + 1) : 1;
    failed = what;
    waited = 0;
  }

  /** Whether to attempt {@code what} now; asked once in each poll. */
  boolean isDue(Object what) {
    if (!what.equals(failed)) {
      return true;
    }
    waited++;
    return waited > pause;
  }

  /** Nothing has failed. */
  void reset() {
    failed = new Object();
  }
}
