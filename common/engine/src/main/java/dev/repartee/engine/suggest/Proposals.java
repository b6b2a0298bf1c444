package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Known sentences that a draft may be the beginning of. The model reads the likeliest of them in
 * one pass, which costs little more than a token, and keeps what it finds probable: speculative
 * decoding (Leviathan et al. 2023) with the answer set in place of a smaller model.
 */
final class Proposals {

  private record Known(String lower, String text, int position) {}

  private final List<Known> sorted;

  Proposals(AnswerPredictor answers) {
    List<Wordings.Wording> wordings = answers.wordings();
    sorted =
        IntStream.range(0, wordings.size())
            .mapToObj(
                i -> new Known(Words.lower(wordings.get(i).text()), wordings.get(i).text(), i))
            .sorted(Comparator.comparing(Known::lower))
            .toList();
  }

  /**
   * The likeliest continuations of the sentence that {@code draft} ends with.
   *
   * @param worded the probability of each wording
   * @param count how many at most
   */
  List<String> after(String draft, double[] worded, int count) {
    String sentence = Words.lower(draft.substring(lastSentence(draft)));
    if (sentence.isBlank()) {
      return List.of();
    }
    List<Known> fitting = new ArrayList<>();
    for (int at = firstNotBelow(sentence);
        at < sorted.size() && sorted.get(at).lower().startsWith(sentence);
        at++) {
      if (sorted.get(at).lower().length() > sentence.length()) {
        fitting.add(sorted.get(at));
      }
    }
    fitting.sort(Comparator.comparingDouble(known -> -worded[known.position()]));
    return fitting.stream()
        .limit(count)
        .map(known -> known.text().substring(sentence.length()))
        .toList();
  }

  private int firstNotBelow(String sentence) {
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted.get(middle).lower().compareTo(sentence) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Where the sentence that is being typed begins. */
  private static int lastSentence(String draft) {
    for (int i = draft.length() - 2; i >= 0; i--) {
      if (".!?".indexOf(draft.charAt(i)) >= 0 && Character.isWhitespace(draft.charAt(i + 1))) {
        return i + 2;
      }
    }
    return 0;
  }
}
