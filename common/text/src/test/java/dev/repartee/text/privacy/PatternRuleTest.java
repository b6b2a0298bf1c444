package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PatternRuleTest {

  /** Signs, and letters and digits of all lengths in UTF-16. */
  private static final String SIGNS =
      "aZß1 \n.,:;-_/@#$€%*+'\"“([{<>=?é\u0301中日月\uFFFC\uD835\uDC00\uD83D\uDE00";

  /** A rule is tried only where its tables have a start: they must have all. */
  @Test
  void matchesBeginAtStarts() {
    List<PatternRule> rules =
        Stream.concat(
                Stream.of(Redactor.STAGES),
                LanguageRules.LANGUAGES.stream()
                    .map(it -> LanguageRules.of(Optional.of(it)).orElseThrow().stages()))
            .flatMap(List::stream)
            .flatMap(List::stream)
            .flatMap(detector -> detector.rules().stream())
            .toList();
    int found = 0;
    for (String text : texts()) {
      for (PatternRule rule : rules) {
        Matcher matcher = rule.pattern().matcher(text);
        while (matcher.find()) {
          found++;
          assertThat(rule.starts().next(text, matcher.start()))
              .as("%s in '%s'", rule.pattern(), text)
              .isEqualTo(matcher.start());
        }
      }
    }
    assertThat(found).isGreaterThan(10_000);
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    SaltedCorpus.of(400, 1).conversations().stream()
        .flatMap(it -> it.messages().stream())
        .map(Message::text)
        .forEach(texts::add);
    LanguageRules.LANGUAGES.forEach(it -> SaltedLanguage.lists(it).values().forEach(texts::addAll));
    Random random = new Random(1);
    for (String text : List.copyOf(texts)) {
      StringBuilder mixed = new StringBuilder(text);
      for (int i = 0; i < 1 + text.length() / 8; i++) {
        mixed.insert(
            random.nextInt(mixed.length() + 1), SIGNS.charAt(random.nextInt(SIGNS.length())));
      }
      texts.add(FoldedText.of(mixed.toString(), List.of()).folded().toString());
      texts.add(FoldedText.lower(mixed.toString()));
    }
    return texts;
  }
}
