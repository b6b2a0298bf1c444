package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class FastestPrecisionTest {

  @Test
  void roundingMustPay() {
    Map<Precision, Double> little = Map.of(Precision.FP32, 1.0, Precision.BF16, 0.95);
    assertThat(FastestPrecision.fastest(little)).isEqualTo(Precision.FP32);
    Map<Precision, Double> much = Map.of(Precision.FP32, 1.0, Precision.BF16, 0.5);
    assertThat(FastestPrecision.fastest(much)).isEqualTo(Precision.BF16);
    assertThat(
            FastestPrecision.fastest(
                Map.of(Precision.FP32, 1.0, Precision.BF16, 0.5, Precision.INT8, 0.3)))
        .isEqualTo(Precision.INT8);
  }

  @Test
  void whatIsChosenWasMeasuredFaster() {
    Map<Precision, Double> inference = FastestPrecision.inferenceSeconds();
    assertThat(inference).containsKeys(Precision.FP32, Precision.INT8);
    assertThat(inference.values()).allSatisfy(seconds -> assertThat(seconds).isPositive());
    assertThat(FastestPrecision.forInference(false)).isNotEqualTo(Precision.INT8);
  }
}
