package dev.repartee.text.privacy;

import dev.repartee.text.privacy.NameCues.Evidence;
import java.lang.Character.UnicodeScript;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds names in Chinese and Japanese, where no blanks part the words: a surname of the list, with
 * a given name of one to three characters, beside a cue, or with a given name of the list.
 */
final class NamesWithoutBlanks {

  private static final int MOST_GIVEN = 4;

  private static final Set<UnicodeScript> HAN = EnumSet.of(UnicodeScript.HAN);
  private static final Set<UnicodeScript> HIRAGANA = EnumSet.of(UnicodeScript.HIRAGANA);
  private static final Set<UnicodeScript> KATAKANA = EnumSet.of(UnicodeScript.KATAKANA);

  private final Map<Character, List<String>> surnames; // by their first, the longest first
  private final Set<String> given;
  private final Set<String> everyday;
  private final Map<Evidence, List<String>> before = new LinkedHashMap<>();
  private final Map<Evidence, List<String>> after = new LinkedHashMap<>();
  private final List<String> ends;
  private final boolean japanese;

  /**
   * A name.
   *
   * @param end behind its last character
   */
  private record Name(int end, Evidence evidence) {}

  NamesWithoutBlanks(LanguageRules rules) {
    surnames =
        rules.words("surnames").stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .collect(Collectors.groupingBy(one -> one.charAt(0)));
    given = Set.copyOf(rules.words("given-names"));
    everyday = Lexicon.everyday(rules.language());
    for (Evidence evidence : List.of(Evidence.SELF, Evidence.GIVEN, Evidence.MENTIONED)) {
      before.put(evidence, rules.words(evidence.name()));
    }
    after.put(Evidence.SELF, rules.words("after-self"));
    after.put(Evidence.ADDRESSED, rules.words("after-addressed"));
    after.put(Evidence.MENTIONED, rules.words("after-mentioned"));
    ends = rules.words("name-ends");
    japanese = rules.language().equals("ja");
  }

  /** Finds the names of a text, and those that are known, wherever they stand. */
  void find(FoldedText text, NameDetector.Context context, Spans found) {
    String all = text.lower().toString();
    int at = 0;
    while (at < all.length()) {
      int start = at;
      Optional<Name> name =
          surnames.getOrDefault(all.charAt(at), List.of()).stream()
              .filter(surname -> all.startsWith(surname, start))
              .findFirst()
              .flatMap(surname -> at(all, start, start + surname.length()));
      name.ifPresent(
          one ->
              found.add(
                  context.kindOf(all.substring(start, one.end()), one.evidence()),
                  start,
                  one.end()));
      at = name.map(Name::end).orElse(start + 1);
    }
    context.known().findWithinWords(all, found);
  }

  /** A name that begins with a surname, from {@code start} to {@code end}. */
  private Optional<Name> at(String text, int start, int end) {
    Optional<Evidence> cue = cueBefore(text, start);
    // The longest given name that something ends first, then shorter ones.
    int blank = end < text.length() && text.charAt(end) == ' ' ? 1 : 0;
    for (int length = MOST_GIVEN; length >= 0; length--) {
      int nameEnd = length == 0 ? end : end + blank + length;
      if (nameEnd > text.length()
          || !isName(text, end + blank, nameEnd, length)
          || (length > 0 && everyday.contains(text.substring(start, nameEnd)))) {
        continue;
      }
      Optional<Evidence> title = cueAfter(text, nameEnd, start);
      if (title.isPresent()) {
        return title.map(evidence -> new Name(nameEnd, evidence));
      }
      boolean listed = length > 0 && given.contains(text.substring(end + blank, nameEnd));
      if (listed && (cue.isPresent() || end - start + length > 2)) {
        return Optional.of(new Name(nameEnd, cue.orElse(Evidence.LISTED)));
      }
      if (japanese && length > 0 && end - start > 1 && isSignature(text, start, nameEnd)) {
        return Optional.of(new Name(nameEnd, Evidence.SIGNED));
      }
      int least = japanese || isFamilyCue(text, start) ? 0 : isLoose(cue) ? 2 : 1;
      if (cue.isPresent() && length >= least && endsAt(text, nameEnd)) {
        return cue.map(evidence -> new Name(nameEnd, evidence));
      }
    }
    return Optional.empty();
  }

  /** Whether a name is all that stands after a sentence, to the end of the text. */
  private static boolean isSignature(String text, int start, int end) {
    return start > 0
        && ".!。\n".indexOf(text.charAt(start - 1)) >= 0
        && text.substring(end).isBlank();
  }

  /** "我姓王": a surname alone follows. */
  private static boolean isFamilyCue(String text, int start) {
    return start > 0 && text.charAt(start - 1) == '姓';
  }

  /** Whether many things may follow the cue, so that one character after a surname is too few. */
  private static boolean isLoose(Optional<Evidence> cue) {
    return cue.filter(Evidence.MENTIONED::equals).isPresent();
  }

  /** Whether letters of one kind stand there: Chinese characters, or the kana of a name. */
  private boolean isName(String text, int start, int end, int length) {
    Set<UnicodeScript> scripts = EnumSet.noneOf(UnicodeScript.class);
    for (int i = start; i < end; i++) {
      scripts.add(UnicodeScript.of(text.charAt(i)));
    }
    boolean kana = japanese && length > 1 && (scripts.equals(HIRAGANA) || scripts.equals(KATAKANA));
    if (length > 0 && !kana && !scripts.equals(HAN)) {
      return false;
    }
    return length <= (japanese ? MOST_GIVEN : 2);
  }

  private Optional<Evidence> cueBefore(String text, int start) {
    int end = start;
    while (end > 0 && " :：,、".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    for (Map.Entry<Evidence, List<String>> cues : before.entrySet()) {
      for (String cue : cues.getValue()) {
        if (text.startsWith(cue, end - cue.length())) {
          return Optional.of(cues.getKey());
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Evidence> cueAfter(String text, int end, int start) {
    for (Map.Entry<Evidence, List<String>> cues : after.entrySet()) {
      for (String cue : cues.getValue()) {
        if (text.startsWith(cue, end) && (cues.getKey() != Evidence.SELF || begins(text, start))) {
          return Optional.of(cues.getKey());
        }
      }
    }
    return Optional.empty();
  }

  /** Whether a clause begins at {@code start}, or a cue stands before it. */
  private boolean begins(String text, int start) {
    return start == 0
        || ".!?。、,\n ".indexOf(text.charAt(start - 1)) >= 0
        || cueBefore(text, start).isPresent();
  }

  private boolean endsAt(String text, int end) {
    if (end == text.length() || !Character.isLetter(text.charAt(end))) {
      return true;
    }
    return ends.stream().anyMatch(word -> text.startsWith(word, end));
  }
}
