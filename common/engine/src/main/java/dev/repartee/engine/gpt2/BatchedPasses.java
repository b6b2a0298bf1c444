package dev.repartee.engine.gpt2;

import dev.repartee.text.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Joins the passes that several threads ask for at the same time into one, which runs on a thread
 * of its own. Sixteen tokens cost little more than one, and two threads that compute at once wait
 * for each other at the barriers of every operator.
 */
public final class BatchedPasses implements Passes {

  /**
   * How much is joined.
   *
   * @param tokens that a joint pass has at most; a single pass may have more
   * @param window how long a pass waits for others to join it. Passes that arrive while another is
   *     computed are joined in any case.
   */
  public record Limits(int tokens, Duration window) {}

  /** Is called after each joint pass. */
  @FunctionalInterface
  public interface Listener {
    void ran(int passes, int tokens, Duration took);
  }

  private static final long BETWEEN_PASSES_NANOS = 2_000_000;

  /** A joint pass of so few tokens takes about the same time on half of the threads. */
  private static final int FEW_TOKENS = 16;

  /**
   * Work for the thread: a pass, or where that is null anything else that runs alone.
   *
   * @param due until when others go first, by {@link #now}
   */
  private record Job(
      Pass pass, Supplier<?> other, long number, long due, CompletableFuture<Object> done) {

    /** Whether it lets others go first for some time, or did. */
    boolean isPatient() {
      return pass != null && !pass.patience().isZero();
    }
  }

  private final Gpt2 model;
  private final Limits limits;
  private final Listener listener;
  private final ReentrantLock turn;
  private final BlockingQueue<Job> queue =
      new PriorityBlockingQueue<>(
          16, Comparator.comparingLong(Job::due).thenComparingLong(Job::number));
  private final Thread thread;
  private final long began = System.nanoTime();
  private volatile boolean closed;
  private long jobs; // so far
  private long lastUrgent = -BETWEEN_PASSES_NANOS; // when the last one ended

  /**
   * Starts the thread.
   *
   * @param model the caller closes it, after this
   * @param turn held by each joint pass. Two models that compute at the same time would wait for
   *     each other's threads at the barriers of every operator.
   */
  @SuppressWarnings("ThreadPriorityCheck") // affects speed only
  public BatchedPasses(Gpt2 model, Limits limits, Listener listener, ReentrantLock turn) {
    this.model = model;
    this.limits = limits;
    this.listener = listener;
    this.turn = turn;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name("gpt2-passes")
            .priority(model.compute().isGpu() ? Thread.NORM_PRIORITY : Thread.MIN_PRIORITY)
            .start(this::work);
  }

  @Override
  public Gpt2 model() {
    return model;
  }

  @Override
  public Pass.Result run(Pass pass) {
    model.check(pass); // later it would fail those that are joined with it
    return (Pass.Result) ask(pass, null);
  }

  @Override
  public void copy(KvCache from, KvCache to, int length) {
    ask(
        null,
        () -> {
          model.copy(from, to, length);
          return to;
        });
  }

  /** How many jobs wait for the thread. */
  int waiting() {
    return queue.size();
  }

  private Object ask(Pass pass, Supplier<?> other) {
    Job job;
    synchronized (this) {
      if (closed) {
        throw new IllegalStateException("the passes are closed");
      }
      long patience = pass == null ? 0 : pass.patience().toNanos();
      job = new Job(pass, other, jobs++, now() + patience, new CompletableFuture<>());
      queue.add(job);
      LockSupport.unpark(thread);
    }
    return Threads.await(job.done());
  }

  private void work() {
    while (!closed || !queue.isEmpty()) {
      try {
        Job first = queue.poll(100, TimeUnit.MILLISECONDS);
        long rest = first == null ? 0 : restBefore(first);
        if (rest > 0) {
          queue.add(first);
          LockSupport.parkNanos(rest); // until another comes
        } else if (first != null) {
          serve(first);
        }
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts this thread", e);
      }
    }
  }

  /**
   * How long a job that lets others go first should still do so. A caller whose pass has just ended
   * is likely to ask for the next one of the same search, which would wait for all of this job.
   */
  private long restBefore(Job job) {
    long now = now();
    return job.due() <= now ? 0 : lastUrgent + BETWEEN_PASSES_NANOS - now;
  }

  private long now() {
    return System.nanoTime() - began;
  }

  private void serve(Job first) throws InterruptedException {
    if (first.pass() == null) {
      complete(first);
      return;
    }
    List<Job> joint = join(first);
    turn.lock();
    try {
      int tokens = joint.stream().mapToInt(job -> job.pass().size()).sum();
      TorchScriptProgram.setThreads(threadsFor(tokens));
      runJoint(joint, tokens);
    } finally {
      turn.unlock();
    }
    if (!first.isPatient()) {
      lastUrgent = now();
    }
  }

  /** Memory cannot bring the weights faster to more cores, and the others are free to answer. */
  private static int threadsFor(int tokens) {
    int all = TorchScriptProgram.allThreads();
    return tokens <= FEW_TOKENS ? Math.ceilDiv(all, 2) : all;
  }

  private void runJoint(List<Job> joint, int tokens) {
    long start = System.nanoTime();
    try {
      List<Pass.Result> results = model.run(joint.stream().map(Job::pass).toList());
      ran(joint, tokens, start);
      for (int i = 0; i < joint.size(); i++) {
        joint.get(i).done().complete(results.get(i));
      }
    } catch (RuntimeException | Error e) { // nobody may wait forever
      ran(joint, tokens, start);
      joint.forEach(job -> job.done().completeExceptionally(e));
    }
  }

  /** Before the callers go on, so that what they count afterwards holds this pass. */
  private void ran(List<Job> joint, int tokens, long start) {
    listener.ran(joint.size(), tokens, Duration.ofNanos(System.nanoTime() - start));
  }

  /** {@code first} and the passes that wait or arrive within the window, as far as they fit. */
  private List<Job> join(Job first) throws InterruptedException {
    List<Job> joint = new ArrayList<>(List.of(first));
    int tokens = first.pass().size();
    long until = System.nanoTime() + limits.window().toNanos();
    while (tokens < limits.tokens()) {
      Job next = queue.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (next == null) {
        break;
      }
      if (next.pass() == null) {
        complete(next);
        continue;
      }
      // Patient passes must not lengthen those that go before them.
      if (tokens + next.pass().size() > limits.tokens() || next.isPatient() != first.isPatient()) {
        queue.add(next);
        break;
      }
      joint.add(next);
      tokens += next.pass().size();
    }
    return joint;
  }

  private static void complete(Job job) {
    try {
      job.done().complete(job.other().get());
    } catch (RuntimeException | Error e) {
      job.done().completeExceptionally(e);
    }
  }

  /** Finishes the jobs that wait, then ends the thread. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    Threads.joinUninterruptibly(thread);
  }
}
