package dev.repartee.serving.predict;

import dev.repartee.common.data.Message;
import dev.repartee.common.suggest.ReplySession;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The most recently used open sessions, by the messages of their context. A session is used by one
 * request at a time: a second request of the same context waits for the first and then finds the
 * context read. The cache owns the sessions: one that falls out is closed, after its last use.
 *
 * <p>Only an open session takes a place, so a request that is refused while it waits pushes none
 * out.
 */
final class SessionCache implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SessionCache.class);

  private final Function<List<Message>, ReplySession> opener;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by lock; the map's order is that of the last use.
  private final Map<List<Message>, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private int open;
  private boolean closed;

  SessionCache(Function<List<Message>, ReplySession> opener, int capacity) {
    this.opener = opener;
    this.capacity = capacity;
  }

  /** One context; {@code session} is written by the holder of {@code exclusive}, under lock. */
  private static final class Entry {
    private final List<Message> context;
    private final ReentrantLock exclusive = new ReentrantLock();
    private ReplySession session;
    private int users;
    private boolean evicted;

    Entry(List<Message> context) {
      this.context = context;
    }
  }

  /**
   * Reserves the session of {@code context} for the calling thread.
   *
   * @throws OverloadedException when another request still used it at the deadline
   */
  Lease lease(List<Message> context, Deadline deadline) {
    Entry entry = enter(List.copyOf(context));
    boolean mine = false;
    try {
      mine = entry.exclusive.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
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
    return new Lease(entry);
  }

  /** The sole use of one session, until closed; its holder may use it from one other thread. */
  final class Lease implements AutoCloseable {
    private final Entry entry;

    private Lease(Entry entry) {
      this.entry = entry;
    }

    /** The session, which reads its context now when no earlier request has. */
    ReplySession session() {
      if (entry.session == null) {
        opened(entry, opener.apply(entry.context));
      }
      return entry.session;
    }

    /** Gives up a session whose last use failed; the next request opens a new one. */
    void discard() {
      if (entry.session != null) {
        ReplySession broken = entry.session;
        opened(entry, null);
        closeQuietly(broken);
      }
    }

    @Override
    public void close() {
      entry.exclusive.unlock();
      leave(entry);
    }
  }

  private Entry enter(List<Message> context) {
    lock.lock();
    try {
      if (closed) {
        throw new IllegalStateException("the session cache is closed");
      }
      Entry entry = entries.computeIfAbsent(context, Entry::new);
      entry.users++;
      return entry;
    } finally {
      lock.unlock();
    }
  }

  private void leave(Entry entry) {
    ReplySession last = null;
    lock.lock();
    try {
      entry.users--;
      if (entry.users == 0 && entry.evicted) {
        last = entry.session;
        entry.session = null;
      } else if (entry.users == 0 && entry.session == null) {
        entries.remove(entry.context);
      }
    } finally {
      lock.unlock();
    }
    closeQuietly(last);
  }

  private void opened(Entry entry, ReplySession session) {
    List<ReplySession> unused;
    lock.lock();
    try {
      entry.session = session;
      if (!entry.evicted) {
        open += session == null ? -1 : 1;
      }
      unused = evictAbove(capacity, entry);
    } finally {
      lock.unlock();
    }
    unused.forEach(SessionCache::closeQuietly);
  }

  /** Drops the sessions used longest ago, and returns those that nobody uses. */
  private List<ReplySession> evictAbove(int most, Entry keep) {
    List<ReplySession> unused = new ArrayList<>();
    Iterator<Entry> eldestFirst = entries.values().iterator();
    while (open > most && eldestFirst.hasNext()) {
      Entry entry = eldestFirst.next();
      if (entry.session == null || entry == keep) {
        continue;
      }
      eldestFirst.remove();
      entry.evicted = true;
      open--;
      if (entry.users == 0) {
        unused.add(entry.session);
        entry.session = null;
      }
    }
    return unused;
  }

  private static void closeQuietly(ReplySession session) {
    if (session == null) {
      return;
    }
    try {
      session.close();
    } catch (RuntimeException e) {
      // The request it served has its answer; without its text, as messages are never logged.
      log.warn("closing a session failed: {}", e.getClass().getName());
    }
  }

  /** Closes what nobody uses; the rest is closed when its user leaves. */
  @Override
  public void close() {
    List<ReplySession> unused;
    lock.lock();
    try {
      closed = true;
      unused = evictAbove(0, null);
    } finally {
      lock.unlock();
    }
    unused.forEach(SessionCache::closeQuietly);
  }
}
