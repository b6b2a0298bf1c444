package dev.repartee.engine.suggest;

import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.List;
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
