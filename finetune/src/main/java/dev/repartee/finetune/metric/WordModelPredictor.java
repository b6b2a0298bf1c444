package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The baseline {@code lm5}: the rest of the word that is being typed and the words after it, as
 * long as each follows in at least half of the cases. Knows the draft only, not the conversation,
 * and no whole replies. Has no state after construction.
 */
final class WordModelPredictor implements BaselinePredictor {

  private static final double LEAST_PROBABILITY = 0.5;
  private static final int LEAST_COUNT = 2;
  private static final int MOST_MORE_WORDS = 15;

  private final WordModel model;

  private WordModelPredictor(WordModel model) {
    this.model = model;
  }

  static WordModelPredictor train(List<Conversation> conversations) {
    return new WordModelPredictor(
        new WordModel(
            conversations.stream()
                .flatMap(Conversation::agentTexts)
                .map(WordModelPredictor::words)));
  }

  private static List<String> words(String text) {
    return Stream.of(
            List.of(WordModel.START),
            WordModel.split(text.toLowerCase(Locale.ROOT)),
            List.of(WordModel.END))
        .flatMap(List::stream)
        .toList();
  }

  /** An offer grows only as long as it stays as probable as {@code least}. */
  private Optional<Suggestion> complete(String draft, double least) {
    List<String> words = new ArrayList<>(List.of(WordModel.START));
    words.addAll(WordModel.split(draft.toLowerCase(Locale.ROOT)));
    String begun = words.removeLast();
    return model
        .next(words, begun)
        .filter(first -> !first.word().equals(WordModel.END) && first.probability() >= least)
        .map(first -> extended(words, begun, first, least));
  }

  private Suggestion extended(
      List<String> words, String begun, WordModel.Next first, double least) {
    StringBuilder text = new StringBuilder(first.word().substring(begun.length()));
    double probability = first.probability();
    words.add(first.word());
    for (int i = 0; i < MOST_MORE_WORDS; i++) {
      Optional<WordModel.Next> next = model.next(words, "").filter(WordModelPredictor::isLikely);
      if (next.isEmpty() || probability * next.get().probability() < least) {
        break;
      }
      text.append(' ').append(next.get().word());
      probability *= next.get().probability();
      words.add(next.get().word());
    }
    return Suggestion.completion(text.toString(), probability);
  }

  private static boolean isLikely(WordModel.Next next) {
    return !next.word().equals(WordModel.END)
        && next.probability() >= LEAST_PROBABILITY
        && next.count() >= LEAST_COUNT;
  }

  @Override
  public BaselineSession open(List<Message> context) {
    return new Session();
  }

  @Override
  public void close() {
    // Holds memory only.
  }

  private final class Session implements BaselineSession {

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return List.of();
    }

    @Override
    public Optional<Suggestion> complete(String draft, double least) {
      return WordModelPredictor.this.complete(draft, least);
    }
  }
}
