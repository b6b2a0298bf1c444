package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingPrecisionTest {

  /** A measurement under load chose FP32 for a whole recipe, at less than half of BF16's speed. */
  @Test
  void bf16IsTakenWhereBothAreClose() {
    assertThat(fastest(0.4)).isEqualTo(Precision.BF16);
    assertThat(fastest(0.95)).isEqualTo(Precision.BF16);
    assertThat(fastest(1.05)).isEqualTo(Precision.BF16);
    assertThat(fastest(1.2)).isEqualTo(Precision.FP32);
    assertThat(TrainingPrecision.fastest(Map.of(Precision.FP32, 0.0))).isEqualTo(Precision.FP32);
  }

  private static Precision fastest(double bf16) {
    return TrainingPrecision.fastest(Map.of(Precision.FP32, 1.0, Precision.BF16, bf16));
  }
}
