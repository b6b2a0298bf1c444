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
   * The whole replies that fit the context and begin with the draft, best first, worth a look or
   * not.
   *
   * @param draft what is typed so far; empty before the first keystroke
   * @param limit how many at most
   */
  List<Suggestion> answers(String draft, int limit);

  /**
   * The best continuation of the draft: its text appended to the draft gives the predicted reply,
   * or the first part of it.
   */
  Optional<Suggestion> complete(String draft);

  /**
   * What the agent is shown. An empty draft begins the reply anew, and gets the whole replies that
   * are worth a look, maybe none. Any other gets its completion followed by those of these replies
   * that begin with it and that the completion does not write whole.
   *
   * @param draft what is typed so far
   * @param limit how many at most, at least 1
   */
  default List<Suggestion> suggest(String draft, int limit) {
    List<Suggestion> replies = answers(draft, limit);
    return draft.isEmpty() ? replies : joined(complete(draft), replies, draft, limit);
  }

  /** This session for a display; predictors that know only one ignore it. It is not closed. */
  default ReplySession at(Display display) {
    return this;
  }

  /**
   * The agent declines the offer that stands, as by Esc: it is not made again in this reply. Any
   * thread may call this.
   */
  default void decline() {
    // Nothing to remember where offers do not depend on those before.
  }

  /** Why nothing was suggested for a draft, without a pass of the model. */
  default Suggestion.Nothing nothing(String draft) {
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
   * As much of {@link #suggest} as is known already, which takes a fraction of a millisecond;
   * nothing when not even the words before the draft's last were read. Any thread may ask, also
   * while another one has the model asked, and after the session's end.
   */
  default Optional<Known> suggestKnown(String draft, int limit) {
    return Optional.empty();
  }

  /** Asks the model about a draft, so that {@link #suggest} and {@link #suggestKnown} need not. */
  default void read(String draft) {
    // Nothing to read where a prediction takes no time.
  }

  /**
   * A session for one request of an agent who is not told apart from others. It shares what this
   * one has read and owns nothing, so it is not closed; no offer stands or was declined in it, and
   * the replies shown are those that would be shown before the first keystroke.
   *
   * @param limit how many replies at most
   */
  default ReplySession forOneRequest(int limit) {
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
  default void close() {
    // Nothing to give back where a session holds Java's memory only.
  }

  /** A completion followed by the replies that it does not write whole, which would stand twice. */
  static List<Suggestion> joined(
      Optional<Suggestion> completion, List<Suggestion> replies, String draft, int limit) {
    if (completion.isEmpty()) {
      return replies;
    }
    List<Suggestion> suggestions = new ArrayList<>(completion.stream().toList());
    String completed = TextNorm.norm(draft + completion.get().text());
    for (Suggestion reply : replies) {
      if (suggestions.size() < limit && !TextNorm.norm(reply.text()).equals(completed)) {
        suggestions.add(reply);
      }
    }
    return List.copyOf(suggestions);
  }
}
