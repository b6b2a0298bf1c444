package dev.repartee.registry.feedback;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a reply came about, as its feedback holds it. It has times and numbers of characters, and no
 * text.
 *
 * @param suggestionsId of the response whose suggestions the feedback holds
 * @param experiment that the conversation is in; the service knows it, whatever clients send
 * @param dropped displays that did not fit
 * @param actions in the order of their times
 */
public record ReplyEvents(
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> suggestionsId,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> queue,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Assignment> experiment,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> dropped,
    List<Action> actions) {

  public static final int MOST_ACTIONS = 200;
  public static final int MOST_BYTES = 32 * 1024;

  /** A longer pause counts as this much: the agent looks something up, or serves somebody else. */
  public static final long LONGEST_PAUSE_MS = 10_000;

  /**
   * What an experiment does with a conversation.
   *
   * @param id of the experiment
   * @param arm its arm
   * @param version of the model that answers in this arm
   */
  public record Assignment(String id, String arm, String version) {

    public Assignment {
      requireNonNull(id, "id is null");
      requireNonNull(arm, "arm is null");
      requireNonNull(version, "version is null");
    }
  }

  /** What happened. */
  public enum What {
    /** A suggestion appeared; the agent did nothing. */
    DISPLAYED,
    TYPED,
    /** A whole reply was taken. */
    CHOSEN,
    /** A completion was taken. */
    COMPLETED,
    SEARCHED,
    PASTED,
    /** Something was deleted, replaced, undone or redone. */
    EDITED,
    SENT;

    /** The name in requests and records. */
    @JsonValue
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One thing that happened. A span of typing is one action, until the agent rests or does
   * something else.
   *
   * @param atMs when it began, since the reply did: since the customer's message or the reply
   *     before
   * @param forMs how long it took; of a display, how long it stood
   * @param characters typed, put in, shown or sent, in code points
   * @param removed characters that were deleted or replaced
   * @param kind of the suggestion: {@code answer} or {@code completion}
   * @param id of the suggestion, where it has one
   * @param p the calibrated probability that it was shown with
   * @param policy the operating point that showed it: {@code calm} or {@code eager}
   * @param typedThrough whether the agent went on typing what it says
   */
  public record Action(
      What action,
      long atMs,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> forMs,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> characters,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> removed,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> kind,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> id,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Double> p,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> policy,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Boolean> typedThrough) {

    public Action {
      requireNonNull(action, "action is null");
    }

    private long endMs() {
      return atMs + forMs.orElse(0);
    }
  }

  public ReplyEvents {
    actions = List.copyOf(actions);
  }

  /** The same events of a conversation that an experiment is done with, or with none. */
  public ReplyEvents in(Optional<Assignment> assigned) {
    return new ReplyEvents(suggestionsId, queue, assigned, dropped, actions);
  }

  /** How many suggestions were displayed. */
  public int displays() {
    return count(What.DISPLAYED) + dropped.orElse(0);
  }

  /** How many of these actions there are. */
  public int count(What what) {
    int count = 0;
    for (Action action : actions) {
      count += action.action() == what ? 1 : 0;
    }
    return count;
  }

  /**
   * How long the agent composed, in milliseconds: from the beginning of the reply to the last
   * action, with each pause counted as {@link #LONGEST_PAUSE_MS} at most. Displays are no actions
   * of the agent: where nothing is displayed the clock runs the same. Empty where the agent did
   * nothing.
   */
  public OptionalLong composingMs() {
    long composing = 0;
    long until = 0;
    boolean acted = false;
    for (Action action : actions) {
      if (action.action() != What.DISPLAYED) {
        acted = true;
        long pause = Math.max(0, action.atMs() - until);
        long busy = Math.max(0, action.endMs() - Math.max(until, action.atMs()));
        composing += Math.min(pause, LONGEST_PAUSE_MS) + busy;
        until = Math.max(until, action.endMs());
      }
    }
    return acted ? OptionalLong.of(composing) : OptionalLong.empty();
  }
}
