package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.privacy.SaltedLanguage.Planted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Personal data in the languages beside English that have rules. */
class SaltedLanguagesTest {

  private final ConversationRedactor redactor = new ConversationRedactor();

  @ParameterizedTest
  @ValueSource(strings = {"nl", "de", "fr", "es", "it", "pt", "ja", "zh"})
  void nearlyAllPlantedItemsAreGone(String language) {
    Map<String, int[]> goneOfAll = new TreeMap<>();
    List<String> missed = new ArrayList<>();
    int all = 0;
    for (Planted item : new SaltedLanguage(language).planted()) {
      int[] counts = goneOfAll.computeIfAbsent(item.kind(), unseen -> new int[2]);
      all++;
      counts[1]++;
      if (SaltedCorpus.isGone(
          item.text(),
          item.start(),
          item.end(),
          redactor.redact(item.conversation()).detections().get(1))) {
        counts[0]++;
      } else {
        missed.add(item.kind() + ": " + item.text());
      }
    }
    StringBuilder shares = new StringBuilder();
    goneOfAll.forEach(
        (kind, counts) -> shares.append(" %s %d/%d".formatted(kind, counts[0], counts[1])));
    System.out.printf(
        "%s: found %.1f%% of %d:%s%n", language, 100.0 - 100.0 * missed.size() / all, all, shares);
    assertThat(missed).as("of %d:%s", all, shares).hasSizeLessThanOrEqualTo(all / 20);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nl", "de", "fr", "es", "it", "pt", "ja", "zh"})
  void hardlyAnyCleanMessageIsTouched(String language) {
    List<String> touched = new ArrayList<>();
    List<Conversation> clean = new SaltedLanguage(language).clean();
    for (Conversation conversation : clean) {
      String before = conversation.messages().get(1).text();
      String after = redactor.redact(conversation).conversation().messages().get(1).text();
      if (!after.equals(before)) {
        touched.add(before + " -> " + after);
      }
    }
    System.out.printf(
        "%s: %d of %d clean messages touched%n", language, touched.size(), clean.size());
    assertThat(touched).as("of %d", clean.size()).hasSizeLessThanOrEqualTo(clean.size() / 100);
  }
}
