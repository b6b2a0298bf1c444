package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TorchScriptProgram;
import org.junit.jupiter.api.Test;

class ComputeRateTest {

  private static final int SIZE = 1024;

  /** Equal numbers are multiplied faster than those of a model; of ones, the corner is the size. */
  @Test
  void thePeakIsMeasuredOnRandomNumbers() {
    float[] numbers = ComputeRate.numbers();
    double wanted = 0;
    for (int i = 0; i < SIZE; i++) {
      wanted += (double) numbers[i] * numbers[i * SIZE];
    }
    try (TorchScriptProgram program = ComputeRate.program(Device.cpu())) {
      assertThat(ComputeRate.multiply(program, Precision.FP32, SIZE, 1, numbers))
          .isCloseTo((float) wanted, within(1e-3f))
          .isBetween(-100f, 100f);
    }
  }
}
