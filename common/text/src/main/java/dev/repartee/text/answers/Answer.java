package dev.repartee.text.answers;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.TextNorm;
import java.util.Comparator;
import java.util.List;

/**
 * One approved reply with the phrasings that agents gave it.
 *
 * @param id stable over extractions, so that reviews and feedback can refer to it
 * @param text what is shown and sent
 * @param count messages that used any of the phrasings
 * @param agents different agents (conversations, where agents are unknown) that used it
 * @param phrasings most used first; holds {@code text} or a spelling of it, unless a person gave
 *     the text
 * @param use who used it, and where
 * @param hiddenPhrasings the {@link PhrasingHash} of phrasings that too few agents used to be
 *     shown, since they may hold personal data; they still count as this answer
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
   * a part of it.
   */
  public static final Comparator<Answer> MOST_USED_FIRST =
      Comparator.comparingLong((Answer answer) -> 2 * answer.count() + answer.use().sentences())
          .reversed()
          .thenComparing(Answer::text, TextNorm.BY_CODE_POINT)
          .thenComparing(Answer::id);

  public Answer {
    requireNonNull(id, "id is null");
    requireNonNull(text, "text is null");
    if (text.isBlank()) {
      throw new IllegalArgumentException("text of answer '" + id + "' is blank");
    }
    if (count < 0) {
      throw new IllegalArgumentException("count must be at least 0 but is " + count);
    }
    if (agents < 0) {
      throw new IllegalArgumentException("agents must be at least 0 but is " + agents);
    }
    phrasings = List.copyOf(phrasings);
    requireNonNull(use, "use is null");
    for (int i = 0; i < hiddenPhrasings.size(); i++) {
      if (!PhrasingHash.isHash(hiddenPhrasings.get(i))) {
        throw new IllegalArgumentException(
            "hidden_phrasings[%d] must be 16 hex digits but is '%s'"
                .formatted(i, hiddenPhrasings.get(i)));
      }
    }
    hiddenPhrasings = hiddenPhrasings.stream().distinct().sorted().toList();
  }

  /** An answer of which only the phrasings are known. */
  public Answer(String id, String text, long count, int agents, List<Phrasing> phrasings) {
    this(id, text, count, agents, phrasings, AnswerUse.UNKNOWN, List.of());
  }
}
