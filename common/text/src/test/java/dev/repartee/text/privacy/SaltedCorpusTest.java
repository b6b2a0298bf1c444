package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.RedactedText.Detection;
import dev.repartee.text.privacy.SaltedCorpus.Planted;
import dev.repartee.text.privacy.SaltedCorpus.Salt;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaltedCorpusTest {

  private static final int ITEMS = 2000;

  private final ConversationRedactor redactor = new ConversationRedactor();

  @ParameterizedTest
  @ValueSource(longs = {1})
  void nearlyAllPlantedItemsAreGone(long seed) {
    assertNearlyAllPlantedItemsAreGone(seed);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {2, 3})
  void nearlyAllOfMorePlantedItemsAreGone(long seed) {
    assertNearlyAllPlantedItemsAreGone(seed);
  }

  private void assertNearlyAllPlantedItemsAreGone(long seed) {
    SaltedCorpus corpus = SaltedCorpus.of(ITEMS, seed);
    List<RedactedConversation> redacted =
        corpus.conversations().stream().map(redactor::redact).toList();
    Map<Salt, int[]> goneOfAll = new EnumMap<>(Salt.class);
    List<String> missed = new ArrayList<>();
    for (Planted item : corpus.planted()) {
      int[] counts = goneOfAll.computeIfAbsent(item.kind(), unseen -> new int[2]);
      counts[1]++;
      String text = message(corpus, item).text();
      List<Detection> found = redacted.get(item.conversation()).detections().get(item.message());
      int end = item.start() + item.value().length();
      if (SaltedCorpus.isGone(text, item.start(), end, found)) {
        counts[0]++;
      } else {
        missed.add(item.kind() + ": " + text);
      }
    }
    Map<Salt, String> shares = new TreeMap<>();
    goneOfAll.forEach((kind, counts) -> shares.put(kind, counts[0] + "/" + counts[1]));
    assertThat(missed).as("found of each kind: %s", shares).hasSizeLessThanOrEqualTo(ITEMS / 100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1})
  void hardlyAnyCleanMessageIsTouched(long seed) {
    assertHardlyAnyCleanMessageIsTouched(seed);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {2, 3})
  void hardlyAnyOfMoreCleanMessagesIsTouched(long seed) {
    assertHardlyAnyCleanMessageIsTouched(seed);
  }

  private void assertHardlyAnyCleanMessageIsTouched(long seed) {
    SaltedCorpus corpus = SaltedCorpus.of(ITEMS, seed);
    int clean = 0;
    List<String> touched = new ArrayList<>();
    for (int i = 0; i < corpus.conversations().size(); i++) {
      Conversation conversation = corpus.conversations().get(i);
      List<Message> after = redactor.redact(conversation).conversation().messages();
      for (int k = 0; k < after.size(); k++) {
        if (corpus.isClean(i, k)) {
          clean++;
          if (!after.get(k).equals(conversation.messages().get(k))) {
            touched.add(after.get(k).text());
          }
        }
      }
    }
    assertThat(touched).hasSizeLessThan(clean / 100);
  }

  private static Message message(SaltedCorpus corpus, Planted item) {
    return corpus.conversations().get(item.conversation()).messages().get(item.message());
  }
}
