package dev.repartee.finetune.metric;

import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How much of the replies a model may propose, whatever it predicts: the words that many training
 * conversations hold, everyday ones, and those of the conversation so far, the names of its people
 * and the beginning of the reply included. It bounds what can be saved.
 *
 * @param characters percentage of the characters of the words; blanks and signs do not count
 * @param replies percentage of the replies that may be proposed whole
 * @param lostToNumbers percentage of the characters: words with a digit that may not be proposed
 * @param lostToWords percentage of the characters: other words that may not be proposed
 */
public record Proposable(
    double characters, double replies, double lostToNumbers, double lostToWords) {

  /**
   * Measures the replies of {@code conversations}.
   *
   * @param words that the model may propose; empty where it may propose everything
   * @return empty where nothing is measured: without {@code words}, or without replies
   */
  public static Optional<Proposable> of(
      Optional<CommonWords> words, List<Conversation> conversations) {
    return words.flatMap(
        common -> {
          Tally tally = new Tally(common);
          conversations.forEach(tally::add);
          return tally.characters == 0 ? Optional.empty() : Optional.of(tally.shares());
        });
  }

  private static final class Tally {
    private final CommonWords common;
    private long characters;
    private long numbers;
    private long others;
    private int replies;
    private int whole;

    Tally(CommonWords common) {
      this.common = common;
    }

    void add(Conversation conversation) {
      Set<String> said = new HashSet<>();
      Stream.of(conversation.customerName(), conversation.agentName())
          .flatMap(Optional::stream)
          .forEach(name -> said.addAll(WordRule.words(name)));
      for (Message message : conversation.messages()) {
        List<String> words = WordRule.words(message.text());
        if (message.isLearned()) {
          add(words, said);
        }
        said.addAll(words);
      }
    }

    private void add(List<String> words, Set<String> said) {
      boolean all = true;
      Set<String> known = new HashSet<>(said);
      for (String word : words) {
        characters += word.length();
        if (!common.cover(word, known)) {
          all = false;
          if (word.chars().anyMatch(Character::isDigit)) {
            numbers += word.length();
          } else {
            others += word.length();
          }
          known.add(word); // typed by now
        }
      }
      replies++;
      whole += all ? 1 : 0;
    }

    Proposable shares() {
      double each = 1.0 / characters;
      return new Proposable(
          Ratio.percentOf((characters - numbers - others) * each),
          Ratio.percentOf((double) whole / replies),
          Ratio.percentOf(numbers * each),
          Ratio.percentOf(others * each));
    }
  }
}
