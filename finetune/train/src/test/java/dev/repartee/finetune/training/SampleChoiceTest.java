package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleChoiceTest {

  private static Conversation conversation(int number, Message... messages) {
    return new Conversation("c-" + number, Optional.empty(), Optional.empty(), List.of(messages));
  }

  /** Replies of 1 to {@code count} letters, each in a conversation of its own. */
  private static List<SamplePrediction> chosen(long seed, int count) {
    SampleReplies.SampleChooser choice = new SampleReplies.SampleChooser(seed);
    IntStream.rangeClosed(1, count)
        .mapToObj(
            i -> conversation(i, Message.customer("Question " + i), Message.agent("x".repeat(i))))
        .forEach(choice);
    return choice.chosen();
  }

  @Test
  void sixRepliesOfAllLengthsAreChosenBySeed() {
    List<SamplePrediction> chosen = chosen(1, 1000);
    assertThat(chosen).hasSize(6).isEqualTo(chosen(1, 1000)).isNotEqualTo(chosen(2, 1000));
    assertThat(chosen)
        .extracting(sample -> sample.written().length())
        .isSorted()
        .satisfies(lengths -> assertThat(lengths.getFirst()).isLessThan(300))
        .satisfies(lengths -> assertThat(lengths.getLast()).isGreaterThan(700));
    assertThat(chosen).extracting(SamplePrediction::context).doesNotHaveDuplicates();
  }

  @Test
  void fewRepliesAreAllChosen() {
    assertThat(chosen(1, 4))
        .extracting(SamplePrediction::written)
        .containsExactly("x", "xx", "xxx", "xxxx");
    assertThat(chosen(1, 0)).isEmpty();
  }

  @Test
  void aReplyStandsAfterItsContextAndNoTextTwice() {
    SampleReplies.SampleChooser choice = new SampleReplies.SampleChooser(1);
    choice.accept(conversation(1, Message.agent("Welcome!"), Message.customer("Hi")));
    choice.accept(conversation(2, Message.customer("Anybody?"), Message.agent("  ")));
    for (int i = 3; i < 9; i++) {
      choice.accept(
          conversation(
              i, Message.agent("Welcome!"), Message.customer("Hi"), Message.agent("Hello")));
    }
    assertThat(choice.chosen())
        .containsExactly(
            new SamplePrediction(
                List.of(Message.agent("Welcome!"), Message.customer("Hi")),
                "Hello",
                Optional.empty(),
                Optional.empty()));
  }
}
