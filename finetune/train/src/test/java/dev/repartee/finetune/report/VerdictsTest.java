package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.report.RunMetrics.ValidationMetrics;
import dev.repartee.finetune.report.RunVerdicts.Level;
import dev.repartee.finetune.report.RunVerdicts.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every rule on both sides of its bound. */
class VerdictsTest {

  private static final int STEPS = 400;

  private static StepMetrics step(int step, double loss, double speed, double memory) {
    return new StepMetrics(
        step, 1, loss, 1e-3, step % 4 == 0 ? 2 : 0.5, 10, 20, speed, 0.5, memory, step);
  }

  private static List<StepMetrics> losses(IntToDoubleFunction loss) {
    return IntStream.rangeClosed(1, STEPS)
        .mapToObj(step -> step(step, loss.applyAsDouble(step), 100, 1e9))
        .toList();
  }

  private static RunVerdicts verdicts(List<StepMetrics> steps, double... validationLosses) {
    List<ValidationMetrics> validations = new ArrayList<>();
    for (double loss : validationLosses) {
      int step = 100 * (validations.size() + 1);
      validations.add(new ValidationMetrics(step, loss, Math.exp(loss), step));
    }
    return new RunVerdicts(RunCurves.of(new RunMetrics(steps, validations, List.of())), 1);
  }

  private static double falling(int step) {
    return 2 - step / 400.0;
  }

  @Test
  void fallingWhenTheLastValidationIsOnePercentBelowTheBestBefore() {
    List<StepMetrics> steps = losses(VerdictsTest::falling);
    assertThat(verdicts(steps, 3, 2, 1.9).falling().answer()).isEqualTo("Yes, train longer");
    assertThat(verdicts(steps, 3, 2, 1.99).falling().answer()).isEqualTo("Hardly, it levels off");
    Verdict past = verdicts(steps, 3, 1.9, 1.95).falling();
    assertThat(past.answer()).isEqualTo("No, it is past its best");
    assertThat(past.evidence()).contains("step 200", "1.900", "the one validation");
  }

  @Test
  void fallingIsReadFromTheTrainingLossWhenThereIsNoValidation() {
    assertThat(verdicts(losses(VerdictsTest::falling)).falling().answer())
        .isEqualTo("Yes, by its training loss");
    assertThat(verdicts(losses(step -> 1)).falling().answer()).isEqualTo("Hardly");
  }

  @Test
  void overfittingWhenValidationRisesWhileTrainingFalls() {
    List<StepMetrics> falls = losses(VerdictsTest::falling);
    Verdict yes = verdicts(falls, 2, 1.5, 1.6).overfitting();
    assertThat(yes.answer()).isEqualTo("Yes, after step 200");
    assertThat(yes.evidence()).contains("rose by 6.7%", "training loss fell by");
    assertThat(verdicts(falls, 2, 1.5, 1.51).overfitting().level()).isEqualTo(Level.GOOD);
    List<StepMetrics> rises = losses(step -> 1 + step / 400.0);
    assertThat(verdicts(rises, 2, 1.5, 1.6).overfitting().answer())
        .isEqualTo("No, but it got worse");
    assertThat(verdicts(falls, 2).overfitting().level()).isEqualTo(Level.UNKNOWN);
  }

  @Test
  void notQuiteStableWhenMostStepsAreClipped() {
    List<StepMetrics> steps =
        losses(step -> 1).stream()
            .map(
                one ->
                    new StepMetrics(
                        one.step(),
                        1,
                        1,
                        1e-3,
                        one.step() % 10 == 0 ? 0.5 : 2,
                        10,
                        20,
                        100,
                        0.5,
                        1e9,
                        1))
            .toList();
    Verdict clipped = verdicts(steps).stable();
    assertThat(clipped.level()).isEqualTo(Level.NOTE);
    assertThat(clipped.answer()).contains("90.0%");
    assertThat(clipped.evidence()).contains("--clip");
  }

  @Test
  void stableWithoutSpikesAndSaysHowOftenGradientsWereClipped() {
    Verdict yes = verdicts(losses(step -> 1)).stable();
    assertThat(yes.answer()).isEqualTo("Yes");
    assertThat(yes.evidence()).contains("clipped at 1 in 25.0% of the steps");
    Verdict mostly = verdicts(losses(step -> step == 300 ? 2.2 : 1)).stable();
    assertThat(mostly.answer()).isEqualTo("Mostly");
    assertThat(mostly.evidence())
        .startsWith("One spike, the highest at step 300 with a loss of 2.20");
    assertThat(verdicts(losses(step -> step % 40 == 0 ? 3 : 1)).stable().level())
        .isEqualTo(Level.BAD);
    assertThat(verdicts(losses(step -> step >= 77 ? Double.NaN : 1)).stable().answer())
        .isEqualTo("No, it diverged at step 77");
  }

  @Test
  void speedNotesSlowingAndGrowingMemory() {
    Verdict steady = verdicts(losses(step -> 1)).fast();
    assertThat(steady.answer()).isEqualTo("100 tokens/s");
    assertThat(steady.level()).isEqualTo(Level.GOOD);
    assertThat(steady.evidence()).isEqualTo("50.0% of the peak (MFU). The speed did not fall.");
    List<StepMetrics> worse =
        IntStream.rangeClosed(1, STEPS)
            .mapToObj(step -> step(step, 1, step > 250 ? 80 : 100, 1e9 + 1e6 * step))
            .toList();
    Verdict noted = verdicts(worse).fast();
    assertThat(noted.level()).isEqualTo(Level.NOTE);
    assertThat(noted.evidence()).contains("slowed by 20.0%", "Memory grew by 17.");
  }
}
