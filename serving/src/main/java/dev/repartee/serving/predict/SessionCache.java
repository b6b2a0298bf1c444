package dev.repartee.serving.predict;

import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.text.conversation.Message;
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
 * The most recently used open sessions, by the messages of their context. A session is used by one
 * request at a time: a second request of the same context waits for the first and then finds the
 * context read. The cache owns the sessions, and closes those that fall out.
 *
 * <p>At most so many sessions are open, and take so much memory, as the limits allow, beside those
 * at work or just being closed. Only an open session takes a place, so a request that is refused
 * while it waits pushes none out.
 */
final class SessionCache implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SessionCache.class);

  /** Messages that a conversation may have grown by since it was asked about. */
  private static final int NEW_MESSAGES = 4;

  private final Function<List<Message>, ReplySession> opener;
  private final int mostSessions;
  private final long mostBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition left = lock.newCondition();

  // All below is guarded by lock, as are the entries; the map's order is that of the last use.
  private final Map<List<Message>, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private int open;
  private long bytes;
  private int leases;

  SessionCache(Function<List<Message>, ReplySession> opener, int mostSessions, long mostBytes) {
    this.opener = opener;
    this.mostSessions = mostSessions;
    this.mostBytes = mostBytes;
  }

  /** How much is kept. */
  record Usage(int sessions, long bytes) {}

  Usage usage() {
    lock.lock();
    try {
      return new Usage(open, bytes);
    } finally {
      lock.unlock();
    }
  }

  /** One context that has an open session or requests. */
  private static final class Entry {
    private final List<Message> context;

    /** Held by the one request whose turn it is. */
    private final ReentrantLock turn = new ReentrantLock();

    private volatile ReplySession session; // written under the lock
    private volatile boolean behind; // used by nobody who waits
    private int leases;
    private boolean atWork;
    private volatile Optional<String> conversation = Optional.empty();

    Entry(List<Message> context) {
      this.context = context;
    }
  }

  /** The open session of {@code context}, for what any thread may ask of it at any time. */
  Optional<ReplySession> open(List<Message> context) {
    lock.lock();
    try {
      return Optional.ofNullable(entries.get(context)).map(entry -> entry.session);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reserves the session of {@code context} for the calling thread.
   *
   * @param conversation whose earlier session is needed no more once this one is opened
   * @throws RequestException.Overloaded when another request still used it at the deadline
   */
  Lease lease(List<Message> context, Optional<String> conversation, Deadline deadline) {
    Entry entry = enter(List.copyOf(context));
    boolean mine = false;
    try {
      if (entry.behind) {
        cancel(entry);
      }
      mine = entry.turn.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (!mine) {
        leave(entry);
      }
    }
    if (!mine) {
      throw Workers.overloaded("another request of this conversation is still being answered");
    }
    entry.conversation = conversation;
    return new Lease(entry);
  }

  /**
   * Reserves the open session of {@code context} for something that nobody waits for: a request of
   * the same context ends it early.
   *
   * @return nothing when there is no such session, or it is used
   */
  Optional<Lease> leaseBehind(List<Message> context) {
    Entry entry = enter(context);
    boolean mine = entry.session != null && entry.turn.tryLock();
    if (mine) {
      entry.behind = true;
      mine = isAlone(entry); // whoever came before now does not know of it
      if (!mine) {
        entry.behind = false;
        entry.turn.unlock();
      }
    }
    if (!mine) {
      leave(entry);
      return Optional.empty();
    }
    return Optional.of(new Lease(entry));
  }

  private boolean isAlone(Entry entry) {
    lock.lock();
    try {
      return entry.leases == 1;
    } finally {
      lock.unlock();
    }
  }

  private static void cancel(Entry entry) {
    ReplySession session = entry.session;
    if (session != null) {
      session.cancel();
    }
  }

  /** The sole right to one session, until closed. */
  final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    /**
     * Runs {@code work}, on any thread, with the session: the open one, or a new one that reads its
     * context now. A session whose work fails is closed.
     */
    <T> T use(Function<ReplySession, T> work) {
      boolean done = false;
      try {
        T result = work.apply(begin(entry));
        done = true;
        return result;
      } finally {
        end(entry, done);
      }
    }

    /** Whether the conversation is read already. */
    boolean isOpen() {
      return entry.session != null;
    }

    /** Like {@link #use} on the open session; nothing where there is none. */
    <T> Optional<T> useOpen(Function<ReplySession, Optional<T>> work) {
      return isOpen() ? use(work) : Optional.empty();
    }

    /** Ends early what this lease's session works out at this moment, on whichever thread. */
    void cancel() {
      SessionCache.cancel(entry);
    }

    @Override
    public void close() {
      entry.behind = false;
      entry.turn.unlock();
      leave(entry);
    }
  }

  private Entry enter(List<Message> context) {
    lock.lock();
    try {
      Entry entry = entries.computeIfAbsent(context, Entry::new);
      entry.leases++;
      leases++;
      return entry;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Entry entry) {
    lock.lock();
    try {
      entry.leases--;
      leases--;
      left.signalAll();
      if (entry.leases == 0 && entry.session == null) {
        entries.remove(entry.context);
      }
    } finally {
      lock.unlock();
    }
  }

  private ReplySession begin(Entry entry) {
    lock.lock();
    try {
      entry.atWork = true;
      if (entry.session != null) {
        return entry.session;
      }
    } finally {
      lock.unlock();
    }
    // Its memory goes to the new session, which begins with what it has read.
    takePredecessor(entry).ifPresent(SessionCache::closeQuietly);
    ReplySession opened = opener.apply(entry.context);
    lock.lock();
    try {
      entry.session = opened;
      open++;
      bytes += opened.bytes();
    } finally {
      lock.unlock();
    }
    return opened;
  }

  /** The session that this one goes on from: the conversation will not come back to it. */
  private Optional<ReplySession> takePredecessor(Entry entry) {
    List<Message> context = entry.context;
    lock.lock();
    try {
      for (int size = context.size() - 1;
          size > 0 && size >= context.size() - NEW_MESSAGES;
          size--) {
        Entry before = entries.get(context.subList(0, size));
        if (before != null
            && before.session != null
            && before.leases == 0
            && before.conversation.isPresent()
            && before.conversation.equals(entry.conversation)) {
          entries.remove(before.context);
          return Optional.of(takeSession(before));
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void end(Entry entry, boolean done) {
    List<ReplySession> fallenOut = new ArrayList<>();
    lock.lock();
    try {
      entry.atWork = false;
      if (!done && entry.session != null) {
        fallenOut.add(takeSession(entry));
      }
      evictAbove(mostSessions, mostBytes, fallenOut);
    } finally {
      lock.unlock();
    }
    fallenOut.forEach(SessionCache::closeQuietly);
  }

  private ReplySession takeSession(Entry entry) {
    ReplySession session = entry.session;
    entry.session = null;
    open--;
    bytes -= session.bytes();
    return session;
  }

  /** Takes out the sessions used longest ago, save those at work. */
  private void evictAbove(int sessions, long memory, List<ReplySession> fallenOut) {
    Iterator<Entry> eldestFirst = entries.values().iterator();
    while ((open > sessions || bytes > memory) && eldestFirst.hasNext()) {
      Entry entry = eldestFirst.next();
      if (entry.session == null || entry.atWork) {
        continue;
      }
      fallenOut.add(takeSession(entry));
      if (entry.leases == 0) {
        eldestFirst.remove();
      }
    }
  }

  private static void closeQuietly(ReplySession session) {
    try {
      session.close();
    } catch (RuntimeException e) {
      // The request it served has its answer; without its text, as messages are never logged.
      log.warn("closing a session failed: {}", e.getClass().getName());
    }
  }

  /**
   * Waits until no request holds a session.
   *
   * @return false when one still did after {@code patience}
   */
  boolean awaitUnused(Duration patience) {
    long nanosLeft = patience.toNanos();
    lock.lock();
    try {
      while (leases > 0 && nanosLeft > 0) {
        nanosLeft = left.awaitNanos(nanosLeft);
      }
      return leases == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Closes every session that is not at work. */
  @Override
  public void close() {
    List<ReplySession> fallenOut = new ArrayList<>();
    lock.lock();
    try {
      evictAbove(0, 0, fallenOut);
    } finally {
      lock.unlock();
    }
    fallenOut.forEach(SessionCache::closeQuietly);
  }
}
