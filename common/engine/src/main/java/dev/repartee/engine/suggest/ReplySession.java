package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.FilledText;
import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Predictions for one reply: opened once for a context, then asked again after every keystroke. Not
 * for use by several threads at once.
 */
public interface ReplySession extends AutoCloseable {

  /**
   * The whole replies that fit the context and begin with the draft, best first.
   *
   * @param draft what is typed so far; empty before the first keystroke
   * @param limit how many at most
   */
  List<Suggestion> answers(String draft, int limit);

  /**
   * The whole replies that are shown before the first keystroke: of the {@link #answers} those that
   * are worth a look, maybe none.
   *
   * @param limit how many at most
   */
  default List<Suggestion> replies(int limit) {
    return answers("", limit);
  }

  /** {@link #replies(int)} for a display; predictors that know only one ignore it. */
  default List<Suggestion> replies(int limit, Display display) {
    return replies(limit);
  }

  /**
   * Those of the {@link #replies} shown that begin with the draft. None comes later that was not
   * shown before the first keystroke.
   */
  default List<Suggestion> standingReplies(String draft, int limit) {
    return answers(draft, limit);
  }

  /**
   * The best continuation of the draft: its text appended to the draft gives the predicted reply,
   * or the first part of it.
   */
  Optional<Suggestion> complete(String draft);

  /** {@link #complete(String)} for a display; predictors that know only one ignore it. */
  default Optional<Suggestion> complete(String draft, Display display) {
    return complete(draft);
  }

  /** The agent begins the reply anew: what was offered before counts no more. */
  default void restart() {
    // Nothing to forget where offers do not depend on those before.
  }

  /**
   * The agent declines the offer that stands, as by Esc: it is not made again in this reply. Any
   * thread may call this.
   */
  default void decline() {
    // Nothing to remember where offers do not depend on those before.
  }

  /**
   * What the agent is shown: whole replies before the first keystroke, and then the completion of
   * the draft followed by those of the replies that begin with it and that it does not write whole.
   *
   * @param draft what is typed so far
   * @param limit how many at most, at least 1
   */
  default List<Suggestion> suggest(String draft, int limit) {
    return draft.isEmpty() ? restarted(replies(limit)) : shownWith(complete(draft), draft, limit);
  }

  /** {@link #suggest(String, int)} for a display. */
  default List<Suggestion> suggest(String draft, int limit, Display display) {
    return draft.isEmpty()
        ? restarted(replies(limit, display))
        : shownWith(complete(draft, display), draft, limit);
  }

  /** Why nothing was suggested for a draft, without a pass of the model. */
  default Suggestion.Nothing nothing(String draft, Display display) {
    return Suggestion.Nothing.UNKNOWN;
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

  /**
   * As much of {@link #suggest(String, int, Display)} as is known already, which takes a fraction
   * of a millisecond; nothing when not even the words before the draft's last were read. Any thread
   * may ask, also while another one has the model asked, and after the session's end.
   */
  default Optional<Known> suggestKnown(String draft, int limit, Display display) {
    return Optional.empty();
  }

  /**
   * Asks the model about a draft, so that the next {@link #suggestKnown} knows more. Gives way to
   * everything else that is asked of the model.
   */
  default void prepare(String draft) {
    // Nothing to prepare where a prediction takes no time.
  }

  /**
   * A session for one request of an agent who is not told apart from others. It shares what this
   * one has read and owns nothing, so it is not closed; no offer stands or was declined in it, and
   * the replies shown are those that would be shown before the first keystroke.
   *
   * @param limit how many replies at most
   */
  default ReplySession forOneRequest(int limit, Display display) {
    return this;
  }

  /**
   * How likely each entry of the library is as the reply, by its id; only the order counts. Any
   * thread may ask.
   */
  default Map<String, Double> entryLikelihoods() {
    return Map.of();
  }

  /** The language that the reply is to be in, a primary tag of BCP 47; empty while not clear. */
  default Optional<String> language() {
    return Optional.empty();
  }

  /** A text with placeholders, as far as the conversation and the desk fill it; for any thread. */
  default FilledText fill(String template) {
    return FilledText.of(template);
  }

  /**
   * Ends early what another thread works out at this moment, with what it has found by then. Any
   * thread may call this at any time.
   */
  default void cancel() {
    // Nothing to end where a prediction takes no time.
  }

  /** Another use begins, to which an earlier {@link #cancel} does not apply. */
  default void resume() {
    // Nothing was ended.
  }

  /** Memory that this session keeps outside of Java's heap. */
  default long bytes() {
    return 0;
  }

  private List<Suggestion> restarted(List<Suggestion> replies) {
    restart();
    return replies;
  }

  /** A completion followed by the replies shown that begin with the draft. */
  default List<Suggestion> shownWith(Optional<Suggestion> completion, String draft, int limit) {
    if (completion.isEmpty()) {
      return standingReplies(draft, limit);
    }
    List<Suggestion> suggestions = new ArrayList<>(completion.stream().toList());
    // A reply that the completion writes whole would be shown twice.
    String completed = TextNorm.norm(draft + completion.get().text());
    for (Suggestion reply : standingReplies(draft, limit)) {
      if (suggestions.size() < limit && !TextNorm.norm(reply.text()).equals(completed)) {
        suggestions.add(reply);
      }
    }
    return List.copyOf(suggestions);
  }

  /**
   * Whether what may be offered has changed since by the clock, so that it is to be opened again.
   */
  default boolean isOutOfDate() {
    return false;
  }

  /** Whether a session that was opened now would know the same. */
  default boolean isCurrent() {
    return true;
  }

  @Override
  void close();
}
