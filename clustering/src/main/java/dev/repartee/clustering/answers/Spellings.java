package dev.repartee.clustering.answers;

import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.TextNorm;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;

/**
 * The spelling in which a text is shown: the best one, with {@code {number}} for numbers that
 * differ from use to use. "Your room is 418" is about one customer, whoever typed it; "we are open
 * 24 hours" is not.
 */
final class Spellings {

  private static final String PLACEHOLDER = "{number}";

  /** Numbers stay if at least this share of the uses has the same numbers. */
  private static final double SAME = 0.8;

  private Spellings() {}

  /** The spelling in which {@code text} is shown. */
  static String shown(TextTally text) {
    String best = Tidy.oneLine(text.bestSpelling());
    if (!TextNorm.NUMBER.matcher(best).find()) {
      return best;
    }
    Map<List<String>, Long> uses = new HashMap<>();
    long all = 0;
    for (Map.Entry<String, Long> spelling : text.spellings().entrySet()) {
      uses.merge(numbers(spelling.getKey()), spelling.getValue(), Long::sum);
      all += spelling.getValue();
    }
    boolean same = uses.get(numbers(best)) >= SAME * all;
    return same ? best : withoutNumbers(best);
  }

  /** {@code text} with {@code {number}} for every number. */
  static String withoutNumbers(String text) {
    return TextNorm.NUMBER.matcher(text).replaceAll(PLACEHOLDER);
  }

  private static List<String> numbers(String spelling) {
    return TextNorm.NUMBER.matcher(spelling).results().map(MatchResult::group).toList();
  }
}
