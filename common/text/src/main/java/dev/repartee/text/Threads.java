package dev.repartee.text;

/** Waiting for threads. */
public final class Threads {

  private Threads() {}

  /**
   * Waits until {@code thread} has ended, even when the caller is interrupted. For threads whose
   * memory is freed next. The caller stays interrupted.
   */
  public static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
