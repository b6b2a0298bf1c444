package dev.repartee.text.privacy;

import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.privacy.NameDetector.KnownNames;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** {@code --terms}: the team's own words, which are never redacted and never taken for names. */
public final class TermsOption {

  private static final int MOST = 1000;
  private static final int LONGEST = 60;

  @Option(
      names = "--terms",
      paramLabel = "FILE",
      description = "The team's own words, such as products: one per line, never redacted.")
  private Optional<Path> file = Optional.empty();

  public Optional<Path> file() {
    return file;
  }

  /**
   * The terms; none without the file. Lines that begin with # are comments.
   *
   * @throws UserException naming the file and the line that is wrong
   */
  public PublicFacts facts() {
    List<String> lines = file.map(TermsOption::lines).orElse(List.of());
    List<Fact> terms = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String term = lines.get(i);
      if (!term.isEmpty() && !term.startsWith("#")) {
        terms.add(Fact.term(term));
        String wrong = wrong(term, terms.size());
        if (!wrong.isEmpty()) {
          throw UserException.usage(
              "--terms %s: line %d: '%s' %s".formatted(file.orElseThrow(), i + 1, term, wrong));
        }
      }
    }
    return PublicFacts.of(terms);
  }

  private static List<String> lines(Path file) {
    try {
      return TextNorm.withoutByteOrderMark(Files.readString(file))
          .lines()
          .map(String::strip)
          .toList();
    } catch (IOException e) {
      throw UserException.usage(
          file + ": cannot be read as UTF-8; give a file with one term per line");
    }
  }

  private static String wrong(String term, int count) {
    if (count > MOST) {
      return "is one more than the bound of " + MOST + "; keep those that are redacted";
    }
    if (term.length() > LONGEST || term.chars().noneMatch(Character::isLetter)) {
      return "must have a letter and at most " + LONGEST + " characters; shorten or remove it";
    }
    return isPerson(term) ? "is a given name, which is always redacted; remove it" : "";
  }

  /** Whether a given name is in it, or it is one that is a word, too. */
  private static boolean isPerson(String term) {
    List<String> words = List.of(FoldedText.lower(term).split("[^\\p{L}'-]+", -1));
    return words.stream().anyMatch(TermsOption::isGiven)
        || (words.stream().anyMatch(Lexicon.shared()::isUnsureGiven)
            && words.stream().allMatch(Lexicon.shared()::mayBeName));
  }

  private static boolean isGiven(String word) {
    return Lexicon.shared().isGiven(word)
        || LanguageRules.LANGUAGES.stream()
            .flatMap(language -> LanguageRules.of(Optional.of(language)).stream())
            .flatMap(rules -> Stream.of("given-names", "sure-given-names").map(rules::words))
            .anyMatch(names -> names.contains(word));
  }

  /** Words that are redacted as names, though many conversations have them without a cue. */
  public static final class Candidates {

    private static final int MOST_SHOWN = 20;
    private static final Pattern WORD = Pattern.compile("\\p{Lu}[\\p{L}\\p{N}]{2,}");

    private final Map<String, Integer> redacted = new HashMap<>(); // conversations, as names
    private final Map<String, Integer> uncued = new HashMap<>(); // conversations

    public void add(Conversation conversation, RedactedConversation without) {
      without.detections().stream()
          .flatMap(List::stream)
          .filter(found -> PublicFacts.isName(found.kind()))
          .flatMap(found -> KnownNames.wordsOf(FoldedText.lower(found.text())).stream())
          .distinct()
          .forEach(word -> redacted.merge(word, 1, Integer::sum));
      conversation.messages().stream()
          .flatMap(message -> WORD.matcher(message.text()).results())
          .map(word -> FoldedText.lower(word.group()))
          .filter(word -> !without.persons().contains(word))
          .distinct()
          .forEach(word -> uncued.merge(word, 1, Integer::sum));
    }

    /** Those of at least ten conversations, as public facts are; those redacted most come first. */
    public List<String> words() {
      return redacted.keySet().stream()
          .filter(word -> uncued.getOrDefault(word, 0) >= PublicFacts.FEWEST_CONVERSATIONS)
          .filter(word -> !isPerson(word))
          .sorted(
              Comparator.comparingInt((String word) -> -redacted.get(word))
                  .thenComparing(Comparator.naturalOrder()))
          .limit(MOST_SHOWN)
          .toList();
    }
  }
}
