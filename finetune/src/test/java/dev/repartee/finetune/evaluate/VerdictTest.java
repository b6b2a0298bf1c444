package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.evaluate.EvaluationReport.BestBaseline;
import dev.repartee.finetune.evaluate.Verdict.Decision;
import dev.repartee.finetune.metric.Difference;
import dev.repartee.finetune.metric.Interval;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What follows from which figures. */
class VerdictTest {

  private static BestBaseline baseline(double saved, double difference, double low, double high) {
    return new BestBaseline(
        "words+knn",
        saved,
        OptionalDouble.empty(),
        new Difference(difference, new Interval(low, high), 50));
  }

  private static Verdict of(int conversations, double saved, BestBaseline best) {
    return Verdict.of(conversations, saved, Optional.of(best), Verdict.LEAST_SAVED, false);
  }

  @ParameterizedTest
  @CsvSource({
    "100, 11.1, 8.9, 2.2, 1.2, 3.3, PUBLISH, 'worth publishing: 11.1% of the time saved; words+knn saves 8.9% (the model +2.2 points, 95% +1.2 to +3.3)'",
    "100, 11.1, 10.1, 1.0, -0.1, 2.1, AS_MUCH, 'as much as counted words: 11.1%'",
    "100, 4.2, 5.0, -0.8, -1.7, 0.0, AS_MUCH, 'as much as counted words: 4.2%'",
    "100, 4.2, 5.0, -0.8, -1.7, -0.1, DO_NOT_PUBLISH, 'do not publish: 4.2%'",
    "100, 1.0, 0.2, 0.8, 0.3, 1.2, TOO_LITTLE, 'too little: 1.0% of the time saved, less than 3.0%'",
    "100, 1.0, 5.0, -4.0, -5.0, -3.0, TOO_LITTLE, 'too little: 1.0%'",
    "9, 31.0, 8.9, 22, 20, 24, TOO_FEW, 'too few conversations for an interval: 31.0%'",
  })
  void whatIsSavedComesFirstThenTheBaseline(
      int conversations,
      double saved,
      double theirs,
      double difference,
      double low,
      double high,
      Decision decision,
      String text) {
    Verdict verdict = of(conversations, saved, baseline(theirs, difference, low, high));
    assertThat(verdict.decision()).isEqualTo(decision);
    assertThat(verdict.text()).startsWith(text);
    assertThat(verdict.next()).isNotBlank();
  }

  @Test
  void aTeamSetsTheBound() {
    BestBaseline best = baseline(5, 3, 2, 4);
    assertThat(Verdict.of(100, 8, Optional.of(best), 10, false).decision())
        .isEqualTo(Decision.TOO_LITTLE);
    assertThatThrownBy(() -> Verdict.leastSaved(Optional.of(-1.0)))
        .hasMessageContaining("--least-saved must be from 0 to 100 percent but is -1.0");
  }

  @Test
  void countsAreNamed() {
    assertThat(Verdict.of(100, 8, Optional.empty(), 3, true))
        .extracting(Verdict::decision, Verdict::text)
        .containsExactly(
            Decision.NONE, "no baseline was measured: served as counts, 8.0% of the time saved");
  }
}
