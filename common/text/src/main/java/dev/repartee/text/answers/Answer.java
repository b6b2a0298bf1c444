package dev.repartee.text.answers;

import dev.repartee.text.TextNorm;
import java.util.Comparator;
import java.util.List;

/**
 * One approved reply with the phrasings that agents gave it.
 *
 * @param id stable over extractions, so that reviews and feedback can refer to it
 * @param text what is shown and sent
 * @param count messages with any of the phrasings
 * @param agents different agents that used it; conversations, where agents are unknown
 * @param phrasings most used first; one is {@code text} or a spelling of it, unless a reviewer
 *     wrote the text
 * @param use who used it, and where
 * @param hiddenPhrasings the {@link Phrasing#hash} of each phrasing that too few agents used. It
 *     may hold personal data and is not shown, but still counts as this answer
 */
public record Answer(
    String id,
    String text,
    long count,
    int agents,
    List<Phrasing> phrasings,
    AnswerUse use,
    List<String> hiddenPhrasings) {

  /**
   * The order of answer sets. A use as one sentence of a longer message counts half, since it saves
   * only a part of the message.
   */
  public static final Comparator<Answer> MOST_USED_FIRST =
      Comparator.comparingLong((Answer answer) -> 2 * answer.count() + answer.use().sentences())
          .reversed()
          .thenComparing(Answer::text, TextNorm.BY_CODE_POINT)
          .thenComparing(Answer::id);

  public Answer {
    if (text.isBlank()) {
      throw new IllegalArgumentException("text of answer '" + id + "' is blank");
    }
    if (count < 0 || count > Phrasing.MOST) {
      throw new IllegalArgumentException(
          "count must be between 0 and %d but is %d".formatted(Phrasing.MOST, count));
    }
    if (agents < 0) {
      throw new IllegalArgumentException("agents must be at least 0 but is " + agents);
    }
    phrasings = List.copyOf(phrasings);
    for (int i = 0; i < hiddenPhrasings.size(); i++) {
      if (!Phrasing.isHash(hiddenPhrasings.get(i))) {
        throw new IllegalArgumentException(
            "hidden_phrasings[%d] must be 16 hex digits but is '%s'"
                .formatted(i, hiddenPhrasings.get(i)));
      }
    }
    hiddenPhrasings = hiddenPhrasings.stream().distinct().sorted().toList();
  }

  /** An answer without details of its use. */
  public Answer(String id, String text, long count, int agents, List<Phrasing> phrasings) {
    this(id, text, count, agents, phrasings, AnswerUse.UNKNOWN, List.of());
  }
}
