package dev.repartee.serving.predict;

import java.time.Duration;

/** The moment until which one request may wait, shared by everything it waits for. */
record Deadline(long atNanos) {

  static Deadline after(Duration wait) {
    return new Deadline(System.nanoTime() + wait.toNanos());
  }

  /** Nanoseconds left; zero or less when it has passed. */
  long remainingNanos() {
    return atNanos - System.nanoTime();
  }
}
