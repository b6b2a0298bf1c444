package dev.repartee.serving.predict;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The newest request of each conversation. An agent who types on has no use for what was asked at
 * the last keystroke, so the older request gives way: at work it ends early, waiting it is refused.
 */
final class Turns {

  private final ConcurrentMap<String, Turn> newest = new ConcurrentHashMap<>();

  /** One request. */
  final class Turn implements AutoCloseable {
    private final Optional<String> conversation;
    private boolean superseded;
    private Optional<SessionCache.Lease> lease = Optional.empty();

    private Turn(Optional<String> conversation) {
      this.conversation = conversation;
    }

    /**
     * The request's turn has come.
     *
     * @throws RequestException.Superseded when it came too late
     */
    synchronized void begin(SessionCache.Lease its) {
      if (superseded) {
        throw new RequestException.Superseded();
      }
      lease = Optional.of(its);
    }

    private synchronized void supersede() {
      superseded = true;
      lease.ifPresent(SessionCache.Lease::cancel);
    }

    /** From now on the session belongs to another request. */
    synchronized void end() {
      lease = Optional.empty();
    }

    @Override
    public void close() {
      end();
      conversation.ifPresent(id -> newest.remove(id, this));
    }
  }

  /**
   * Takes the place of the conversation's older request.
   *
   * @param conversation without an id requests never supersede each other
   */
  Turn take(Optional<String> conversation) {
    Turn turn = new Turn(conversation);
    conversation.map(id -> newest.put(id, turn)).ifPresent(Turn::supersede);
    return turn;
  }
}
