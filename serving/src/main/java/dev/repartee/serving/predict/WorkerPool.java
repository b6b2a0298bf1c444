package dev.repartee.serving.predict;

import dev.repartee.serving.predict.ReplyContext.Conversation;
import dev.repartee.serving.predict.WorkerPool.Turn.Outcome;
import dev.repartee.text.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A fixed number of threads that run predictions, or redact texts. A request waits for its turn.
 * When none comes in time one that can be late is dropped, and any other refused.
 *
 * <p>Callers take turns: next is the one who has used the threads for the shortest time, with the
 * request whose {@link Urgency} comes first. A conversation has one turn at a time, and a caller at
 * most all threads but one, so that a request of one waits for its own kind and not for what others
 * flood the service with. Too many keys within words leave half of the threads to the others.
 *
 * <p>These are platform threads, while requests have virtual ones: native code pins the carrier of
 * a virtual thread, so predictions on every core would leave no carrier for the health checks. The
 * engine also keeps settings per thread, which last as long as the thread. They have the priority
 * of the model's thread, or preparing one long conversation would keep it from the others' passes.
 */
public final class WorkerPool implements AutoCloseable {

  /** Nobody waits for an answer to feedback. */
  private static final Duration REDACTION_WAIT = Duration.ofSeconds(5);

  private final int count;
  private final Duration maxWait;
  private final ExecutorService threads;

  // Everything below is guarded by this, and so are the shares.
  private final List<Turn> waiting = new ArrayList<>();
  private final Share all = new Share(0);
  private final Map<String, Share> callers = new HashMap<>(); // those with requests
  private final Set<Conversation> running = new HashSet<>(); // those with an id

  /**
   * Starts no thread before it is needed.
   *
   * @param work what the names of the threads begin with
   * @param count of the threads; one caller may have all but one
   * @param maxWait how long a request waits for its turn
   */
  @SuppressWarnings("ThreadPriorityCheck") // affects speed only
  WorkerPool(String work, int count, Duration maxWait) {
    this.count = count;
    this.maxWait = maxWait;
    this.threads =
        Executors.newFixedThreadPool(
            count,
            Thread.ofPlatform()
                .daemon()
                .name(work + "-", 1)
                .priority(Thread.MIN_PRIORITY)
                .factory());
  }

  /**
   * Threads on half of the cores, and one more, that redact texts of requests: on its virtual
   * thread a long text would hold the carrier, and the requests of others, the probes among them,
   * would wait.
   */
  public static WorkerPool forRedaction() {
    int half = Math.ceilDiv(Runtime.getRuntime().availableProcessors(), 2);
    return new WorkerPool("redact", half + 1, REDACTION_WAIT);
  }

  /** What a caller has of the threads, or all callers together. */
  private static final class Share {
    private int requests; // waiting or running
    private int running;
    private final Map<Urgency, Integer> ofKind = new EnumMap<>(Urgency.class); // of the running
    private long usedNanos;

    Share(long usedNanos) {
      this.usedNanos = usedNanos;
    }

    /** Whether one more may run beside others on so many threads; one may in any case. */
    boolean hasRoom(int threads, Urgency urgency) {
      return running < Math.max(1, threads)
          && ofKind.getOrDefault(urgency, 0) < Math.max(1, urgency.most(threads));
    }

    void run(int more, Urgency urgency) {
      running += more;
      ofKind.merge(urgency, more, Integer::sum);
    }
  }

  /** One request's turn at the threads, for which {@link #call} waits. */
  static final class Turn {

    enum Outcome {
      GRANTED,
      SUPERSEDED,
      LATE
    }

    private final Conversation conversation;
    private final Urgency urgency;
    private final long dueNanos;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private Share caller;
    private long beganNanos;
    private boolean superseded; // guarded by the turn, and so is cancel
    private Runnable cancel = () -> {};

    /**
     * @param receivedNanos when the request came, in the time of {@link System#nanoTime}
     */
    Turn(Conversation conversation, Urgency urgency, long receivedNanos) {
      this.conversation = conversation;
      this.urgency = urgency;
      this.dueNanos = receivedNanos + urgency.deadline().toNanos();
    }

    Conversation conversation() {
      return conversation;
    }

    /** Whether nobody waits for the answer any more. */
    boolean isLate() {
      return urgency.canBeLate() && leftNanos() <= 0;
    }

    private long leftNanos() {
      return dueNanos - System.nanoTime();
    }

    /** Whether a thread is at work for it, or was. */
    boolean isGranted() {
      return outcome.getNow(Outcome.LATE) == Outcome.GRANTED;
    }

    /** The answer is not wanted any more: ends the wait, or the work early. */
    synchronized void supersede() {
      superseded = true;
      var _ = outcome.complete(Outcome.SUPERSEDED);
      cancel.run();
    }

    /**
     * The work begins, and {@code early} ends it early.
     *
     * @throws RequestException 409 when it was superseded before
     */
    synchronized void begin(Runnable early) {
      if (superseded) {
        throw RequestException.superseded();
      }
      cancel = early;
    }

    /** Others may use from now on what the work used. */
    synchronized void end() {
      cancel = () -> {};
    }
  }

  /**
   * Runs what it is given in turns of this conversation, each when its turn comes. They throw
   * {@link RequestException} 429 when one did not come in time, or the service stops.
   *
   * @param caller as {@link ReplyContext} has it
   */
  public Consumer<Runnable> turns(String caller, String conversationId) {
    Conversation conversation = new Conversation(caller, Optional.of(conversationId));
    return work ->
        call(
            new Turn(conversation, Urgency.REDACTION, System.nanoTime()),
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * Waits for the turn, runs {@code work}, and waits for its result: without a limit once it runs,
   * but for a request that can be late.
   *
   * @return empty when a request that can be late is; work that has begun goes on
   * @throws RequestException 429 when the turn did not come in time, or the service stops; 409 when
   *     the turn was superseded before it came
   */
  <T> Optional<T> call(Turn turn, Supplier<T> work) {
    arrive(turn);
    long patience = turn.urgency.canBeLate() ? turn.leftNanos() : maxWait.toNanos();
    Outcome outcome =
        turn.outcome
            .completeOnTimeout(Outcome.LATE, Math.max(0, patience), TimeUnit.NANOSECONDS)
            .join();
    if (outcome != Outcome.GRANTED) {
      RequestException refusal = refusal(turn);
      withdraw(turn);
      if (outcome == Outcome.SUPERSEDED) {
        throw RequestException.superseded();
      }
      if (turn.urgency.canBeLate()) {
        return Optional.empty();
      }
      throw refusal;
    }
    CompletableFuture<Optional<T>> result = start(turn, work).thenApply(Optional::of);
    if (turn.urgency.canBeLate()) {
      long left = Math.max(0, turn.leftNanos());
      result.completeOnTimeout(Optional.empty(), left, TimeUnit.NANOSECONDS);
    }
    return Threads.await(result);
  }

  private <T> CompletableFuture<T> start(Turn turn, Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(
          () -> {
            try {
              return work.get();
            } finally {
              leave(turn);
            }
          },
          threads);
    } catch (RejectedExecutionException e) {
      leave(turn);
      throw RequestException.overloaded("the service is stopping");
    }
  }

  /**
   * Who comes back has used as much as who asked all the time: nobody saves time up (weighted fair
   * queuing, Demers, Keshav and Shenker 1989).
   */
  private synchronized void arrive(Turn turn) {
    long least = callers.values().stream().mapToLong(one -> one.usedNanos).min().orElse(0);
    turn.caller = callers.computeIfAbsent(turn.conversation.caller(), _ -> new Share(least));
    turn.caller.requests++;
    waiting.add(turn);
    grant();
  }

  /** Gives turns to those who may go now. */
  private void grant() {
    for (Optional<Turn> next = next(); next.isPresent(); next = next()) {
      Turn turn = next.get();
      waiting.remove(turn);
      if (turn.outcome.complete(Outcome.GRANTED)) {
        turn.beganNanos = System.nanoTime();
        all.run(1, turn.urgency);
        turn.caller.run(1, turn.urgency);
        if (turn.conversation.id().isPresent()) {
          running.add(turn.conversation);
        }
      }
    }
  }

  private Optional<Turn> next() {
    return waiting.stream()
        .filter(this::mayGo)
        .min(
            Comparator.comparingLong((Turn turn) -> turn.caller.usedNanos)
                .thenComparingLong(turn -> turn.dueNanos));
  }

  private boolean mayGo(Turn turn) {
    return all.hasRoom(count, turn.urgency)
        && turn.caller.hasRoom(count - 1, turn.urgency)
        && !running.contains(turn.conversation);
  }

  private synchronized RequestException refusal(Turn turn) {
    if (running.contains(turn.conversation)) {
      return RequestException.overloaded(
          "another request of this conversation is still being answered");
    }
    return RequestException.overloaded(
        turn.urgency == Urgency.MESSAGE
            ? "too many conversations are being read"
            : "every thread is busy");
  }

  private synchronized void leave(Turn turn) {
    turn.caller.usedNanos += System.nanoTime() - turn.beganNanos;
    all.run(-1, turn.urgency);
    turn.caller.run(-1, turn.urgency);
    running.remove(turn.conversation);
    withdraw(turn);
    grant();
    notifyAll();
  }

  private synchronized void withdraw(Turn turn) {
    waiting.remove(turn);
    turn.caller.requests--;
    if (turn.caller.requests == 0) {
      callers.remove(turn.conversation.caller());
    }
  }

  /** The number of requests that wait for a thread. */
  synchronized int waiting() {
    return waiting.size();
  }

  /** Waits until no request runs, for at most {@code limit}. */
  synchronized void awaitIdle(Duration limit) throws InterruptedException {
    long until = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); all.running > 0 && left > 0; ) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = until - System.nanoTime();
    }
  }

  /**
   * Takes no more work and waits for what is running.
   *
   * @return false when it did not end within {@code limit}
   */
  boolean drain(Duration limit) {
    threads.shutdown();
    try {
      return threads.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
