package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.predict.ReplyContext.Conversation;
import dev.repartee.text.Threads;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A fixed number of threads that run predictions, or redact texts. A request waits for its turn,
 * and is refused when none comes in time.
 *
 * <p>Callers take turns, next the one who has used the threads for the shortest time, and so do the
 * conversations of a caller. A conversation has one turn at a time, and while several callers ask,
 * none has all of the threads, so that a request of one waits for its own kind and not for what
 * others flood the service with.
 *
 * <p>These are platform threads, while requests have virtual ones: native code pins the carrier of
 * a virtual thread, so predictions on every core would leave no carrier for the health checks. The
 * engine also keeps settings per thread, which last as long as the thread. They have the priority
 * of the model's thread, or preparing one long conversation would keep it from the others' passes.
 */
public final class WorkerPool implements AutoCloseable {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  /** Nobody waits for an answer to feedback. */
  private static final Duration REDACTION_WAIT = Duration.ofSeconds(5);

  /** Who asked within this time may ask again, and finds a thread that others have not. */
  private static final Duration RECENT = Duration.ofSeconds(10);

  private final Duration maxWait;
  private final Limits whole; // threads, and how many of them may read conversations
  private final Limits shared; // what one of several may have of them
  private final ExecutorService threads;

  // Everything below is guarded by lock, and so are turns and shares.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final List<Turn> waiting = new ArrayList<>(); // oldest first
  private final Share all = new Share();
  private final Map<String, Caller> callers = new HashMap<>();
  private final Map<Conversation, Share> conversations = new HashMap<>(); // those with requests
  private long clock; // counts arrivals and turns

  /**
   * What a caller has used who asked all the time. Who comes back has used as much: nobody saves
   * time up (weighted fair queuing, Demers, Keshav and Shenker 1989).
   */
  private long fairNanos;

  /**
   * Starts no thread before it is needed.
   *
   * @param work what the names of the threads begin with
   * @param count of the threads
   * @param maxWait how long a request waits for its turn
   */
  @SuppressWarnings("ThreadPriorityCheck") // affects speed only
  WorkerPool(String work, int count, Duration maxWait) {
    this.maxWait = maxWait;
    this.whole = new Limits(count, Math.ceilDiv(count, 2));
    this.shared = new Limits(whole.running() - 1, whole.reading() - 1);
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
   * Threads on half of the cores, and two at least, that redact texts of requests: on its virtual
   * thread a long text would hold the carrier, and the requests of others, the probes among them,
   * would wait.
   */
  public static WorkerPool forRedaction() {
    int half = Math.ceilDiv(Runtime.getRuntime().availableProcessors(), 2);
    return new WorkerPool("redact", Math.max(2, half), REDACTION_WAIT);
  }

  /**
   * How many requests may be at work at once. One is allowed in any case.
   *
   * @param running all of them
   * @param reading those that read a whole conversation, which takes many times as long
   */
  private record Limits(int running, int reading) {

    static final Limits ONE = new Limits(1, 1);

    boolean allow(Share share, boolean reads) {
      return share.running < Math.max(1, running)
          && (!reads || share.reading < Math.max(1, reading));
    }
  }

  /** What somebody has of the threads. */
  private static class Share {
    int waiting;
    int running;
    int reading;
    long since; // by the clock: the last turn, or when it began to wait after that

    final void arrive(long at) {
      since = waiting == 0 ? at : since;
      waiting++;
    }

    final void begin(long at, boolean reads) {
      since = at;
      waiting--;
      running++;
      reading += reads ? 1 : 0;
    }

    final void end(boolean reads) {
      running--;
      reading -= reads ? 1 : 0;
    }

    final boolean isUnused() {
      return waiting + running == 0;
    }
  }

  /** A caller's share, and how long its turns have held threads. */
  private static final class Caller extends Share {
    private long usedNanos;
    private long lastAsked;

    boolean isRecent(long now) {
      return now - lastAsked < RECENT.toNanos();
    }
  }

  /** One request's turn at the threads. */
  final class Turn {
    private final Conversation conversation;
    private final Condition changed = lock.newCondition();
    private Caller caller;
    private Share share; // of the conversation
    private boolean reads;
    private boolean granted;
    private long beganNanos;
    private boolean superseded;

    private Turn(Conversation conversation) {
      this.conversation = requireNonNull(conversation, "conversation is null");
    }

    /** Ends the wait: the answer is not wanted any more. */
    void supersede() {
      lock.lock();
      try {
        superseded = true;
        changed.signal();
      } finally {
        lock.unlock();
      }
    }

    private List<Share> shares() {
      return List.of(all, caller, share);
    }

    private boolean mayGo(boolean callerIsAlone) {
      Limits ofConversation = conversation.id().isPresent() ? Limits.ONE : shared;
      return whole.allow(all, reads)
          && (callerIsAlone || shared.allow(caller, reads))
          && ofConversation.allow(share, reads);
    }

    private RequestException.Overloaded refusal() {
      if (conversation.id().isPresent() && share.running > 0) {
        return overloaded("another request of this conversation is still being answered");
      }
      return overloaded(reads ? "too many conversations are being read" : "every thread is busy");
    }
  }

  /** The turn of a request, which {@link #call} waits for. */
  Turn turn(Conversation conversation) {
    return new Turn(conversation);
  }

  /**
   * Runs what it is given in turns of this conversation, each when its turn comes. They throw
   * {@link RequestException.Overloaded} when one did not come in time, or the service stops.
   *
   * @param caller as {@link ReplyContext} has it
   */
  public Consumer<Runnable> turns(String caller, String conversationId) {
    Conversation conversation =
        new Conversation(caller, Optional.of(conversationId), Optional.empty(), Optional.empty());
    return work ->
        call(
            turn(conversation),
            false,
            () -> {
              work.run();
              return true;
            });
  }

  /**
   * Waits for the turn, runs {@code work}, and waits for its result, without a limit once it runs.
   *
   * @param reads whether it reads a whole conversation. At most half of the threads do so at the
   *     same time, because the other requests take a fraction of that time.
   * @throws RequestException.Overloaded when the turn did not come in time, or the service stops
   * @throws RequestException.Superseded when the turn was superseded before it came
   */
  <T> T call(Turn turn, boolean reads, Supplier<T> work) {
    enter(turn, reads);
    try {
      return Threads.call(threads, work);
    } catch (RejectedExecutionException e) {
      throw overloaded("the service is stopping");
    } finally {
      leave(turn);
    }
  }

  private void enter(Turn turn, boolean reads) {
    lock.lock();
    try {
      turn.reads = reads;
      arrive(turn);
      grant();
      long left = maxWait.toNanos();
      while (!turn.granted && !turn.superseded && left > 0) {
        left = turn.changed.awaitNanos(left);
      }
      if (!turn.granted) {
        throw turn.superseded ? new RequestException.Superseded() : turn.refusal();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!turn.granted) {
        throw overloaded("the service is stopping");
      }
    } finally {
      if (!turn.granted) {
        waiting.remove(turn);
        turn.shares().forEach(share -> share.waiting--);
        drop(turn);
      }
      lock.unlock();
    }
  }

  private void arrive(Turn turn) {
    long now = System.nanoTime();
    callers.values().removeIf(one -> one.isUnused() && !one.isRecent(now));
    turn.caller = callers.computeIfAbsent(turn.conversation.caller(), _ -> new Caller());
    if (turn.caller.isUnused()) {
      turn.caller.usedNanos = Math.max(turn.caller.usedNanos, fairNanos);
    }
    turn.caller.lastAsked = now;
    turn.share = conversations.computeIfAbsent(turn.conversation, _ -> new Share());
    turn.shares().forEach(share -> share.arrive(clock));
    clock++;
    waiting.add(turn);
  }

  /** Forgets the conversation when it has no other request. */
  private void drop(Turn turn) {
    if (turn.share.isUnused()) {
      conversations.remove(turn.conversation);
    }
  }

  /** Gives turns to those who may go now: to the caller, then to the conversation, next in turn. */
  private void grant() {
    long now = System.nanoTime();
    boolean alone = callers.values().stream().filter(one -> one.isRecent(now)).count() < 2;
    for (Optional<Turn> next = next(alone); next.isPresent(); next = next(alone)) {
      Turn turn = next.get();
      waiting.remove(turn);
      turn.granted = true;
      turn.beganNanos = now;
      turn.shares().forEach(share -> share.begin(clock, turn.reads));
      clock++;
      turn.changed.signal();
    }
  }

  private Optional<Turn> next(boolean callerIsAlone) {
    return waiting.stream()
        .filter(turn -> !turn.superseded && turn.mayGo(callerIsAlone))
        .min(
            Comparator.comparingLong((Turn turn) -> turn.caller.usedNanos)
                .thenComparingLong(turn -> turn.share.since)); // the oldest of equals
  }

  private void leave(Turn turn) {
    lock.lock();
    try {
      long nanos = System.nanoTime() - turn.beganNanos;
      turn.caller.usedNanos += nanos;
      fairNanos += nanos / callers.values().stream().filter(one -> !one.isUnused()).count();
      turn.shares().forEach(share -> share.end(turn.reads));
      drop(turn);
      grant();
      if (all.running == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  static RequestException.Overloaded overloaded(String reason) {
    return new RequestException.Overloaded(reason + "; ask again in a moment", RETRY_AFTER);
  }

  /** The number of requests that wait for a thread. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no request runs, for at most {@code limit}. */
  void awaitIdle(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (all.running > 0 && left > 0) {
        left = idle.awaitNanos(left);
      }
    } finally {
      lock.unlock();
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
