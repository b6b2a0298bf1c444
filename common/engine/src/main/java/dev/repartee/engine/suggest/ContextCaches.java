package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.Passes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Key-value caches of contexts that are open or were of late. A conversation that grew by a message
 * begins like one of them, whose keys and values are taken over, so only the new message is read.
 * May be used by several threads; owns the caches.
 */
final class ContextCaches implements AutoCloseable {

  /** A context and the cache that begins with it. */
  static final class Lease {
    private final int[] context;
    private final KvCache cache;

    private Lease(int[] context, KvCache cache) {
      this.context = context;
      this.cache = cache;
    }

    KvCache cache() {
      return cache;
    }
  }

  /**
   * A copy waits for the pass that runs, while reading some tokens more takes a pass hardly longer.
   */
  private static final int WORTH_COPYING = 32;

  private final Passes passes;
  private final int capacity;
  private final int most; // idle ones
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Lease> open = new ArrayList<>();
  private final Deque<Lease> idle = new ArrayDeque<>(); // last used first

  /**
   * Has caches of at most {@code capacity} tokens each.
   *
   * @param capacity of every cache
   * @param most kept after use for conversations that go on, each with what memory it took then
   */
  ContextCaches(Passes passes, int capacity, int most) {
    this.passes = passes;
    this.capacity = capacity;
    this.most = most;
  }

  /** A cache that holds a beginning of {@code context}, short of its last token at least. */
  Lease lease(int[] context) {
    lock.lock();
    try {
      Lease donor = longest(idle, context);
      Lease busy = longest(open, context);
      if (busy != null && common(busy, context) < WORTH_COPYING) {
        busy = null;
      }
      int length = donor == null ? 0 : common(donor, context);
      KvCache cache;
      if (donor != null && (busy == null || length >= common(busy, context))) {
        idle.remove(donor);
        cache = donor.cache();
        cache.truncate(length);
        cache.expect(context.length);
      } else {
        cache = passes.newCache(capacity);
        cache.expect(context.length);
        if (busy != null) {
          copyOrClose(busy.cache(), cache, common(busy, context));
        }
      }
      Lease lease = new Lease(context.clone(), cache);
      open.add(lease);
      return lease;
    } finally {
      lock.unlock();
    }
  }

  /** Tokens of {@code from} behind the context may be changing; those of the context do not. */
  private void copyOrClose(KvCache from, KvCache to, int length) {
    try {
      passes.copy(from, to, length);
    } catch (RuntimeException | Error e) {
      to.close();
      throw e;
    }
  }

  /** Takes a cache back whose first tokens are still its context. */
  void giveBack(Lease lease) {
    lock.lock();
    try {
      if (!open.remove(lease)) {
        return; // closed twice
      }
      lease.cache().truncate(Math.min(lease.cache().length(), lease.context.length));
      idle.addFirst(lease);
      if (idle.size() > most) {
        idle.removeLast().cache().close();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Closes those that are not in use. */
  void closeIdle() {
    lock.lock();
    try {
      idle.forEach(lease -> lease.cache().close());
      idle.clear();
    } finally {
      lock.unlock();
    }
  }

  /** How many are in use. */
  int open() {
    lock.lock();
    try {
      return open.size();
    } finally {
      lock.unlock();
    }
  }

  private Lease longest(Collection<Lease> leases, int[] context) {
    Lease best = null;
    int most = 0;
    for (Lease lease : leases) {
      int length = common(lease, context);
      if (length > most) {
        most = length;
        best = lease;
      }
    }
    return best;
  }

  private static int common(Lease lease, int[] context) {
    int different = Arrays.mismatch(lease.context, context);
    int same = different < 0 ? context.length : different;
    return Math.min(Math.min(same, lease.cache().length()), context.length - 1);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      open.forEach(lease -> lease.cache().close());
      open.clear();
      closeIdle();
    } finally {
      lock.unlock();
    }
  }
}
