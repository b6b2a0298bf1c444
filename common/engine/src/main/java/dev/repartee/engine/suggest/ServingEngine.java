package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * An engine as services have it: its sessions stay open while agents type, and its knowledge is
 * replaced while it serves.
 */
public interface ServingEngine extends ReplyPredictor {

  /** What open sessions take together on a CPU, unless somebody says it. */
  long SESSION_MEMORY = 1L << 30;

  @Override
  Session open(List<Message> context, Desk desk);

  /** What it knows now. */
  Knowledge knowledge();

  /** Whether {@code evaluate --calibrate} has made the scores probabilities. */
  boolean isCalibrated();

  /**
   * Takes the knowledge of another model folder, whose weights are the same, for sessions that are
   * opened from now on.
   *
   * @throws dev.repartee.text.UserException when it cannot be read; then all stays as it is
   */
  void reload(Path folder);

  /**
   * Builds knowledge of these weights, which are not affected, on other knowledge of theirs.
   *
   * @param goOn is asked before each context is read; where it says no, the rest is left to the
   *     next build
   */
  Knowledge.Built build(Knowledge base, Knowledge.Sources sources, BooleanSupplier goOn);

  /** Memory that its open sessions should take together, in bytes, unless somebody says it. */
  long sessionMemory();

  /** Gives back memory that closed sessions have left, where others are short of it. */
  void releaseUnused();

  /** A session that is asked by several threads, and by requests that are withdrawn. */
  interface Session extends ReplySession {

    /** This session for a display. It is not closed. */
    Session at(Display display);

    /**
     * The agent declines the offer that stands, as by Esc: it is not made again in this reply. Any
     * thread may call this.
     */
    void decline();

    /** Why nothing was suggested for a draft, without a pass of the model. */
    Suggestion.Nothing nothing(String draft);

    /**
     * As much of {@link #suggest} as is known already, which takes a fraction of a millisecond;
     * nothing when not even the words before the draft's last were read. Any thread may ask, also
     * while another one has the model asked, and after the session's end.
     */
    Optional<Known> suggestKnown(String draft, int limit);

    /**
     * Asks the model about a draft, so that {@link #suggest} and {@link #suggestKnown} need not.
     */
    void read(String draft);

    /**
     * A session for one request of an agent who is not told apart from others. It shares what this
     * one has read and owns nothing, so it is not closed; no offer stands or was declined in it,
     * and the replies shown are those that would be shown before the first keystroke.
     *
     * @param limit how many replies at most
     */
    Session forOneRequest(int limit);

    /**
     * How likely each entry of the library is as the reply, by its id; only the order counts. Any
     * thread may ask.
     */
    Map<String, Double> entryLikelihoods();

    /** The language that the reply is to be in, a primary tag of BCP 47; empty while not clear. */
    Optional<String> language();

    /** A text with placeholders, as far as conversation and desk fill it; for any thread. */
    FilledText fill(String template);

    /**
     * Ends early what another thread works out at this moment, with what it has found by then. Any
     * thread may call this at any time.
     */
    void cancel();

    /** Another use begins, to which an earlier {@link #cancel} does not apply. */
    void resume();

    /** Memory that this session keeps outside of Java's heap. */
    long bytes();

    /** Whether what may be offered has changed by the clock, so that it is to be opened again. */
    boolean isOutOfDate();

    /** Whether a session that was opened now would know the same. */
    boolean isCurrent();
  }

  /**
   * What can be told without asking the model.
   *
   * @param whole whether the model could add nothing
   */
  record Known(List<Suggestion> suggestions, boolean whole) {

    public Known {
      suggestions = List.copyOf(suggestions);
    }
  }
}
