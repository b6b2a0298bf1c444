package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.OfferPolicy.OfferScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale.Outcome;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scales of probabilities, and what is kept of them in a model's card. */
class CalibrationTest {

  @TempDir private Path folder;

  @Test
  void aKnownDistortionIsRecovered() {
    PlattScale truth = new PlattScale(0.6, -0.8);
    Random random = new Random(4);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 40_000; i++) {
      double said = random.nextDouble(0.01, 0.99);
      outcomes.add(new Outcome(said, random.nextDouble() < truth.apply(said)));
    }
    PlattScale fitted = PlattScale.fit(outcomes);
    assertThat(fitted.slope()).isCloseTo(0.6, within(0.05));
    assertThat(fitted.intercept()).isCloseTo(-0.8, within(0.05));
  }

  /**
   * All probabilities are tiny and one in thirty is right, whatever its probability: undamped steps
   * of Newton's method end at a slope of hundreds.
   */
  @Test
  void probabilitiesFarFromTheTruthDoNotDiverge() {
    Random random = new Random(1);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      outcomes.add(new Outcome(Math.exp(-4 - 6 * random.nextDouble()), random.nextInt(30) == 0));
    }
    PlattScale fitted = PlattScale.fit(outcomes);
    assertThat(fitted.slope()).isBetween(0.01, 0.5);
    double mean =
        outcomes.stream().mapToDouble(one -> fitted.apply(one.probability())).average().orElse(0);
    double right = outcomes.stream().filter(Outcome::right).count() / 3000.0;
    assertThat(mean).isCloseTo(right, within(0.005));
  }

  @Test
  void theOrderStaysWhateverTheOutcomes() {
    List<Outcome> contrary = new ArrayList<>();
    List<Outcome> allWrong = new ArrayList<>();
    for (int i = 1; i < 200; i++) {
      contrary.add(new Outcome(i / 200.0, i < 100));
      allWrong.add(new Outcome(i / 200.0, false));
    }
    for (List<Outcome> outcomes : List.of(contrary, allWrong, List.<Outcome>of())) {
      PlattScale fitted = PlattScale.fit(outcomes);
      double last = 0;
      for (double p = 0.05; p < 1; p += 0.05) {
        assertThat(fitted.apply(p)).isBetween(last, 1.0);
        last = fitted.apply(p);
      }
    }
    assertThat(PlattScale.fit(allWrong).apply(0.5)).isLessThan(0.05);
    assertThat(PlattScale.fit(List.of())).isEqualTo(PlattScale.IDENTITY);
  }

  private static Candidate candidate(double byModel, double byMemory, OptionalDouble byReplies) {
    return new Candidate(" is late", byModel, OptionalDouble.of(byMemory), byReplies, "");
  }

  /** The replies are right where some agree, else the memory, and the model knows nothing. */
  @Test
  void whatSpeaksForAnOfferIsWeighed() {
    Random random = new Random(3);
    List<OfferScale.Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      double byMemory = random.nextDouble(0.02, 0.98);
      OptionalDouble byReplies =
          i % 2 == 0 ? OptionalDouble.empty() : OptionalDouble.of(random.nextDouble(0.02, 0.98));
      Candidate one = candidate(random.nextDouble(), byMemory, byReplies);
      // Evidence adds up in log-odds.
      double odds =
          logOdds(byMemory) + (byReplies.isPresent() ? logOdds(byReplies.getAsDouble()) : 0);
      outcomes.add(new OfferScale.Outcome(one, random.nextDouble() < 1 / (1 + Math.exp(-odds))));
    }
    OfferScale fitted = OfferScale.fit(false, outcomes);
    assertThat(fitted.apply(candidate(0.9, 0.2, OptionalDouble.empty())))
        .isCloseTo(0.2, within(0.03));
    assertThat(fitted.apply(candidate(0.1, 0.9, OptionalDouble.empty())))
        .isCloseTo(0.9, within(0.03));
    assertThat(fitted.apply(candidate(0.1, 0.5, OptionalDouble.of(0.8))))
        .isCloseTo(0.8, within(0.03));
    assertThat(OfferScale.fit(false, List.of())).isEqualTo(OfferScale.DEFAULT);
  }

  private static double logOdds(double probability) {
    return Math.log(probability / (1 - probability));
  }

  @Test
  void aScaleThatTurnsTheOrderRoundIsRefused() {
    assertThatThrownBy(() -> new PlattScale(0, 1)).hasMessageContaining("slope must be above 0");
    assertThatThrownBy(() -> new PlattScale(1, Double.NaN)).hasMessageContaining("intercept");
  }

  @Test
  void theFolderKeepsACalibration() throws IOException {
    Calibration learned =
        new Calibration(
            new ReplyRanking(Weights.of(ReplyRanking.DEFAULT.weights(), Map.of("terms", 0.3))),
            OfferPolicy.of(OfferScale.DEFAULT, new PlattScale(1.5, 0.125), 0.5)
                .withWrongOffer(0.25)
                .withWrongReply(1),
            new OfferPolicy(
                new OfferScale(
                    false, Weights.of(OfferScale.DEFAULT.weights(), Map.of("memory", 0.3))),
                new PlattScale(1.25, 0),
                new PlattScale(0.9, 0.1),
                new PlattScale(0.7, -0.1),
                1.5,
                0.75,
                2),
            Optional.empty());
    assertThat(Calibration.read(folder)).isEqualTo(Calibration.NONE);
    learned.write(folder);
    assertThat(Calibration.read(folder)).isEqualTo(learned);
    assertThat(learned.policy(OperatingPoint.CALM)).isEqualTo(learned.calm());
    assertThat(learned.policy(OperatingPoint.EAGER)).isEqualTo(learned.eager());
    assertThatThrownBy(() -> Calibration.readCounts(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("calibration.json has none of counts alone; calibrate");

    Calibration counts =
        new Calibration(learned.ranking(), learned.eager(), learned.eager(), Optional.empty());
    new Calibration(learned.ranking(), learned.eager(), learned.calm(), Optional.of(counts))
        .write(folder);
    assertThat(Calibration.readCounts(folder)).isEqualTo(counts);
  }
}
