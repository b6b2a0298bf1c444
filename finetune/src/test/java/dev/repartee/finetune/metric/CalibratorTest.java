package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.OfferPolicy;
import dev.repartee.engine.suggest.OfferPolicy.OfferScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which policy a calibration chooses; what it learns from is made up, and its costs exact. */
class CalibratorTest {

  private static final double READ = 1.5;
  private static final double WORTH = 20;
  private static final double AS_GOOD = 1;

  /** Every probability that the model gives, and whether the text was the agent's. */
  private static final List<Outcome> TEXTS =
      Stream.of(
              Collections.nCopies(30, new Outcome(0.7, true)),
              Collections.nCopies(20, new Outcome(0.7, false)),
              Collections.nCopies(1000, new Outcome(0.1, false)))
          .flatMap(List::stream)
          .toList();

  private final List<OfferPolicy> weighed = new ArrayList<>();

  @Test
  void showsWhatIsWorthItsReading() {
    assertThat(shown(TEXTS, best(TEXTS, AS_GOOD))).hasSize(50);
  }

  @Test
  void nothingIsShownOfWhatIsNeverRight() {
    List<Outcome> wrong = Collections.nCopies(50, new Outcome(0.3, false));

    assertThat(shown(wrong, best(wrong, AS_GOOD))).isEmpty();
  }

  @Test
  void whatNobodyMissesIsNotShown() {
    List<Outcome> one = List.of(new Outcome(0.3, true), new Outcome(0.3, false));

    assertThat(shown(one, best(one, AS_GOOD))).hasSize(2);
    assertThat(shown(one, best(one, WORTH))).isEmpty();
  }

  @Test
  void eachPolicyIsWeighedOnce() {
    best(TEXTS, AS_GOOD);

    assertThat(weighed).hasSizeGreaterThan(10).doesNotHaveDuplicates();
  }

  @Test
  void simplestIsChosenWhereItCostsHardlyMore() {
    double[] cheap = {10, 10, 10, 10};
    double[] dear = {14, 14, 14, 13};

    assertThat(Calibrator.chosen(List.of(dear, dear, cheap), 0, 0, 0)).isEqualTo(2);
    assertThat(Calibrator.chosen(List.of(dear, cheap, cheap), 0, 5, 5)).isEqualTo(1);
    assertThat(Calibrator.chosen(List.of(cheap, cheap, cheap), 0, 5, 9)).isZero();
  }

  @Test
  void fitDecidesBetweenCountsAndModelThatCostAsMuch() {
    double[] nothing = {20, 20, 20, 20};
    double[] counts = {10, 12, 10, 11};
    double[] model = {13, 10, 10, 11}; // one more in all, far less than the conversations differ

    assertThat(Calibrator.chosen(List.of(nothing, counts, model), 0, 5, 6)).isEqualTo(2);
    assertThat(Calibrator.chosen(List.of(nothing, counts, model), 0, 5, 5)).isEqualTo(1);
  }

  @Test
  void fitDoesNotOutweighTime() {
    double[] nothing = {20, 20, 20, 20};
    double[] counts = {10, 10, 10, 10};
    double[] model = {12, 12, 12, 13};

    assertThat(Calibrator.chosen(List.of(nothing, counts, model), 0, 0, 9)).isEqualTo(1);
  }

  private OfferPolicy best(List<Outcome> texts, double asGood) {
    return Calibrator.best(
        OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, READ)::withWrongReply,
        policies -> {
          weighed.addAll(policies);
          return policies.stream()
              .mapToDouble(
                  policy ->
                      shown(texts, policy).stream()
                          .mapToDouble(text -> READ - (text.right() ? WORTH : 0))
                          .sum())
              .toArray();
        },
        asGood);
  }

  private static List<Outcome> shown(List<Outcome> texts, OfferPolicy policy) {
    return texts.stream()
        .filter(
            text ->
                text.probability() * WORTH
                        - policy.read()
                        - policy.wrongReply() * (1 - text.probability())
                    > 0)
        .toList();
  }
}
