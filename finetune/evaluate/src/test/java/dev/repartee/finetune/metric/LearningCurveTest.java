package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.repartee.finetune.metric.Counts.RuleCounts;
import dev.repartee.finetune.metric.LearningCurve.Window;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Windows over what was counted, laid out by hand. */
class LearningCurveTest {

  private static final List<Integer> NOTHING = List.of(0, 0, 0);

  private static RuleCounts costs(Rule rule, List<Integer> typed, List<Integer> shown) {
    return new RuleCounts(
        rule.whole(),
        rule.least(),
        rule.steady(),
        rule.accept(),
        rule.read(),
        rule.readReply(),
        typed,
        List.of(0, 0, 5),
        shown,
        NOTHING,
        List.of(2, 0, 0));
  }

  private static final Counts COUNTS =
      new Counts(
          0,
          List.of(1, 3, 2),
          List.of(100, 300, 100),
          List.of(0, 100, 80),
          NOTHING,
          NOTHING,
          Map.of(
              "net", costs(Rule.NET, List.of(100, 240, 10), List.of(0, 10, 20)),
              "steady", costs(Rule.STEADY, List.of(100, 300, 10), NOTHING)));

  private static List<Conversation> conversations() {
    return Stream.of("bank", "hotel", "bank")
        .map(domain -> new Conversation(domain, Optional.empty(), Optional.of(domain), List.of()))
        .toList();
  }

  @Test
  void eachWindowIsOfItsOwnConversations() {
    LearningCurve curve = LearningCurve.of(COUNTS, conversations(), 2);
    assertThat(curve.curve()).hasSize(2);
    // Typed 340, read 1.5 x (10 offers + 2 replies), of 400 characters.
    Window first = curve.curve().getFirst();
    assertThat(first.conversations()).isZero();
    assertThat(first.measured()).isEqualTo(2);
    assertThat(first.replies()).isEqualTo(4);
    assertThat(first.net()).isEqualTo(10.5);
    assertThat(first.steady()).isEqualTo(-0.75);
    assertThat(first.wholeReplies()).isEqualTo(25);
    assertThat(first.displays()).isEqualTo(3);
    assertThat(first.running().net()).isEqualTo(10.5);
    assertThat(first.domains()).containsExactly(entry("bank", 50.0), entry("hotel", 50.0));
    // Typed 10, 2 for each of 5 actions, read 1.5 x 20, of 100.
    Window last = curve.curve().getLast();
    assertThat(last.conversations()).isEqualTo(2);
    assertThat(last.measured()).isEqualTo(1);
    assertThat(last.net()).isEqualTo(50);
    assertThat(last.steady()).isEqualTo(80);
    assertThat(last.displays()).isEqualTo(10);
    assertThat(last.domains()).containsExactly(entry("bank", 100.0));
    assertThat(last.running().net()).isEqualTo(18.4).isEqualTo(curve.net().saved());
    assertThat(last.running().steady()).isEqualTo(curve.steady().saved());
  }

  @Test
  void figuresOverAll() {
    LearningCurve curve = LearningCurve.of(COUNTS, conversations(), 25);
    assertThat(curve.curve()).hasSize(1);
    assertThat(curve.conversations()).isEqualTo(3);
    assertThat(curve.replies()).isEqualTo(6);
    assertThat(curve.characters()).isEqualTo(500);
    assertThat(curve.wholeReplies().saved()).isEqualTo(36);
    assertThat(curve.net().ci95().low()).isLessThan(18.4);
    assertThat(curve.net().ci95().high()).isGreaterThan(18.4);
    assertThat(curve.displays()).isEqualTo(5.33);
    assertThat(curve.domains()).containsExactly(entry("bank", 0), entry("hotel", 1));
  }

  @Test
  void aWindowHoldsAConversation() {
    assertThatThrownBy(() -> LearningCurve.of(COUNTS, conversations(), 0))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--each must be at least 1 conversation but is 0");
  }
}
