package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.repartee.text.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesTest {

  @Test
  void takesEveryGpuOrElseTheCpu() {
    int gpus = Devices.gpus();
    assertThat(Devices.parse("auto")).hasSize(Math.max(1, gpus));
    assertThat(Devices.parse("auto").getFirst().isGpu()).isEqualTo(gpus > 0);
  }

  @Test
  void aCpuNamedTwiceMeansTwoWorkers() {
    assertThat(Devices.parse("cpu, CPU")).isEqualTo(List.of(Device.cpu(), Device.cpu()));
  }

  @Test
  void refusesWhatIsNotThere() {
    assertThatThrownBy(() -> Devices.parse("cuda:999"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("--device cuda:999: the engine sees " + Devices.gpus() + " GPU(s)");
    assertThatThrownBy(() -> Devices.parse("tpu")).hasMessageContaining("'tpu' is unknown");
  }

  @Test
  void aT4ComputesInFp16AndAnA100InBf16() {
    assertThat(Devices.forCapability(75)).isEqualTo(Precision.FP16);
    assertThat(Devices.forCapability(80)).isEqualTo(Precision.BF16);
    assertThat(Devices.forCapability(90)).isEqualTo(Precision.BF16);
    assertThat(Devices.forCapability(61)).isEqualTo(Precision.FP32);
    assertThat(Devices.bestPrecision(Device.cpu())).isEqualTo(FastestPrecision.forTraining());
  }
}
