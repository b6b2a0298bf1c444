package dev.repartee.text.privacy;

import dev.repartee.text.privacy.NameShape.Trust;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The words before a name that tell that one follows. */
final class NameCues {

  /**
   * A cue.
   *
   * @param words its words, in order
   * @param gap what may stand between the cue and the name
   */
  record Cue(List<String> words, Trust trust, Evidence evidence, Pattern gap) {}

  /** What may stand between a cue and a name. */
  private enum Gap {
    BLANK(" {1,3}[\"'(*]?"),
    LOOSE(" {0,2}[:=-]?[ \"'(*]{0,3}"),
    SIGN(" ?[:=-] {0,3}[\"'(*]?"),
    GREETING(" {0,2},?[ \"*]{0,2}|,? {0,2}\\R?"),
    COMMA("[,!.] {0,2}"),
    CLOSING("[ ,.!-]{0,4}(?:\\R[ ~-]{0,3}){1,3}|[,.!] {1,3}|, ?| {1,2}- ?");

    private final Pattern pattern;

    Gap(String pattern) {
      this.pattern = Pattern.compile(pattern);
    }
  }

  private static final Pattern BLANKS = Pattern.compile(" ");
  private static final Pattern BARS = Pattern.compile(" \\| ");

  private static final Map<String, List<Cue>> BY_LAST_WORD = new HashMap<>();

  static {
    for (String line : Lexicon.lines("name-cues.txt")) {
      add(line);
    }
  }

  private NameCues() {}

  /** Adds a line such as {@code LIKELY SELF BLANK: i am | this is}. */
  private static void add(String line) {
    int colon = line.indexOf(':');
    List<String> head = BLANKS.splitAsStream(line.substring(0, colon)).toList();
    Trust trust = Trust.valueOf(head.get(0));
    Evidence evidence = Evidence.valueOf(head.get(1));
    Pattern gap = Gap.valueOf(head.get(2)).pattern;
    BARS.splitAsStream(line.substring(colon + 1).strip())
        .map(phrase -> BLANKS.splitAsStream(phrase).toList())
        .forEach(
            words ->
                BY_LAST_WORD
                    .computeIfAbsent(words.getLast(), unseen -> new ArrayList<>())
                    .add(new Cue(words, trust, evidence, gap)));
  }

  /** The cues whose words stand right before word {@code i}, with a gap that fits. */
  static List<Cue> before(Words words, int i) {
    List<Cue> cues = BY_LAST_WORD.get(words.text(i - 1));
    if (i == 0 || cues == null) {
      return List.of();
    }
    String gap = words.gapBefore(i);
    return cues.stream()
        .filter(cue -> stands(cue, words, i) && cue.gap().matcher(gap).matches())
        .toList();
  }

  private static boolean stands(Cue cue, Words words, int i) {
    int first = i - cue.words().size();
    for (int k = first; k < i - 1; k++) {
      if (!words.text(k).equals(cue.words().get(k - first))) {
        return false;
      }
    }
    return first >= 0;
  }
}
