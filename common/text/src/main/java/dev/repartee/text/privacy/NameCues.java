package dev.repartee.text.privacy;

import dev.repartee.text.WordLists;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The phrases before a name, such as "my name is". They stand in {@code name-cues.txt}, and those
 * of one language in the file of its {@link LanguageRules}.
 */
final class NameCues {

  /** How sure a cue makes that a name follows. */
  enum Trust {
    /**
     * Nothing else can follow. Lower case and unknown names count; everyday words count with a
     * capital.
     */
    SURE,

    /** A name may follow. Unknown words count with a capital, known names in any case. */
    LIKELY,

    /** As {@link #LIKELY}; unknown words in lower case count before punctuation. */
    GREETED,

    /** Many things may follow. Only names of the list count, in any case. */
    LISTED
  }

  /** Whose name it is, the strongest evidence first. */
  enum Evidence {
    /** The writer introduces himself or herself. */
    SELF,

    /** A name for a booking or an account: the customer's, whoever writes it. */
    GIVEN,

    /** The writer addresses the reader. */
    ADDRESSED,

    /** A name at the end of a line of thanks: most often the writer's. */
    SIGNED,

    /** Somebody else's, beside a cue of a person. */
    MENTIONED,

    /** A name of the lists, or one known from elsewhere, without a cue beside it. */
    LISTED
  }

  /**
   * A cue.
   *
   * @param words its words in order
   * @param gap what may stand between the cue and the name
   */
  record Cue(List<String> words, Trust trust, Evidence evidence, Pattern gap) {

    /** Whether the words of the cue stand right before word {@code i}. */
    private boolean standsBefore(FoldedWords text, int i) {
      int first = i - words.size();
      for (int k = Math.max(first, 0); k < i; k++) {
        if (!text.text(k).equals(words.get(k - first))) {
          return false;
        }
      }
      return first >= 0;
    }
  }

  private static final Pattern CUES = Pattern.compile("[A-Z]+ [A-Z]+ [A-Z]+");

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

  /** Those that count in every text. */
  static final NameCues EVERYWHERE =
      new NameCues(
          new WordLists(NameCues.class, "name-cues.txt")
              .all().stream().flatMap(list -> cues(list).stream()).toList());

  private final Map<String, List<Cue>> byLastWord = new HashMap<>();

  private NameCues(List<Cue> cues) {
    for (Cue cue : cues) {
      byLastWord.computeIfAbsent(cue.words().getLast(), unseen -> new ArrayList<>()).add(cue);
    }
  }

  /**
   * These with the cues of {@code lists}. After a word such as Dutch "met" many things may follow,
   * whatever it means among the others.
   */
  NameCues with(List<WordLists.WordList> lists) {
    List<Cue> own =
        lists.stream()
            .filter(list -> CUES.matcher(list.name()).matches())
            .flatMap(list -> cues(list).stream())
            .toList();
    Set<List<String>> loose =
        own.stream().filter(NameCues::isLoose).map(Cue::words).collect(Collectors.toSet());
    List<Cue> all = new ArrayList<>(own.stream().filter(cue -> !isLoose(cue)).toList());
    byLastWord.values().stream()
        .flatMap(List::stream)
        .filter(cue -> !loose.contains(cue.words()))
        .forEach(all::add);
    own.stream().filter(NameCues::isLoose).forEach(all::add);
    return new NameCues(all);
  }

  private static boolean isLoose(Cue cue) {
    return cue.trust() == Trust.LISTED;
  }

  /** "Device name: X". */
  private static boolean isOfThing(Cue cue) {
    return isLoose(cue) && cue.evidence() == Evidence.GIVEN;
  }

  /** The cues of a list whose name is that of a trust, an evidence and a gap. */
  private static List<Cue> cues(WordLists.WordList phrases) {
    String[] head = phrases.name().split(" ", -1);
    Trust trust = Trust.valueOf(head[0]);
    Evidence evidence = Evidence.valueOf(head[1]);
    Pattern gap = Gap.valueOf(head[2]).pattern;
    return phrases.words().stream()
        .map(phrase -> new Cue(List.of(phrase.split(" ", -1)), trust, evidence, gap))
        .toList();
  }

  /** The cues whose words stand right before word {@code i}, with a gap that fits. */
  List<Cue> before(FoldedWords words, int i) {
    List<Cue> cues = byLastWord.get(words.text(i - 1));
    if (i == 0 || cues == null) {
      return List.of();
    }
    String gap = words.gapBefore(i);
    List<Cue> fitting =
        cues.stream()
            .filter(cue -> cue.standsBefore(words, i) && cue.gap().matcher(gap).matches())
            .toList();
    List<Cue> ofThings = fitting.stream().filter(NameCues::isOfThing).toList();
    return ofThings.isEmpty() ? fitting : ofThings;
  }
}
