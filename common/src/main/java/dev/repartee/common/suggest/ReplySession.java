package dev.repartee.common.suggest;

import java.util.ArrayList;
import java.util.List;
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
   * The best continuation of the draft: its text appended to the draft gives the predicted reply,
   * or the first part of it.
   */
  Optional<Suggestion> complete(String draft);

  /** {@link #complete(String)} at an operating point; predictors that know only one ignore it. */
  default Optional<Suggestion> complete(String draft, OperatingPoint point) {
    return complete(draft);
  }

  /** The agent begins the reply anew: what was offered before counts no more. */
  default void restart() {
    // Nothing to forget where offers do not depend on those before.
  }

  /**
   * What the agent is shown: whole answers before the first keystroke, and then the completion of
   * the draft followed by the answers that begin with it.
   *
   * @param draft what is typed so far
   * @param limit how many at most, at least 1
   */
  default List<Suggestion> suggest(String draft, int limit) {
    return suggest(draft, limit, draft.isEmpty() ? Optional.empty() : complete(draft));
  }

  /** {@link #suggest(String, int)} at an operating point. */
  default List<Suggestion> suggest(String draft, int limit, OperatingPoint point) {
    return suggest(draft, limit, draft.isEmpty() ? Optional.empty() : complete(draft, point));
  }

  /**
   * The same as {@link #suggest(String, int, OperatingPoint)} when that needs nothing but what is
   * known already, which takes a fraction of a millisecond; nothing when the model has to be asked.
   */
  default Optional<List<Suggestion>> suggestAtOnce(String draft, int limit, OperatingPoint point) {
    return Optional.empty();
  }

  /**
   * Ends early what another thread works out at this moment, with what it has found by then; the
   * one thing that any thread may call at any time.
   */
  default void cancel() {
    // Nothing to end where a prediction takes no time.
  }

  /** Memory that this session keeps outside of Java's heap. */
  default long bytes() {
    return 0;
  }

  private List<Suggestion> suggest(String draft, int limit, Optional<Suggestion> completion) {
    List<Suggestion> suggestions = new ArrayList<>();
    completion.ifPresent(suggestions::add);
    if (suggestions.size() < limit) {
      suggestions.addAll(answers(draft, limit - suggestions.size()));
    }
    return List.copyOf(suggestions);
  }

  @Override
  void close();
}
