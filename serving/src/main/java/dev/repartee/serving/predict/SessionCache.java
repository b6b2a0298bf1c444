package dev.repartee.serving.predict;

import dev.repartee.engine.suggest.ServingEngine.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open sessions used most recently, by their contexts. One request at a time uses a session.
 * The requests of a conversation come one after the other; one without a conversation's id that
 * finds the session in use gets another for itself. The cache owns the sessions and closes those
 * that it evicts. A conversation keeps its session until its next message; for requests without a
 * conversation's id a session whose knowledge is not current is opened again.
 *
 * <p>The limits bound the number and the memory of the open sessions; above them the caller who has
 * most loses some, so that one with many conversations cannot take those of others. Sessions in
 * use, and those being closed, may exceed the limits. Only an open session counts, so a request
 * that is refused while it waits evicts nothing.
 */
final class SessionCache implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(SessionCache.class);

  private final Function<ReplyContext, Session> opener;
  private final int maxSessions;
  private final long maxBytes;

  // Everything below is guarded by this, and so are the slots. The map is in the order of last use.
  private final SequencedMap<ReplyContext, Slot> slots = new LinkedHashMap<>(16, 0.75f, true);
  private int open;
  private long bytes;
  private int inUse;

  SessionCache(Function<ReplyContext, Session> opener, int maxSessions, long maxBytes) {
    this.opener = opener;
    this.maxSessions = maxSessions;
    this.maxBytes = maxBytes;
  }

  /** A context that has an open session, or requests. */
  private static final class Slot {
    private final ReplyContext context;
    private volatile Session session; // written under the cache's lock
    private long bytes; // of the session, when it was last used
    private long lastUse = System.nanoTime();
    private boolean inUse;
    private boolean passing; // for one request alone, and not in the map
    private volatile boolean cancelled; // what it computes now, or will when it is open

    Slot(ReplyContext context) {
      this.context = context;
    }

    /** Whether its session is open, and may be used for the next request. */
    boolean isOpen() {
      Session current = session;
      return current != null
          && !current.isOutOfDate()
          && (context.conversationId().isPresent() || current.isCurrent());
    }

    /** Ends early what the session computes now, on any thread. */
    void cancel() {
      cancelled = true;
      Session current = session;
      if (current != null) {
        current.cancel();
      }
    }
  }

  /** The open session of {@code context}, for the methods that any thread may call at any time. */
  synchronized Optional<Session> open(ReplyContext context) {
    Slot slot = slots.get(context);
    if (slot == null) {
      return Optional.empty();
    }
    slot.lastUse = System.nanoTime();
    return Optional.ofNullable(slot.session).filter(_ -> slot.isOpen());
  }

  /** Whether {@code context} has a session or requests; asking is no use of it. */
  synchronized boolean holds(ReplyContext context) {
    return slots.containsKey(context);
  }

  /** The number of open sessions. */
  synchronized int size() {
    return open;
  }

  /** The memory of the open sessions. */
  synchronized long bytes() {
    return bytes;
  }

  /** The contexts of the open sessions that were used {@code within} this time, the last first. */
  synchronized List<ReplyContext> recent(Duration within) {
    long now = System.nanoTime();
    return slots.sequencedValues().reversed().stream()
        .filter(slot -> slot.session != null && now - slot.lastUse < within.toNanos())
        .map(slot -> slot.context)
        .toList();
  }

  /** The context that was used last of a caller's conversation; asking is no use of it. */
  synchronized Optional<ReplyContext> find(String caller, String conversationId) {
    return slots.sequencedKeySet().reversed().stream()
        .filter(one -> one.caller().equals(caller))
        .filter(one -> one.conversationId().filter(conversationId::equals).isPresent())
        .findFirst();
  }

  /** Reserves the session of {@code context}. */
  synchronized SessionLease lease(ReplyContext context) {
    Slot slot = slots.computeIfAbsent(context, Slot::new);
    while (slot.inUse && context.conversationId().isPresent()) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw RequestException.overloaded("the service is stopping");
      }
      slot = slots.computeIfAbsent(context, Slot::new); // it may have been closed
    }
    if (slot.inUse) {
      slot = new Slot(context);
      slot.passing = true;
    }
    return begin(slot);
  }

  private SessionLease begin(Slot slot) {
    slot.inUse = true;
    slot.cancelled = false;
    if (slot.session != null) {
      slot.session.resume();
    }
    inUse++;
    return new SessionLease(slot);
  }

  /** The sole right to one session, until it is closed. */
  final class SessionLease implements AutoCloseable {
    private final Slot slot;
    private boolean failed;

    private SessionLease(Slot slot) {
      this.slot = slot;
    }

    /** Whether the conversation is read already. */
    boolean isOpen() {
      return slot.isOpen();
    }

    /**
     * Runs {@code work} with the open session, or with a new one that reads its context now. A
     * session whose work fails is closed with the lease.
     */
    <T> T use(Function<Session, T> work) {
      failed = true;
      T result = work.apply(open(slot));
      failed = false;
      return result;
    }

    /** Ends early what the session computes now, on any thread. */
    void cancel() {
      slot.cancel();
    }

    @Override
    public void close() {
      end(slot, !failed).forEach(SessionCache::closeQuietly);
    }
  }

  private Session open(Slot slot) {
    if (slot.isOpen()) {
      return slot.session;
    }
    // The new session takes over their memory, and begins with what they have read.
    takeReplaced(slot).forEach(SessionCache::closeQuietly);
    Session opened = opener.apply(slot.context);
    synchronized (this) {
      slot.session = opened;
      open++;
      account(slot);
    }
    if (slot.cancelled) { // while it was opened
      opened.cancel();
    }
    return opened;
  }

  /**
   * The outdated session, and another one of the same conversation, which has gone on since and
   * does not need it. So a conversation keeps one, however many requests it makes.
   */
  private synchronized List<Session> takeReplaced(Slot slot) {
    List<Session> replaced = new ArrayList<>();
    if (slot.session != null) {
      replaced.add(takeSession(slot));
    }
    slots.values().stream()
        .filter(one -> one.session != null && !one.inUse)
        .filter(one -> one.context.isOfSameConversation(slot.context))
        .findFirst()
        .ifPresent(
            before -> {
              slots.remove(before.context);
              replaced.add(takeSession(before));
            });
    return replaced;
  }

  /** A session grows with its drafts: what it takes is counted anew after each use. */
  private void account(Slot slot) {
    long now = slot.session == null ? 0 : slot.session.bytes();
    bytes += now - slot.bytes;
    slot.bytes = now;
  }

  /** Ends a lease, and returns the sessions that are to be closed. */
  private synchronized List<Session> end(Slot slot, boolean done) {
    List<Session> closing = new ArrayList<>();
    slot.inUse = false;
    inUse--;
    account(slot);
    if (slot.session != null && (!done || slot.passing)) {
      closing.add(takeSession(slot));
    }
    if (slot.session == null && !slot.passing) {
      slots.remove(slot.context);
    }
    closing.addAll(takeAbove(maxSessions, maxBytes));
    notifyAll();
    return closing;
  }

  private Session takeSession(Slot slot) {
    Session session = slot.session;
    slot.session = null;
    open--;
    account(slot);
    return session;
  }

  /** Closes the sessions used longest ago, except those in use, until the others fit. */
  void shrink(long memory) {
    takeAbove(maxSessions, memory).forEach(SessionCache::closeQuietly);
  }

  /** Takes out sessions until the others fit, or all of them are in use. */
  private synchronized List<Session> takeAbove(int sessions, long memory) {
    List<Session> evicted = new ArrayList<>();
    while (open > sessions || bytes > memory) {
      Optional<Slot> next = nextEvicted();
      if (next.isEmpty()) {
        break;
      }
      evicted.add(takeSession(next.get()));
      slots.remove(next.get().context);
    }
    return evicted;
  }

  /**
   * The session used longest ago of the caller whose sessions take most; the last one used only
   * where it is alone, and none that is in use.
   */
  private Optional<Slot> nextEvicted() {
    Map<String, Long> taken = new HashMap<>();
    List<Slot> unused = new ArrayList<>(); // eldest first
    for (Slot slot : slots.values()) {
      if (slot.session != null) {
        taken.merge(slot.context.caller(), slot.bytes, Long::sum);
        if (!slot.inUse) {
          unused.add(slot);
        }
      }
    }
    return unused.stream()
        .limit(Math.max(1, unused.size() - 1))
        .min(Comparator.comparingLong(slot -> -taken.get(slot.context.caller())));
  }

  private static void closeQuietly(Session session) {
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
  synchronized boolean awaitUnused(Duration limit) {
    long until = System.nanoTime() + limit.toNanos();
    try {
      for (long left = limit.toNanos(); inUse > 0 && left > 0; ) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
        left = until - System.nanoTime();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return inUse == 0;
  }

  /** Closes every session that is not in use. */
  @Override
  public void close() {
    takeAbove(0, 0).forEach(SessionCache::closeQuietly);
  }
}
