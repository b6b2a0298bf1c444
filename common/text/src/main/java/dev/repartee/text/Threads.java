package dev.repartee.text;

/** Waiting for threads. */
public final class Threads {

  private Threads() {}

  /**
   * Waits until {@code thread} has ended, however often the caller is interrupted: for threads that
   * use memory which is freed next. An interrupt is kept for the caller.
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
