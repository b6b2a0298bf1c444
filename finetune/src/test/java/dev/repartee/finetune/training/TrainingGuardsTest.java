package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.EngineException;
import dev.repartee.finetune.training.Trainer.DivergenceGuard;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guards and the schedule, without a model. */
class TrainingGuardsTest {

  private static final int VOCABULARY = 50260;

  @TempDir private Path folder;

  @Test
  void aLossOrNormThatIsNoNumberEndsTheRun() {
    assertThat(guard(false).check(Double.NaN, 1)).get().asString().contains("NaN");
    assertThat(guard(false).check(3, Double.POSITIVE_INFINITY)).isPresent();
    assertThat(guard(false).check(10.8, 5)).isEmpty();
  }

  @Test
  void aDynamicLossScaleMayLeaveOutStepsBut25InARowEndTheRun() {
    DivergenceGuard guard = guard(true);
    for (int round = 0; round < 2; round++) {
      IntStream.range(0, 24)
          .forEach(i -> assertThat(guard.check(3, Double.POSITIVE_INFINITY)).isEmpty());
      assertThat(guard.isSuspicious()).isTrue();
      assertThat(guard.check(3, 1)).isEmpty();
      assertThat(guard.isSuspicious()).isFalse();
    }
    IntStream.range(0, 24)
        .forEach(i -> assertThat(guard.check(3, Double.POSITIVE_INFINITY)).isEmpty());
    assertThat(guard.check(3, Double.POSITIVE_INFINITY)).get().asString().contains("25th");
  }

  @Test
  void anExplodingLossEndsTheRunAndANoisyOneDoesNot() {
    DivergenceGuard guard = guard(false);
    IntStream.range(0, 60).forEach(i -> assertThat(guard.check(3 + i % 3, 1)).isEmpty());
    for (int round = 0; round < 3; round++) {
      IntStream.range(0, 4).forEach(i -> assertThat(guard.check(20, 1)).isEmpty());
      assertThat(guard.check(4, 1)).isEmpty();
    }
    IntStream.range(0, 4).forEach(i -> assertThat(guard.check(20, 1)).isEmpty());
    assertThat(guard.check(20, 1)).get().asString().contains("for 5 steps");
  }

  private static DivergenceGuard guard(boolean dynamicScale) {
    return new DivergenceGuard(dynamicScale, VOCABULARY);
  }

  @Test
  void aLackOfMemoryNamesTheSettingToChangeAndTheCheckpoint() {
    Checkpoints checkpoints = new Checkpoints(new RunFolder(folder), "f");
    for (Throwable lack :
        new Throwable[] {
          new OutOfMemoryError("Java heap space"),
          new EngineException("DefaultCPUAllocator: not enough memory: you tried to allocate"),
          new EngineException("CUDA out of memory. Tried to allocate 2 GiB"),
          new EngineException("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate`")
        }) {
      assertThatExceptionOfType(UserException.class)
          .isThrownBy(() -> FinetuneRun.withMemoryAdvice(checkpoints, () -> fail(lack)))
          .withMessageContaining("--batch-tokens")
          .withMessageContaining("--accumulate")
          .withMessageContaining("there is no checkpoint yet");
    }
    assertThatExceptionOfType(EngineException.class)
        .isThrownBy(
            () ->
                FinetuneRun.withMemoryAdvice(
                    checkpoints, () -> fail(new EngineException("shape mismatch"))));
  }

  private static String fail(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  @Test
  void aResumedRunMustAgreeWithItsRecord() {
    seed("1").requireSameAs(seed("1"), folder);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> seed("1").requireSameAs(seed("2"), folder))
        .withMessageContaining("--seed was 2 and is 1");
  }

  private static RunRecord seed(String seed) {
    return new RunRecord(new TreeMap<>(Map.of("seed", seed)), new TreeMap<>(), new TreeMap<>());
  }

  @Test
  void theRateRisesAndFallsToATenth() {
    TrainingConfig config = new TrainingConfig();
    config.learningRate = 1e-3;
    assertThat(Trainer.learningRate(config, 0, 200)).isCloseTo(1e-4, within(1e-12));
    assertThat(Trainer.learningRate(config, 9, 200)).isCloseTo(1e-3, within(1e-12));
    assertThat(Trainer.learningRate(config, 10, 200)).isCloseTo(1e-3, within(1e-12));
    assertThat(Trainer.learningRate(config, 105, 200)).isCloseTo(5.5e-4, within(1e-9));
    assertThat(Trainer.learningRate(config, 200, 200)).isCloseTo(1e-4, within(1e-12));
  }

  @Test
  void aWarmUpOfAFractionOfAStepDoesNotOvershoot() {
    TrainingConfig config = new TrainingConfig();
    config.learningRate = 3e-3;
    for (long steps : new long[] {1, 3, 29, 30, 50, 100}) {
      double highest =
          LongStream.range(0, steps)
              .mapToDouble(step -> Trainer.learningRate(config, step, steps))
              .max()
              .orElseThrow();
      assertThat(highest).as("%d steps", steps).isEqualTo(3e-3, within(1e-15));
    }
  }
}
