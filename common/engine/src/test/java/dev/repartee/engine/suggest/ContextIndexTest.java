package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.ContextIndex.Near;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContextIndexTest {

  private static List<Message> customer(String text) {
    return List.of(Message.customer(text));
  }

  private static List<ContextIndex.Terms> terms(List<Message> context) {
    return ContextIndex.terms("", context);
  }

  private static ContextIndex index(List<List<Message>> contexts) {
    return new ContextIndex(contexts.stream().map(ContextIndexTest::terms).toList());
  }

  /** Of "a b" and "a", the term "a" stands in both, "b" and "a b" in one of two. */
  @Test
  void similaritiesAreThoseWorkedOutByHand() {
    ContextIndex index = index(List.of(customer("a b"), customer("a")));
    double rare = 1 + Math.log(3 / 2.0);
    double length = Math.sqrt(1 + 2 * rare * rare);
    List<Near> near = index.nearest(terms(customer("A, B!")), 10);
    assertThat(near).extracting(Near::index).containsExactly(0, 1);
    assertThat(near.get(0).similarity()).isCloseTo(1, within(1e-6));
    // The agent's side, silent in all of them, is the same.
    assertThat(near.get(1).similarity()).isCloseTo((1 / length + 1) / 2, within(1e-6));
    assertThat(index.nearest(terms(customer("A, B!")), 1)).hasSize(1);
  }

  @Test
  void whoWroteLastCounts() {
    List<Message> customerLast = List.of(Message.agent("welcome"), Message.customer("hello"));
    ContextIndex index = index(List.of(customerLast.reversed(), customerLast));
    List<Near> near = index.nearest(terms(customerLast), 2);
    assertThat(near).extracting(Near::index).containsExactly(1, 0);
    assertThat(near.get(0).similarity()).isGreaterThan(near.get(1).similarity() + 0.1);
  }

  @Test
  void nothingInCommonIsNotFound() {
    assertThat(index(List.of()).nearest(terms(customer("late parcel")), 3)).isEmpty();
    List<List<Message>> contexts = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      contexts.add(customer("number " + i));
    }
    contexts.add(List.of(Message.customer("different"), Message.agent("other")));
    ContextIndex index = index(contexts);
    for (int i = 0; i < 30; i++) {
      assertThat(index.nearest(terms(customer("number " + i)), 31))
          .extracting(Near::index)
          .startsWith(i)
          .doesNotContain(30);
    }
  }
}
