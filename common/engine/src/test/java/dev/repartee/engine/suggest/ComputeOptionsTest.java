package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.engine.gpt2.FakeGpus;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class ComputeOptionsTest {

  private static final Gpu SECOND_T4 = new Gpu(1, "Tesla T4", 75, 15L << 30);

  @TempDir private Path folder;

  @Command
  private static final class Computing {
    @Mixin private final ComputeOptions options;

    Computing(Gpus gpus) {
      options = new ComputeOptions(new DeviceOption(gpus));
    }
  }

  private static ComputeOptions options(Gpus gpus, String... arguments) {
    Computing computing = new Computing(gpus);
    new CommandLine(computing).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return computing.options;
  }

  private static ComputeOptions onCpu(String... arguments) {
    return options(FakeGpus.none(), arguments);
  }

  @Test
  void autoTakesInt8OnlyWhereTheCardAllowsIt() throws IOException {
    Compute exact = Compute.cpu(FastestPrecision.forInference(false));
    assertThat(onCpu().forInference(folder)).isEqualTo(exact);
    write("");
    assertThat(onCpu().forInference(folder)).isEqualTo(exact);
    write("\"int8Allowed\": false,");
    assertThat(onCpu().forInference(folder)).isEqualTo(exact);
    assertThat(onCpu("--precision", "int8").forInference(folder))
        .isEqualTo(Compute.cpu(Precision.INT8));
    write("\"int8Allowed\": true,");
    Compute fastest = Compute.cpu(FastestPrecision.forInference(true));
    assertThat(onCpu().forInference(folder)).isEqualTo(fastest);
    assertThat(onCpu().forCalibration()).isEqualTo(fastest);
  }

  @Test
  void aGpuComputesInWhatItHas() {
    Compute bf16 = new Compute(Device.gpu(0), Precision.BF16);
    assertThat(options(FakeGpus.of(FakeGpus.H100)).forInference(folder)).isEqualTo(bf16);
    assertThat(options(FakeGpus.of(FakeGpus.H100)).forCalibration()).isEqualTo(bf16);
    assertThat(options(FakeGpus.of(FakeGpus.T4)).forInference(folder).precision())
        .isEqualTo(Precision.FP16);
    assertThat(
            options(FakeGpus.of(FakeGpus.H100, SECOND_T4))
                .forTraining(Optional.empty(), () -> Precision.FP32))
        .containsExactly(
            new Compute(Device.gpu(0), Precision.FP16), new Compute(Device.gpu(1), Precision.FP16));
    assertThat(options(FakeGpus.of(FakeGpus.T4), "--device", "cpu").forInference(folder))
        .isEqualTo(Compute.cpu(FastestPrecision.forInference(false)));
    assertThat(options(FakeGpus.of(FakeGpus.T4), "--precision", "fp32").forInference(folder))
        .isEqualTo(new Compute(Device.gpu(0), Precision.FP32));
  }

  @Test
  void refusesWhatADeviceLacks() {
    ComputeOptions int8 = options(FakeGpus.of(FakeGpus.H100), "--precision", "int8");
    assertUsage(() -> int8.forInference(folder), "int8 is for the CPU");
    ComputeOptions bf16 = options(FakeGpus.of(FakeGpus.T4), "--precision", "bf16");
    assertUsage(() -> bf16.forInference(folder), "bf16 needs compute capability 8.0");
    assertUsage(() -> bf16.forTraining(Optional.empty(), () -> Precision.FP32), "take auto, fp16");
    assertUsage(() -> onCpu("--precision", "fp16").forInference(folder), "fp16 is for GPUs");
    assertUsage(
        () -> onCpu("--device", "cpu,cpu").forInference(folder), "which only training can use");
    assertUsage(
        () -> onCpu("--precision", "int8").forTraining(Optional.empty(), () -> Precision.FP32),
        "not for training");
    assertThatThrownBy(() -> onCpu("--device", "cuda").forInference(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("there is no NVIDIA driver");
  }

  private static void assertUsage(ThrowingCallable call, String words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            UserException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(2))
        .hasMessageContaining(words);
  }

  @Test
  void autoOfAResumedRunIsWhatItBeganWith() {
    for (Precision before : List.of(Precision.FP32, Precision.BF16)) {
      assertThat(onCpu().forTraining(Optional.of(before), () -> Precision.FP32))
          .containsExactly(Compute.cpu(before));
    }
    assertThat(
            onCpu("--precision", "fp32")
                .forTraining(Optional.of(Precision.BF16), () -> Precision.FP32))
        .containsExactly(Compute.cpu(Precision.FP32));
    assertThat(
            onCpu("--precision", "fp16", "--device", "cpu,cpu")
                .forTraining(Optional.empty(), () -> Precision.FP32))
        .containsExactly(Compute.cpu(Precision.FP16), Compute.cpu(Precision.FP16));
  }

  private void write(String field) throws IOException {
    Files.writeString(
        folder.resolve(ModelCard.FILE),
        """
        {"formatVersion": 1, "promptFormat": %d, "contextTokens": 64, "minProbability": 0.1, %s "provenance": {}}
        """
            .formatted(PromptFormat.VERSION, field));
  }
}
