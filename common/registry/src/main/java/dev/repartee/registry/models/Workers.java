package dev.repartee.registry.models;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Several threads for a list of tasks, of which the first failure is that of the whole. */
final class Workers {

  private final List<Runnable> tasks;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();

  private Workers(List<Runnable> tasks) {
    this.tasks = tasks;
  }

  /**
   * Does all tasks and returns when every thread has ended. After a failure no other task begins;
   * those that have begun are waited for, since interrupting the Google client can block for long.
   *
   * @throws RuntimeException the first that a task threw
   */
  static void run(int threads, List<Runnable> tasks) {
    Workers workers = new Workers(tasks);
    List<Thread> started =
        IntStream.range(0, Math.min(threads, tasks.size()))
            .mapToObj(i -> Thread.ofVirtual().name("transfer-" + i).start(workers::work))
            .toList();
    boolean interrupted = false;
    for (Thread thread : started) {
      interrupted |= join(thread);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    workers.rethrow();
  }

  private void rethrow() {
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(failure.get());
    }
  }

  private void work() {
    for (int i = next.getAndIncrement();
        i < tasks.size() && failure.get() == null;
        i = next.getAndIncrement()) {
      try {
        tasks.get(i).run();
      } catch (Throwable e) { // whatever it is, somebody waits
        failure.compareAndSet(null, e);
      }
    }
  }

  /** Whether this thread was interrupted meanwhile. */
  private static boolean join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        return interrupted;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }
}
