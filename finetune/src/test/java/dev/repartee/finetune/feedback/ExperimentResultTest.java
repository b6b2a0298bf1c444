package dev.repartee.finetune.feedback;

import static dev.repartee.finetune.feedback.ReplySums.Count.CHARACTERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.feedback.ExperimentResult.ArmComparison;
import dev.repartee.finetune.feedback.ExperimentResult.Outcomes;
import dev.repartee.finetune.feedback.ExperimentResult.Verdict;
import dev.repartee.finetune.testing.Replies;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class ExperimentResultTest {

  private static final Instant NOW = Instant.parse("2026-03-09T08:00:00Z");

  /** Of conversations whose arms save these shares of the characters. */
  private static ExperimentResult result(
      Experiment experiment, int conversations, ToDoubleFunction<Arm> saved) {
    Outcomes outcomes = new Outcomes(experiment);
    Center center = new Center(1);
    for (int i = 0; i < conversations; i++) {
      Arm arm = center.arm(experiment);
      outcomes.add(arm, i, center.conversation(saved.applyAsDouble(arm)), false);
    }
    return ExperimentResult.of(outcomes, NOW);
  }

  private static double more(Arm arm) {
    return arm.suggests() ? arm.version() == 8 ? 0.5 : 0.2 : 0;
  }

  @Test
  void aVersionThatSavesMoreIsFoundWithWhatItSaves() {
    ExperimentResult result = result(Center.experiment(1000, 0.05), 4000, arm -> more(arm));
    assertThat(result.verdict()).isEqualTo(Verdict.SAVES);
    assertThat(result.invalid()).isEmpty();
    ArmComparison candidate = result.primary();
    assertThat(candidate.arm()).isEqualTo("candidate");
    assertThat(candidate.against()).isEqualTo("production");
    assertThat(candidate.moved()).isEmpty();
    assertThat(candidate.net().orElseThrow().difference()).isEqualTo(30, within(2.0));
    ArmComparison control = result.comparisons().get(1);
    assertThat(control.arm()).isEqualTo("production");
    assertThat(control.against()).isEqualTo("control");
    assertThat(control.secondsSaved().orElseThrow().difference()).isPositive();
    assertThat(result.arms().get(2).edited()).isEmpty();
    double saved =
        result.arms().get(0).secondsPerConversation().orElseThrow()
            - result.arms().get(1).secondsPerConversation().orElseThrow();
    assertThat(candidate.secondsSaved().orElseThrow().difference()).isEqualTo(saved, within(1e-9));
    assertThat(candidate.secondsSaved().orElseThrow().low()).isPositive().isLessThan(saved);
  }

  @Test
  void theSameVersionTwiceIsUndecidedAndAWorseOneCosts() {
    Experiment experiment = Center.experiment(1000, 0);
    assertThat(result(experiment, 4000, _ -> 0.3).verdict()).isEqualTo(Verdict.UNDECIDED);
    assertThat(result(experiment, 4000, arm -> 0.7 - more(arm)).verdict()).isEqualTo(Verdict.COSTS);
  }

  @Test
  void nothingIsDecidedBeforeTheSmallestNumber() {
    assertThat(result(Center.experiment(1000, 0), 999, arm -> more(arm)).verdict())
        .isEqualTo(Verdict.COLLECTING);
    assertThat(result(Center.experiment(1000, 0), 0, arm -> more(arm)).verdict())
        .isEqualTo(Verdict.COLLECTING);
  }

  @Test
  void conversationsThatDoNotFallByTheSharesInvalidateIt() {
    Experiment experiment = Center.experiment(1000, 0);
    Outcomes outcomes = new Outcomes(experiment);
    Center center = new Center(1);
    for (int i = 0; i < 2000; i++) {
      Arm arm = experiment.arms().get(i % 100 < 56 ? 0 : 1);
      outcomes.add(arm, i, center.conversation(0.3), false);
    }
    ExperimentResult result = ExperimentResult.of(outcomes, NOW);
    assertThat(result.sampleRatioP()).isBetween(9.8e-6, 9.9e-6);
    assertThat(result.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(result.invalid()).singleElement().asString().contains("do not fall to the arms");
  }

  /** The chi-squared test, repeated like this, finds about 1% of these invalid. */
  @Test
  void lookingOftenRarelyInvalidatesAHealthyExperiment() {
    double[] shares = {0.475, 0.475, 0.05};
    SplittableRandom random = new SplittableRandom(1);
    int invalid = 0;
    for (int experiment = 0; experiment < 1000; experiment++) {
      long[] counts = new long[3];
      boolean found = false;
      for (int n = 1; n <= 20_000 && !found; n++) {
        double at = random.nextDouble();
        counts[at < 0.475 ? 0 : at < 0.95 ? 1 : 2]++;
        found = n >= 2000 && n % 100 == 0 && ExperimentResult.sampleRatio(counts, shares) < 0.001;
      }
      invalid += found ? 1 : 0;
    }
    assertThat(invalid).isLessThanOrEqualTo(3);
  }

  @Test
  void realImbalancesAreFound() {
    double[] halves = {0.5, 0.5};
    assertThat(ExperimentResult.sampleRatio(new long[] {2650, 2350}, halves)).isLessThan(0.001);
    assertThat(ExperimentResult.sampleRatio(new long[] {2550, 2450}, halves)).isGreaterThan(0.1);
    assertThat(ExperimentResult.sampleRatio(new long[] {0, 0}, halves)).isOne();
    // Half of the feedback of a small control group is lost.
    assertThat(
            ExperimentResult.sampleRatio(
                new long[] {1900, 1900, 100}, new double[] {0.475, 0.475, 0.05}))
        .isLessThan(0.001);
  }

  @Test
  void anArmThatGotAnotherVersionInvalidatesIt() {
    Experiment experiment = Center.experiment(1000, 0);
    Outcomes outcomes = new Outcomes(experiment);
    Center center = new Center(1);
    for (int i = 0; i < 2000; i++) {
      Arm arm = center.arm(experiment);
      outcomes.add(arm, i, center.conversation(0.3), arm.version() == 8 && i % 10 == 0);
    }
    ExperimentResult result = ExperimentResult.of(outcomes, NOW);
    assertThat(result.verdict()).isEqualTo(Verdict.INVALID);
    assertThat(result.invalid()).singleElement().asString().contains("arm candidate");
  }

  @Test
  void repliesThatGotShorterAreNamed() {
    Experiment experiment = Center.experiment(1000, 0);
    Outcomes outcomes = new Outcomes(experiment);
    Center center = new Center(1);
    for (int i = 0; i < 4000; i++) {
      Arm arm = center.arm(experiment);
      ReplySums sums = center.conversation(0.3);
      if (arm.version() == 8) {
        sums.add(CHARACTERS, -sums.get(CHARACTERS) / 5);
      }
      outcomes.add(arm, i, sums, false);
    }
    assertThat(ExperimentResult.of(outcomes, NOW).primary().moved())
        .containsExactly("characters_per_reply");
  }

  @Test
  void repliesWithoutAnArmOrOfAnotherExperimentAreLeftOut() {
    Experiment experiment = Center.experiment(100, 0);
    Outcomes outcomes = new Outcomes(experiment);
    String plain = Replies.typed("1", "c-1", "", "billing", "Your parcel is on its way.", 9);
    outcomes.add(Replies.read(plain), Replies.MONDAY);
    String assigned = plain.replace("\"queue\":", "%s\"queue\":");
    String arm = "\"experiment\":{\"id\":\"%s\",\"arm\":\"candidate\",\"version\":\"8\"},";
    outcomes.add(Replies.read(assigned.formatted(arm.formatted("other@1"))), Replies.MONDAY);
    assertThat(ExperimentResult.of(outcomes, NOW).conversations()).isZero();
    outcomes.add(Replies.read(assigned.formatted(arm.formatted(experiment.id()))), Replies.MONDAY);
    ExperimentResult result = ExperimentResult.of(outcomes, NOW);
    assertThat(result.conversations()).isOne();
    assertThat(result.arms().get(1).secondsPerConversation()).contains(9.0);
  }

  private static long otherwise(Experiment experiment, String arm, String reply) {
    Outcomes outcomes = new Outcomes(experiment, version -> version.equals("9") ? "8" : version);
    String assignment =
        "\"experiment\":{\"id\":\"%s\",\"arm\":\"%s\",\"version\":\"8\"},"
            .formatted(experiment.id(), arm);
    outcomes.add(
        Replies.read(reply.replace("\"events\":{", "\"events\":{" + assignment)), Replies.MONDAY);
    assertThat(ExperimentResult.of(outcomes, NOW).conversations()).isOne();
    return ExperimentResult.of(outcomes, NOW).figures(arm).otherwise();
  }

  /** The front end names acme@7 with a reply of the arm that acme@8 is to answer. */
  @Test
  void onlyWhatWasSuggestedCanBeAnotherVersions() {
    Experiment experiment = Center.experiment(100, 0);
    String typed = Replies.typed("1", "c-1", "", "billing", "Your parcel is on its way.", 9);
    String answered = typed.replace("\"events\":{", "\"events\":{\"suggestions_id\":\"s-1\",");
    assertThat(otherwise(experiment, "candidate", typed)).isZero(); // the agent turned it off
    assertThat(otherwise(experiment, "candidate", answered)).isOne();
    assertThat(otherwise(experiment, "production", answered)).isZero();
    String built = answered.replace("\"version\":\"7\"", "\"version\":\"9\"");
    assertThat(otherwise(experiment, "candidate", built)).as("9 is built on 8").isZero();
    assertThat(otherwise(experiment, "production", built)).isOne();
  }

  @Test
  void theControlGroupMaySearchForAnswers() {
    Experiment experiment = Center.experiment(100, 0.05);
    String chosen =
        Replies.chosen("1", "c-1", "", "billing", "Your parcel is on its way.", 9)
            .replaceAll("\\{\"action\":\"displayed\"[^}]*},", "");
    String found =
        chosen.replace(
            "{\"action\":\"chosen\"",
            "{\"action\":\"searched\",\"at_ms\":0},{\"action\":\"chosen\"");
    assertThat(otherwise(experiment, "control", chosen)).isOne();
    assertThat(otherwise(experiment, "control", found)).isZero();
  }
}
