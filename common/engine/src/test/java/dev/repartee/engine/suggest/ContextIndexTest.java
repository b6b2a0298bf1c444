package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.ContextIndex.Near;
import dev.repartee.text.conversation.Message;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextIndexTest {

  private static List<Message> customer(String text) {
    return List.of(Message.customer(text));
  }

  /** Of "a b" and "a", the term "a" stands in both, "b" and "a b" in one of two. */
  @Test
  void similaritiesAreThoseWorkedOutByHand() {
    ContextIndex index = new ContextIndex();
    index.add(customer("a b"));
    index.add(customer("a"));
    double rare = 1 + Math.log(3 / 2.0);
    double length = Math.sqrt(1 + 2 * rare * rare);
    List<Near> near = index.nearest(customer("A, B!"), 10);
    assertThat(near).extracting(Near::index).containsExactly(0, 1);
    assertThat(near.get(0).similarity()).isCloseTo(1, within(1e-6));
    // The agent's side, silent in all of them, is the same.
    assertThat(near.get(1).similarity()).isCloseTo((1 / length + 1) / 2, within(1e-6));
    assertThat(index.nearest(customer("A, B!"), 1)).hasSize(1);
  }

  @Test
  void whoWroteLastCounts() {
    ContextIndex index = new ContextIndex();
    index.add(List.of(Message.customer("hello"), Message.agent("welcome")));
    index.add(List.of(Message.agent("welcome"), Message.customer("hello")));
    List<Near> near =
        index.nearest(List.of(Message.agent("welcome"), Message.customer("hello")), 2);
    assertThat(near).extracting(Near::index).containsExactly(1, 0);
    assertThat(near.get(0).similarity()).isGreaterThan(near.get(1).similarity() + 0.1);
  }

  @Test
  void whatIsAddedLaterIsFoundAndNothingInCommonIsNot() {
    ContextIndex index = new ContextIndex();
    assertThat(index.nearest(customer("late parcel"), 3)).isEmpty();
    for (int i = 0; i < 30; i++) {
      index.add(customer("number " + i));
      assertThat(index.nearest(customer("number " + i), 1))
          .extracting(Near::index)
          .containsExactly(i);
    }
    index.add(List.of(Message.agent("other"), Message.customer("different")));
    assertThat(index.size()).isEqualTo(31);
  }
}
