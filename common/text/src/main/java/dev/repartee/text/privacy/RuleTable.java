package dev.repartee.text.privacy;

import dev.repartee.text.io.Resources;
import dev.repartee.text.privacy.PatternRule.Match;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code rules.txt}, which says what its lines mean. */
final class RuleTable {

  /** The rules that find one kind in one stage. */
  record Detector(PersonalData kind, List<PatternRule> rules) {}

  /** How many stages rules run in. */
  static final int STAGES = 4;

  private static final Pattern REFERENCE =
      Pattern.compile("%\\{(?:(titled|upper|own|raw) )?([A-Za-z0-9 _-]+)\\}");

  /** A rule as the table has it. */
  private record Row(int stage, PersonalData kind, String texts, String head, String pattern) {}

  private static final Map<String, String> PARTS = new HashMap<>();
  private static final List<Row> ROWS = new ArrayList<>();

  static {
    PARTS.put("MASK", String.valueOf(FoldedWords.MASK));
    String section = "";
    String head = "";
    StringBuilder pattern = new StringBuilder();
    for (String line : (Resources.text(RuleTable.class, "rules.txt") + "end").lines().toList()) {
      if (line.startsWith(" ")) {
        pattern.append(line.strip());
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        add(section, head, pattern.toString());
        int value = line.indexOf(" =");
        head = line.startsWith("rule ") || value < 0 ? line : line.substring(0, value);
        pattern.setLength(0);
        pattern.append(head.equals(line) ? "" : line.substring(value + 2).strip());
        section = line.startsWith("[") ? line.substring(1, line.length() - 1) : section;
      }
    }
  }

  private RuleTable() {}

  private static void add(String section, String head, String pattern) {
    if (head.startsWith("rule ")) {
      String[] words = section.split(" ", -1);
      ROWS.add(
          new Row(
              Integer.parseInt(words[0]),
              PersonalData.valueOf(words[1]),
              words.length > 2 ? words[2] : "",
              head.substring("rule ".length()),
              pattern));
    } else if (!head.startsWith("[")) {
      PARTS.put(head, pattern);
    }
  }

  /** The pattern of a part of the table, or of one that is written as in the table. */
  static Pattern pattern(String written) {
    return pattern(written, 0);
  }

  /** A pattern of the table, with flags of {@link Pattern}. */
  static Pattern pattern(String written, int flags) {
    return Pattern.compile(
        expanded(PARTS.getOrDefault(written, written), list -> List.of()), flags);
  }

  /**
   * The rules for certain texts, stage by stage.
   *
   * @param texts the third words of their sections; empty for all texts
   * @param own the words of a language's lists, the longest first
   * @param checks the check with a name
   */
  static List<List<Detector>> stages(
      Set<String> texts,
      Function<String, List<String>> own,
      Function<String, ToIntFunction<Match>> checks) {
    List<List<Detector>> stages = new ArrayList<>();
    for (int stage = 1; stage <= STAGES; stage++) {
      Map<PersonalData, List<PatternRule>> kinds = new EnumMap<>(PersonalData.class);
      for (Row row : ROWS) {
        if (row.stage() == stage && texts.contains(row.texts())) {
          kinds
              .computeIfAbsent(row.kind(), unseen -> new ArrayList<>())
              .add(rule(row, own, checks));
        }
      }
      List<Detector> detectors = new ArrayList<>();
      kinds.forEach((kind, rules) -> detectors.add(new Detector(kind, rules)));
      stages.add(detectors);
    }
    return stages;
  }

  private static PatternRule rule(
      Row row, Function<String, List<String>> own, Function<String, ToIntFunction<Match>> checks) {
    String[] head = row.head().split(", ", -1);
    long signs = 0;
    for (String sign : head[0].split(" ", -1)) {
      signs |= Sign.valueOf(sign).bit;
    }
    boolean cased = head.length > 1 && head[1].equals("typed");
    PatternRule rule = PatternRule.of(signs, expanded(row.pattern(), own), cased);
    String check = head.length > (cased ? 2 : 1) ? head[head.length - 1] : "";
    if (check.startsWith("has ")) {
      String group = check.substring("has ".length());
      return rule.when(match -> match.has(group));
    }
    return check.isEmpty() ? rule : rule.endingAt(checks.apply(check));
  }

  private static String expanded(String pattern, Function<String, List<String>> own) {
    return REFERENCE
        .matcher(pattern)
        .replaceAll(
            found -> Matcher.quoteReplacement(expanded(found.group(1), found.group(2), own)));
  }

  private static String expanded(String form, String name, Function<String, List<String>> own) {
    if (PARTS.containsKey(name)) {
      return expanded(PARTS.get(name), own);
    }
    return switch (form) {
      case "own" -> anyOf(own.apply(name));
      case "raw" -> own.apply(name).isEmpty() ? NOTHING : group(own.apply(name));
      case "titled" ->
          anyOf(
              Lexicon.phrases(name).stream()
                  .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                  .toList());
      case "upper" ->
          anyOf(Lexicon.phrases(name).stream().map(word -> word.toUpperCase(Locale.ROOT)).toList());
      case null, default -> anyOf(Lexicon.phrases(name.split(" ", -1)));
    };
  }

  private static final String NOTHING = "(?!)";

  private static String group(List<String> alternatives) {
    return "(?:" + String.join("|", alternatives) + ")";
  }

  /**
   * A group that matches one of {@code phrases}; where several fit, the one that is listed first.
   * Common beginnings are merged, so that a long list costs little more than a short one.
   */
  static String anyOf(List<String> phrases) {
    return phrases.isEmpty()
        ? NOTHING
        : "(?:" + alternatives(phrases.stream().distinct().toList()) + ")";
  }

  private static String alternatives(List<String> words) {
    List<String> alternatives = new ArrayList<>();
    int complete = words.indexOf("");
    if (complete < 0) {
      // Words with different first letters exclude each other, so they may change places.
      Map<Character, List<String>> endings = new LinkedHashMap<>();
      for (String word : words) {
        endings.computeIfAbsent(word.charAt(0), first -> new ArrayList<>()).add(word.substring(1));
      }
      endings.forEach((first, rest) -> alternatives.add(quoted(first) + alternatives(rest)));
    } else {
      if (complete > 0) {
        alternatives.add(alternatives(words.subList(0, complete)));
      }
      alternatives.add("");
      if (complete + 1 < words.size()) {
        alternatives.add(alternatives(words.subList(complete + 1, words.size())));
      }
    }
    return alternatives.size() == 1 ? alternatives.getFirst() : group(alternatives);
  }

  private static String quoted(char c) {
    return ".*+?()[]{}|\\^$".indexOf(c) < 0 ? String.valueOf(c) : "\\" + c;
  }
}
