package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.finetune.metric.Measurement.Comparison;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatioTest {

  private static Ratio ratio(int conversations, IntToDoubleFunction numerator) {
    Ratio ratio = new Ratio(conversations);
    for (int i = 0; i < conversations; i++) {
      ratio.add(i, numerator.applyAsDouble(i), 97 + i);
    }
    return ratio;
  }

  @Test
  void sameSeedSameInterval() {
    // So many different ones that another seed does not end at the same resample.
    Ratio ratio = ratio(50, i -> i * i % 97);
    Interval interval = ratio.interval(share -> share, 7);
    assertThat(interval)
        .isEqualTo(ratio.interval(share -> share, 7))
        .isNotEqualTo(ratio.interval(share -> share, 8));
    assertThat(ratio.value()).isBetween(interval.low(), interval.high());
  }

  /** Conversations differ much, the two predictors by little: paired, that little is certain. */
  @Test
  void pairingTakesOutWhatIsHardForBoth() {
    Ratio theirs = ratio(40, i -> i % 2 == 0 ? 0 : 90);
    Ratio ours = ratio(40, i -> (i % 2 == 0 ? 0 : 90) + 1);
    Interval alone = theirs.percentInterval(0);
    Difference difference = ours.difference(theirs, 0);
    assertThat(alone.high() - alone.low()).isGreaterThan(10);
    assertThat(difference.ci95().low()).isGreaterThan(0);
    assertThat(difference.better()).isEqualTo(100);
    assertThat(theirs.difference(ours, 0).difference()).isEqualTo(-difference.difference());
    assertThat(theirs.difference(ours, 0).better()).isZero();
  }

  @Test
  void nothingToDivideByIsNothingSaved() {
    Ratio none = new Ratio(3);
    assertThat(none.percent()).isZero();
    assertThat(none.percentInterval(0)).isEqualTo(new Interval(0, 0));
  }

  private static Measurement measure(String offer, int conversations) {
    List<Conversation> test =
        IntStream.range(0, conversations)
            .mapToObj(i -> new Conversation("c" + i, List.of(Message.agent("Hello there friend"))))
            .toList();
    return TypedTextSaved.measure(
        new ScriptedPredictor(List.of(), Map.of("H", offer)),
        test,
        EvaluationSettings.DEFAULT,
        EvaluationProgress.NONE);
  }

  @Test
  void predictorsAreComparedRuleByRule() {
    Comparison comparison = measure("ello there", 3).comparedWith(measure("nothing", 3));
    // "ello there" spares ten of eighteen characters for two keystrokes; both are read once.
    assertThat(comparison.rules().get("net"))
        .isEqualTo(new Difference(44.44, new Interval(44.44, 44.44), 100));
    assertThat(comparison.rules().get("steady"))
        .isEqualTo(new Difference(0, new Interval(0, 0), 0));
    assertThat(comparison.rules().keySet())
        .containsExactlyElementsOf(
            EvaluationSettings.DEFAULT.rules().stream().map(Rule::name).toList());
    assertThat(comparison.suggestions().difference()).isZero();
  }
}
