package dev.repartee.serving.predict;

import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.serving.predict.WorkerPool.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions used most recently, by their contexts. One request at a time uses a session: a
 * second request of the same context waits for the first, and then finds the context read. The
 * cache owns the sessions and closes those that it evicts.
 *
 * <p>The limits bound the number and the memory of the open sessions. Sessions in use, and those
 * being closed, may exceed them. Only an open session counts, so a request that is refused while it
 * waits evicts nothing.
 */
final class SessionCache implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SessionCache.class);

  /** The most messages by which a conversation may have grown since its last request. */
  private static final int MAX_NEW_MESSAGES = 4;

  private final Function<ReplyContext, ReplySession> opener;
  private final int maxSessions;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();

  // Everything below is guarded by lock, and so are the slots. The map is in the order of last use.
  private final Map<ReplyContext, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
  private int open;
  private long bytes;
  private int leases;

  SessionCache(Function<ReplyContext, ReplySession> opener, int maxSessions, long maxBytes) {
    this.opener = opener;
    this.maxSessions = maxSessions;
    this.maxBytes = maxBytes;
  }

  /** A context that has an open session, or requests. */
  private static final class Slot {
    private final ReplyContext context;

    /** Held by the request that may use the session. */
    private final ReentrantLock turn = new ReentrantLock();

    private volatile ReplySession session; // written under the cache's lock
    private volatile boolean inBackground; // used by work that no request waits for
    private int leases;
    private boolean atWork;
    private boolean cleared; // while at work
    private volatile Optional<String> conversation = Optional.empty();

    Slot(ReplyContext context) {
      this.context = context;
    }

    /** Ends early what the session computes now, on any thread. */
    void cancel() {
      ReplySession current = session;
      if (current != null) {
        current.cancel();
      }
    }
  }

  /** The open session of {@code context}, for the methods that any thread may call at any time. */
  Optional<ReplySession> open(ReplyContext context) {
    lock.lock();
    try {
      return Optional.ofNullable(slots.get(context)).map(slot -> slot.session);
    } finally {
      lock.unlock();
    }
  }

  /** The number of open sessions. */
  int size() {
    lock.lock();
    try {
      return open;
    } finally {
      lock.unlock();
    }
  }

  /** The memory of the open sessions. */
  long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reserves the session of {@code context} for the calling thread. Background work on it ends
   * early.
   *
   * @param conversation its earlier session is closed when this one is opened
   * @throws RequestException.Overloaded when another request still used it at the deadline
   */
  SessionLease lease(ReplyContext context, Optional<String> conversation, Deadline deadline) {
    Slot slot = enter(context);
    boolean mine = false;
    try {
      if (slot.inBackground) {
        slot.cancel();
      }
      mine = slot.turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!mine) {
        leave(slot);
      }
    }
    if (!mine) {
      throw WorkerPool.overloaded("another request of this conversation is still being answered");
    }
    slot.conversation = conversation;
    return new SessionLease(slot);
  }

  /**
   * Reserves the open session of {@code context} for work that no request waits for. A request of
   * the same context ends that work early.
   *
   * @return empty when there is no open session, or it is in use
   */
  Optional<SessionLease> leaseInBackground(ReplyContext context) {
    Slot slot = enter(context);
    boolean mine = slot.session != null && slot.turn.tryLock();
    if (mine) {
      slot.inBackground = true;
      mine = isAlone(slot); // a request that entered before did not see inBackground
      if (!mine) {
        slot.inBackground = false;
        slot.turn.unlock();
      }
    }
    if (!mine) {
      leave(slot);
      return Optional.empty();
    }
    return Optional.of(new SessionLease(slot));
  }

  private boolean isAlone(Slot slot) {
    lock.lock();
    try {
      return slot.leases == 1;
    } finally {
      lock.unlock();
    }
  }

  private Slot enter(ReplyContext context) {
    lock.lock();
    try {
      Slot slot = slots.computeIfAbsent(context, Slot::new);
      slot.leases++;
      leases++;
      return slot;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Slot slot) {
    lock.lock();
    try {
      slot.leases--;
      leases--;
      released.signalAll();
      if (slot.leases == 0 && slot.session == null) {
        slots.remove(slot.context);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The sole right to one session, until it is closed. */
  final class SessionLease implements AutoCloseable {
    private final Slot slot;

    private SessionLease(Slot slot) {
      this.slot = slot;
    }

    /** Whether the conversation is read already. */
    boolean isOpen() {
      return slot.session != null;
    }

    /**
     * Runs {@code work}, on any thread, with the open session, or with a new one that reads its
     * context now. A session whose work fails is closed.
     */
    <T> T use(Function<ReplySession, T> work) {
      boolean done = false;
      try {
        T result = work.apply(begin(slot));
        done = true;
        return result;
      } finally {
        end(slot, done);
      }
    }

    /** Ends early what the session computes now, on any thread. */
    void cancel() {
      slot.cancel();
    }

    @Override
    public void close() {
      slot.inBackground = false;
      slot.turn.unlock();
      leave(slot);
    }
  }

  private ReplySession begin(Slot slot) {
    lock.lock();
    try {
      slot.atWork = true;
      if (slot.session != null) {
        return slot.session;
      }
    } finally {
      lock.unlock();
    }
    // The new session takes over its memory, and begins with what it has read.
    takePredecessor(slot).ifPresent(SessionCache::closeQuietly);
    ReplySession opened = opener.apply(slot.context);
    lock.lock();
    try {
      slot.session = opened;
      open++;
      bytes += opened.bytes();
    } finally {
      lock.unlock();
    }
    return opened;
  }

  /** The session of the same conversation some messages ago, which is not needed any more. */
  private Optional<ReplySession> takePredecessor(Slot slot) {
    int messages = slot.context.messages().size();
    lock.lock();
    try {
      for (int size = messages - 1; size > 0 && size >= messages - MAX_NEW_MESSAGES; size--) {
        Slot before = slots.get(slot.context.first(size));
        if (before != null
            && before.session != null
            && before.leases == 0
            && before.conversation.isPresent()
            && before.conversation.equals(slot.conversation)) {
          slots.remove(before.context);
          return Optional.of(takeSession(before));
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void end(Slot slot, boolean done) {
    List<ReplySession> evicted = new ArrayList<>();
    lock.lock();
    try {
      slot.atWork = false;
      if ((!done || slot.cleared) && slot.session != null) {
        evicted.add(takeSession(slot));
      }
      slot.cleared = false;
      evictAbove(maxSessions, maxBytes, evicted);
    } finally {
      lock.unlock();
    }
    evicted.forEach(SessionCache::closeQuietly);
  }

  private ReplySession takeSession(Slot slot) {
    ReplySession session = slot.session;
    slot.session = null;
    open--;
    bytes -= session.bytes();
    return session;
  }

  /** Takes out the sessions used longest ago, except those in use. */
  private void evictAbove(int sessions, long memory, List<ReplySession> evicted) {
    Iterator<Slot> eldestFirst = slots.values().iterator();
    while ((open > sessions || bytes > memory) && eldestFirst.hasNext()) {
      Slot slot = eldestFirst.next();
      if (slot.session == null || slot.atWork) {
        continue;
      }
      evicted.add(takeSession(slot));
      if (slot.leases == 0) {
        eldestFirst.remove();
      }
    }
  }

  private static void closeQuietly(ReplySession session) {
    try {
      session.close();
    } catch (RuntimeException e) {
      // The request that it served has its answer. Messages are never logged.
      log.warn("closing a session failed: {}", e.getClass().getName());
    }
  }

  /**
   * Waits until no request holds a session.
   *
   * @return false when one still did after {@code limit}
   */
  boolean awaitUnused(Duration limit) {
    long nanosLeft = limit.toNanos();
    lock.lock();
    try {
      while (leases > 0 && nanosLeft > 0) {
        nanosLeft = released.awaitNanos(nanosLeft);
      }
      return leases == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    clear();
  }

  /** Closes every session, one that is in use as soon as it is not; others may be opened. */
  void clear() {
    List<ReplySession> evicted = new ArrayList<>();
    lock.lock();
    try {
      evictAbove(0, 0, evicted);
      slots.values().forEach(slot -> slot.cleared = slot.atWork);
    } finally {
      lock.unlock();
    }
    evicted.forEach(SessionCache::closeQuietly);
  }
}
