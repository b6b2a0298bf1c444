package dev.repartee.clustering.answers;

import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.TextNorm;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.RedactedText.Detection;
import dev.repartee.text.privacy.Redactor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;

/**
 * The spellings in which a text is shown, with {@code {number}} for numbers that differ from use to
 * use. "Your room is 418" is about one customer, whoever typed it; "we are open 24 hours" is not.
 * Public values that differ are spellings of their own, "we close at 8 pm" and "we close at 9 pm";
 * the text for all of them has the placeholder of their kind.
 */
final class Spellings {

  private static final String PLACEHOLDER = "{number}";

  /** Numbers stay if at least this share of the uses has the same numbers. */
  private static final double SAME = 0.8;

  /** A spelling with its own public values needs so many uses. */
  private static final long FEWEST = 3;

  private final PublicFacts facts;
  private final Redactor redactor = new Redactor();

  /** Texts are asked for several times: for keys, to be shown, to be hidden. */
  private final Map<String, List<Detection>> detections = new ConcurrentHashMap<>();

  Spellings(PublicFacts facts) {
    this.facts = facts;
  }

  /** The spelling in which {@code text} is shown. */
  String shown(TextTally text) {
    String best = Tidy.oneLine(text.bestSpelling());
    return hasOneNumber(text, best)
        ? best
        : withoutNumbers(closed(best, found -> TextNorm.NUMBER.matcher(found).find()));
  }

  /** The spellings in which {@code text} is shown, and how often it is used in each. */
  Map<String, Long> all(TextTally text) {
    String shown = shown(text);
    if (facts.isEmpty() || hasOneNumber(text, Tidy.oneLine(text.bestSpelling()))) {
      return Map.of(shown, text.uses());
    }
    Map<String, Map<String, Long>> groups = new TreeMap<>();
    for (Map.Entry<String, Long> spelling : text.shownSpellings().entrySet()) {
      String line = Tidy.oneLine(spelling.getKey());
      String open = withOnlyPublicNumbers(line);
      groups
          .computeIfAbsent(TextNorm.norm(open), unseen -> new TreeMap<>())
          .merge(open, spelling.getValue(), Long::sum);
    }
    Map<String, Long> all = new HashMap<>();
    for (Map<String, Long> group : groups.values()) {
      long uses = group.values().stream().mapToLong(Long::longValue).sum();
      String most =
          group.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
      boolean stays = uses >= FEWEST && TextNorm.NUMBER.matcher(most).find();
      all.merge(stays ? most : shown, uses, Long::sum);
    }
    return all;
  }

  private static boolean hasOneNumber(TextTally text, String best) {
    if (!TextNorm.NUMBER.matcher(best).find()) {
      return true;
    }
    Map<List<String>, Long> uses = new HashMap<>();
    long all = 0;
    for (Map.Entry<String, Long> spelling : text.shownSpellings().entrySet()) {
      uses.merge(numbers(spelling.getKey()), spelling.getValue(), Long::sum);
      all += spelling.getValue();
    }
    return uses.get(numbers(best)) >= SAME * all;
  }

  /** {@code text} with placeholders for all public values, as if none were public. */
  String closed(String text) {
    return closed(text, found -> true);
  }

  /** {@code text} with placeholders for the public values that {@code some} accepts. */
  private String closed(String text, Predicate<String> some) {
    if (facts.isEmpty()) {
      return text;
    }
    StringBuilder closed = new StringBuilder();
    int position = 0;
    for (Detection found : detections(text)) {
      if (some.test(found.text()) && facts.holds(found.kind(), found.text())) {
        closed.append(text, position, found.start()).append(found.kind().placeholder());
        position = found.end();
      }
    }
    return closed.append(text, position, text.length()).toString();
  }

  private List<Detection> detections(String text) {
    return detections.computeIfAbsent(text, one -> redactor.redact(one).detections());
  }

  private String withOnlyPublicNumbers(String text) {
    StringBuilder open = new StringBuilder();
    int position = 0;
    for (Detection found : detections(text)) {
      if (facts.holds(found.kind(), found.text())) {
        open.append(withoutNumbers(text.substring(position, found.start()))).append(found.text());
        position = found.end();
      }
    }
    return open.append(withoutNumbers(text.substring(position))).toString();
  }

  /** {@code text} with {@code {number}} for every number. */
  static String withoutNumbers(String text) {
    return TextNorm.NUMBER.matcher(text).replaceAll(PLACEHOLDER);
  }

  private static List<String> numbers(String spelling) {
    return TextNorm.NUMBER.matcher(spelling).results().map(MatchResult::group).toList();
  }
}
