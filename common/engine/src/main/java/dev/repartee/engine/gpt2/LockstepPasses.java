package dev.repartee.engine.gpt2;

import dev.repartee.text.Threads;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Runs tasks side by side and joins their passes: one runs when every task of its lane that is at
 * work waits for one. No pass waits by the clock, so what is joined, and with it every last bit of
 * the results, depends on the tasks and the number of lanes, not on how fast threads are. For
 * throughput: there is a lane for each of libtorch's threads, so that operators need not wait for
 * each other's threads, or one for a GPU; a single pass may wait long.
 */
public final class LockstepPasses {

  /** Of a joint pass; a single pass may have more. */
  private static final int MOST_TOKENS = 512;

  /** Tasks at work at the same time, of a lane and in all. Each takes memory for its cache. */
  private static final int LANE = 24;

  private static final int MOST = 64;

  private record Job(int task, Pass pass, CompletableFuture<Pass.Result> done) {}

  private final Gpt2 model;
  private final AtomicReference<Throwable> failure; // of any lane
  private final List<Job> waiting = new ArrayList<>();
  private int working; // tasks at work that do not wait

  private LockstepPasses(Gpt2 model, AtomicReference<Throwable> failure) {
    this.model = model;
    this.failure = failure;
  }

  /**
   * Does all tasks. What the first to fail throws is thrown, and the others end.
   *
   * @param model stays open
   */
  public static void run(Gpt2 model, List<Consumer<Passes>> tasks) {
    int threadsBefore = TorchScriptProgram.threads();
    int lanes = model.compute().isGpu() ? 1 : threadsBefore;
    AtomicReference<Throwable> failure = new AtomicReference<>();
    TorchScriptProgram.setThreads(1);
    try {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < lanes; i++) {
        int first = i;
        List<Consumer<Passes>> own =
            IntStream.iterate(first, task -> task < tasks.size(), task -> task + lanes)
                .<Consumer<Passes>>mapToObj(tasks::get)
                .toList();
        threads.addAll(
            new LockstepPasses(model, failure)
                .start(own, lanes == 1 ? MOST : Math.clamp(MOST / lanes, 1, LANE)));
      }
      threads.forEach(Threads::joinUninterruptibly);
    } finally {
      TorchScriptProgram.setThreads(threadsBefore);
    }
    switch (failure.get()) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("tasks throw nothing checked", e);
    }
  }

  /** When a task ends the next begins. */
  private List<Thread> start(List<Consumer<Passes>> tasks, int sideBySide) {
    AtomicInteger next = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    working = Math.min(sideBySide, tasks.size());
    for (int i = working; i > 0; i--) {
      threads.add(Thread.ofVirtual().unstarted(() -> work(tasks, next)));
    }
    threads.forEach(Thread::start);
    return threads;
  }

  private void work(List<Consumer<Passes>> tasks, AtomicInteger next) {
    try {
      for (int task = next.getAndIncrement();
          task < tasks.size() && failure.get() == null;
          task = next.getAndIncrement()) {
        tasks.get(task).accept(new TaskPasses(task));
      }
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(null, e);
    } finally {
      wait(null);
    }
  }

  /** One task less is at work: it waits for {@code job}, or where that is null has ended. */
  private synchronized void wait(Job job) {
    if (job != null) {
      waiting.add(job);
    }
    working--;
    if (working == 0 && !waiting.isEmpty()) {
      List<Job> jobs =
          waiting.stream().sorted(Comparator.comparingInt(Job::task)).toList(); // not by arrival
      waiting.clear();
      working = jobs.size();
      runAll(jobs);
    }
  }

  private void runAll(List<Job> jobs) {
    List<Job> joint = new ArrayList<>();
    int tokens = 0;
    for (Job job : jobs) {
      if (!joint.isEmpty() && tokens + job.pass().size() > MOST_TOKENS) {
        runJoint(joint);
        joint.clear();
        tokens = 0;
      }
      joint.add(job);
      tokens += job.pass().size();
    }
    runJoint(joint);
  }

  private void runJoint(List<Job> joint) {
    try {
      if (failure.get() != null) {
        throw new IllegalStateException("another task failed");
      }
      List<Pass.Result> results = model.run(joint.stream().map(Job::pass).toList());
      for (int i = 0; i < joint.size(); i++) {
        joint.get(i).done().complete(results.get(i));
      }
    } catch (RuntimeException | Error e) { // whatever it is, nobody may wait forever
      joint.forEach(job -> job.done().completeExceptionally(e));
    }
  }

  /** What a task asks of the model. */
  private final class TaskPasses implements Passes {

    private final int task;

    TaskPasses(int task) {
      this.task = task;
    }

    @Override
    public Gpt2 model() {
      return model;
    }

    @Override
    public Pass.Result run(Pass pass) {
      Job job = new Job(task, pass, new CompletableFuture<>());
      LockstepPasses.this.wait(job);
      return Threads.await(job.done());
    }
  }
}
