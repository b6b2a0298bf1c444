package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.OfferPolicy;
import dev.repartee.engine.suggest.OfferScale;
import dev.repartee.engine.suggest.PlattScale;
import dev.repartee.engine.suggest.PlattScale.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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
    OfferPolicy policy = fitted(CalibratorTest::shown);

    assertThat(shown(policy)).hasSize(50);
    assertThat(policy.replies().apply(0.7)).isBetween(0.55, 0.65);
  }

  @Test
  void scaleThatIsFlatAndShowsManyWrongTextsIsNotChosen() {
    // What few outcomes may look like: one right, whatever its probability.
    OfferPolicy policy = fitted(one -> List.of(new Outcome(0.01, true), new Outcome(0.99, false)));

    assertThat(weighed).anyMatch(one -> shown(one).size() > 1000);
    assertThat(shown(policy)).hasSize(50);
  }

  @Test
  void nothingIsShownOfWhatIsNeverRight() {
    List<Outcome> wrong =
        TEXTS.stream().map(text -> new Outcome(text.probability(), false)).toList();

    OfferPolicy policy =
        Calibrator.fitted(
            PlattScale.IDENTITY,
            CalibratorTest::policy,
            one -> cost(shown(wrong, one)),
            one -> shown(wrong, one),
            AS_GOOD);

    assertThat(shown(wrong, policy)).isEmpty();
  }

  @Test
  void eachPolicyIsWeighedOnce() {
    fitted(CalibratorTest::shown);

    assertThat(weighed).doesNotHaveDuplicates();
  }

  private OfferPolicy fitted(Function<OfferPolicy, List<Outcome>> outcomes) {
    ToDoubleFunction<OfferPolicy> cost =
        policy -> {
          weighed.add(policy);
          return cost(shown(policy));
        };
    return Calibrator.fitted(PlattScale.IDENTITY, CalibratorTest::policy, cost, outcomes, AS_GOOD);
  }

  private static OfferPolicy policy(PlattScale scale, double wrong) {
    return new OfferPolicy(OfferScale.DEFAULT, scale, READ, 0, wrong);
  }

  private static double cost(List<Outcome> shown) {
    return shown.stream().mapToDouble(text -> READ - (text.right() ? WORTH : 0)).sum();
  }

  private static List<Outcome> shown(OfferPolicy policy) {
    return shown(TEXTS, policy);
  }

  /** The texts that the policy shows, with its probabilities. */
  private static List<Outcome> shown(List<Outcome> texts, OfferPolicy policy) {
    return texts.stream()
        .map(text -> new Outcome(policy.replies().apply(text.probability()), text.right()))
        .filter(text -> worth(policy, text.probability()) > 0)
        .toList();
  }

  private static double worth(OfferPolicy policy, double probability) {
    return probability * WORTH - policy.read() - policy.wrongReply() * (1 - probability);
  }
}
