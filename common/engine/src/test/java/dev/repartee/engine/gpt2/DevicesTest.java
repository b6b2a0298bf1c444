package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.text.UserException;
import java.util.List;
import org.junit.jupiter.api.Test;

class DevicesTest {

  private static final Gpu SECOND = new Gpu(1, "NVIDIA A100", 80, 40L << 30);

  @Test
  void autoTakesEveryGpuThatCanBeUsedOrElseTheCpuAndSaysWhy() {
    assertThat(Devices.of("auto", FakeGpus.none()).list()).containsExactly(Device.cpu());
    assertThat(Devices.of("auto", FakeGpus.none())).hasToString("cpu (there is no NVIDIA driver)");
    assertThat(Devices.of("AUTO", FakeGpus.of(FakeGpus.H100, SECOND)).list())
        .containsExactly(Device.gpu(0), Device.gpu(1));
    assertThat(Devices.of("auto", FakeGpus.withoutLibraries(FakeGpus.H100)))
        .hasToString("cpu (libtorch was built for the CPU)");
    assertThat(Devices.of("auto", FakeGpus.of(FakeGpus.P4)).toString())
        .startsWith("cpu (cuda:0 (Tesla P4, compute capability 6.1) is too old");
    assertThat(Devices.of("auto", FakeGpus.of(FakeGpus.P4, SECOND)).list())
        .containsExactly(Device.gpu(1));
  }

  @Test
  void namesGpusAndWorkersOnTheCpu() {
    FakeGpus two = FakeGpus.of(FakeGpus.H100, SECOND);
    assertThat(Devices.of("cpu, CPU", two).list()).isEqualTo(List.of(Device.cpu(), Device.cpu()));
    assertThat(Devices.of("cuda", two).list()).containsExactly(Device.gpu(0));
    assertThat(Devices.of("cuda:1,cuda:0", two).list())
        .containsExactly(Device.gpu(1), Device.gpu(0));
    assertThat(Devices.of("cuda:1,cuda:0", two).first().list()).containsExactly(Device.gpu(1));
  }

  /** Exit code 1, with what is missing. */
  @Test
  void refusesWhatIsMissing() {
    assertFails(false, "cuda", FakeGpus.none(), "there is no NVIDIA driver", "--device cpu");
    assertFails(false, "cuda:0", FakeGpus.withoutLibraries(FakeGpus.T4), "built for the CPU");
    assertFails(false, "cuda:2", FakeGpus.of(FakeGpus.T4, SECOND), "there are 2 GPUs", "Tesla T4");
    assertFails(false, "cuda", FakeGpus.of(FakeGpus.P4), "no kernels below 7.5");
  }

  /** Exit code 2. */
  @Test
  void refusesWhatIsNoDevice() {
    FakeGpus gpus = FakeGpus.of(FakeGpus.H100);
    assertFails(true, "tpu", gpus, "'tpu' is unknown; it takes auto, cpu, cuda, or a list");
    assertFails(true, "cuda:-1", gpus, "'cuda:-1' is unknown");
    assertFails(true, "", gpus, "'' is unknown");
    assertFails(true, "cpu,cuda", gpus, "mixes a CPU with GPUs");
    assertFails(true, "cuda,cuda:0", gpus, "names a GPU twice");
  }

  private static void assertFails(boolean usage, String device, Gpus gpus, String... words) {
    assertThatThrownBy(() -> Devices.of(device, gpus))
        .isInstanceOfSatisfying(
            UserException.class,
            e -> {
              assertThat(e.kind().exitCode()).isEqualTo(usage ? 2 : 1);
              assertThat(e.getMessage()).contains(words).doesNotContain("\n");
            });
  }

  @Test
  void aGpuHalvesWhatTwoVersionsLeave() {
    long weights = 250L << 20;
    assertThat(FakeGpus.T4.sessionMemory(weights))
        .isEqualTo(((15L << 30) - 2 * weights - (3L << 29)) / 2);
    assertThatThrownBy(() -> FakeGpus.P4.sessionMemory(4L << 30))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("leave too little for conversations");
  }
}
