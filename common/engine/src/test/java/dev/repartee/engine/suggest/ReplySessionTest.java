package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is shown of a session's completion and replies. */
class ReplySessionTest {

  /** Replies that begin with the draft, and one completion, whatever the draft is. */
  private record Fixed(List<String> texts, Optional<String> completion) implements ReplySession {

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return texts.stream()
          .filter(text -> text.startsWith(draft))
          .limit(limit)
          .map(text -> Suggestion.answer(text, text, 0.5))
          .toList();
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return completion.map(text -> Suggestion.completion(text, 0.9));
    }

    @Override
    public void close() {
      // Nothing is held.
    }
  }

  private static List<String> shown(Optional<String> completion, String draft, int limit) {
    ReplySession session =
        new Fixed(List.of("How can I help?", "How are you?", "Hold on."), completion);
    return session.suggest(draft, limit).stream().map(Suggestion::text).toList();
  }

  @Test
  void aReplyThatTheCompletionWritesWholeIsNotShownBesideIt() {
    assertThat(shown(Optional.of(" can I help"), "How", 3))
        .containsExactly(" can I help", "How are you?");
    assertThat(shown(Optional.of(" can I help"), "How", 2))
        .containsExactly(" can I help", "How are you?");
  }

  @Test
  void repliesOfWhichItWritesAPartStay() {
    assertThat(shown(Optional.of(" can"), "How", 3))
        .containsExactly(" can", "How can I help?", "How are you?");
    assertThat(shown(Optional.of(" can"), "How", 1)).containsExactly(" can");
    assertThat(shown(Optional.empty(), "Ho", 2)).containsExactly("How can I help?", "How are you?");
  }
}
