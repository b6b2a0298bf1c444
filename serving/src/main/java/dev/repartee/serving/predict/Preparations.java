package dev.repartee.serving.predict;

import dev.repartee.text.Threads;
import dev.repartee.text.conversation.Message;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the model about drafts whose agents have an answer already, so that the next keystroke's is
 * a better one. It does so on one thread, when nobody waits for the model, and for the newest draft
 * of a conversation only.
 */
final class Preparations implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Preparations.class);

  /** Of a draft that waits longer than behind so many others the next letter was typed long ago. */
  private static final int MOST_WAITING = 64;

  private final SessionCache sessions;
  private final Map<List<Message>, String> drafts = new LinkedHashMap<>(); // the oldest first
  private final Thread thread;
  private boolean closed;

  Preparations(SessionCache sessions) {
    this.sessions = sessions;
    this.thread = Thread.ofPlatform().daemon().name("prepare").start(this::work);
  }

  /** Asks for a draft to be prepared, in place of any other of the same context. */
  synchronized void prepare(List<Message> context, String draft) {
    if (closed) {
      return;
    }
    forget(context);
    if (drafts.size() == MOST_WAITING) {
      Iterator<String> oldest = drafts.values().iterator();
      oldest.next();
      oldest.remove();
    }
    drafts.put(List.copyOf(context), draft);
    notifyAll();
  }

  /** The draft of this context is another one now. */
  synchronized void forget(List<Message> context) {
    drafts.remove(context);
  }

  private void work() {
    try {
      for (Optional<Map.Entry<List<Message>, String>> next = next();
          next.isPresent();
          next = next()) {
        fulfil(next.get().getKey(), next.get().getValue());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for a draft; nothing once there will be none. */
  private synchronized Optional<Map.Entry<List<Message>, String>> next()
      throws InterruptedException {
    while (drafts.isEmpty() && !closed) {
      wait();
    }
    if (closed) {
      return Optional.empty();
    }
    Iterator<Map.Entry<List<Message>, String>> oldest = drafts.entrySet().iterator();
    Map.Entry<List<Message>, String> first = oldest.next();
    oldest.remove();
    return Optional.of(first);
  }

  private void fulfil(List<Message> context, String draft) {
    try {
      sessions
          .leaseBehind(context)
          .ifPresent(
              lease -> {
                try (lease) {
                  var _ =
                      lease.useOpen(
                          session -> {
                            session.prepare(draft);
                            return Optional.empty();
                          });
                }
              });
    } catch (RuntimeException e) {
      // Its session is closed, so that the next request begins anew; without its text.
      log.warn("preparing a draft failed: {}", e.getClass().getName());
    }
  }

  /** Takes no more drafts, and waits for what has begun. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      drafts.clear();
      notifyAll();
    }
    Threads.joinUninterruptibly(thread);
  }
}
