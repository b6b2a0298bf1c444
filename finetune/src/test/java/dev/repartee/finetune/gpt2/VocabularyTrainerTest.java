package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTrainerTest {

  /** Learned from three conversations of these texts. */
  private static Gpt2Tokenizer trained(int size, String... texts) {
    return trained(size, CommonWords.LEAST_CONVERSATIONS, new VocabularyTrainer(), texts);
  }

  private static Gpt2Tokenizer trained(
      int size, int conversations, VocabularyTrainer trainer, String... texts) {
    List<Message> messages = Arrays.stream(texts).map(Message::agent).toList();
    for (int i = 0; i < conversations; i++) {
      trainer.add(new Conversation("c-" + i, messages));
    }
    return trainer.train(size);
  }

  private static List<String> tokens(Gpt2Tokenizer tokenizer, String text) {
    return Arrays.stream(tokenizer.encode(text))
        .mapToObj(id -> tokenizer.decode(new int[] {id}))
        .toList();
  }

  /** The example of Sennrich, Haddow and Birch, with their counts: es, est, lo, low are merged. */
  @Test
  void theMostFrequentPairsBecomeTokensFirst() {
    String text = "low ".repeat(5) + "lower ".repeat(2) + "newest ".repeat(6) + "widest ".repeat(3);
    // After 256 bytes and one special token: " l" and others in the order of their counts.
    try (Gpt2Tokenizer tokenizer = trained(256 + 40, text)) {
      assertThat(tokens(tokenizer, "low newest")).containsExactly("low", " newest");
      assertThat(tokens(tokenizer, " widest")).containsExactly(" widest");
      assertThat(tokens(tokenizer, " lowest")).containsExactly(" low", "est");
    }
  }

  @Test
  void everyTextComesBackWhateverWasLearned() {
    try (Gpt2Tokenizer tokenizer = trained(300, "Grüße aus Köln, {time}!", "Grüße {time}")) {
      for (String text : List.of("Grüße", "你好 👍", " a\n\tb  c ", "it's {date} 12:30", "")) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
    }
  }

  @Test
  void aWordOfFewerThanThreeConversationsTeachesNothing() {
    String[] texts = {"xylophone9 xylophone9", "it is xylophone9 xylophone9"};
    VocabularyTrainer trainer = new VocabularyTrainer();
    for (int i = 0; i < 9; i++) {
      trainer.add(new Conversation("d-" + i, List.of(Message.agent("it is"))));
    }
    try (Gpt2Tokenizer tokenizer = trained(8000, 2, trainer, texts)) {
      assertThat(tokens(tokenizer, "it is")).containsExactly("it", " is");
      assertThat(tokenizer.encode(" xylophone")).hasSize(" xylophone".length());
    }
  }

  @Test
  void aWordOfThreeConversationsIsLearned() {
    try (Gpt2Tokenizer tokenizer = trained(8000, "xylophone")) {
      assertThat(tokens(tokenizer, "xylophone")).containsExactly("xylophone");
    }
  }

  @Test
  void theSameTextsInAnyOrderGiveTheSameVocabulary() {
    String text = "to be or not to be";
    try (Gpt2Tokenizer one = trained(270, text, "that is the question is it");
        Gpt2Tokenizer other = trained(270, "that is the question is it", text)) {
      assertThat(one.encode(text)).isEqualTo(other.encode(text));
      assertThat(one.vocabularySize()).isEqualTo(other.vocabularySize());
    }
  }
}
