package dev.repartee.finetune.metric;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Suggests and offers what the test wrote down, and keeps what it was asked. */
final class ScriptedPredictor implements ReplyPredictor {

  final List<List<Message>> contexts = new ArrayList<>();

  /** The drafts asked for, one list for each time a reply was begun. */
  final List<List<String>> attempts = new ArrayList<>();

  int openSessions;

  private final List<String> answers;
  private final Map<String, String> offers;
  private final Map<String, Double> scores;

  ScriptedPredictor(List<String> answers, Map<String, String> offers) {
    this(answers, offers, Map.of());
  }

  /** With scores by text; 0.5 where there is none. */
  ScriptedPredictor(List<String> answers, Map<String, String> offers, Map<String, Double> scores) {
    this.answers = List.copyOf(answers);
    this.offers = Map.copyOf(offers);
    this.scores = Map.copyOf(scores);
  }

  private double score(String text) {
    return scores.getOrDefault(text, 0.5);
  }

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    contexts.add(List.copyOf(context));
    openSessions++;
    return new ReplySession() {
      @Override
      public List<Suggestion> answers(String draft, int limit) {
        return answers.stream()
            .limit(limit)
            .map(text -> Suggestion.answer(text, text, score(text)))
            .toList();
      }

      @Override
      public Optional<Suggestion> complete(String draft) {
        attempts.getLast().add(draft);
        return Optional.ofNullable(offers.get(draft))
            .map(text -> Suggestion.completion(text, score(text)));
      }

      @Override
      public List<Suggestion> suggest(String draft, int limit) {
        if (draft.isEmpty() && (attempts.isEmpty() || !attempts.getLast().isEmpty())) {
          attempts.add(new ArrayList<>());
        }
        return ReplySession.super.suggest(draft, limit);
      }

      @Override
      public void close() {
        openSessions--;
      }
    };
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
