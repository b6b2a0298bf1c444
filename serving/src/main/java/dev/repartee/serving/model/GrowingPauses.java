package dev.repartee.serving.model;

/**
 * The pauses between attempts that failed, counted in polls: each is twice as long as the one
 * before. Not for several threads.
 */
final class GrowingPauses {

  private static final int LONGEST = 30;

  private int pause;
  private int waited;

  /** There is something else to attempt. */
  void reset() {
    pause = 0;
    waited = 0;
  }

  void failed() {
    pause = Math.min(LONGEST, 2 * pause + 1);
    waited = 0;
  }

  /** Whether to try again now; asked once in each poll. */
  boolean isDue() {
    waited++;
    return waited > pause;
  }
}
