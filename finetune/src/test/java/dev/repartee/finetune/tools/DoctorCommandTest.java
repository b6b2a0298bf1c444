package dev.repartee.finetune.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.CpuFlags;
import dev.repartee.engine.gpt2.FakeGpus;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.tools.DoctorCommand.Finding;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class DoctorCommandTest {

  @TempDir private Path temporary;

  @Test
  void thisMachineRunsItsOwnTests() {
    CommandRun run = CommandRun.of(new DoctorCommand(), "--json");
    assertThat(run.exitCode()).as(run.out()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("ok").asBoolean()).isTrue();
    assertThat(json.at("/java/summary").asString()).startsWith("25");
    assertThat(json.at("/engine/summary").asString()).contains("libtorch ", " thread");
  }

  @Test
  void whatIsMissingFailsAndSaysHowToGetIt() {
    DoctorCommand doctor =
        new DoctorCommand(
            List.of(
                () -> Finding.ok("java", "25"),
                () -> Finding.missing("engine", "no libtorch", "install it")));
    CommandRun run = CommandRun.of(doctor, "--no-json");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("missing  engine", "-> install it", "not ready");
    JsonNode json = CommandRun.of(doctor, "--json").json();
    assertThat(json.path("ok").asBoolean(true)).isFalse();
    assertThat(json.path("engine").path("advice").asString()).isEqualTo("install it");
  }

  @Test
  void aGpuThatIsMissingFailsAfterTheReport() {
    DoctorCommand doctor = new DoctorCommand(List.of(() -> Finding.ok("java", "25")));
    CommandRun run = CommandRun.of(doctor, "--device", "cuda:99", "--no-json");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.out()).contains("java", "ready");
    assertThat(run.err().strip()).contains("--device cuda:99: ").doesNotContain("\n");
    assertThat(CommandRun.of(doctor, "--device", "tpu").exitCode()).isEqualTo(2);
  }

  @Test
  void saysWhatGpusAreUsedFor() {
    Finding two =
        DoctorCommand.gpu(
            FakeGpus.of(FakeGpus.H100, new Gpus.Gpu(1, "NVIDIA A100-SXM4-40GB", 80, 40L << 30)));
    assertThat(two.status()).isEqualTo(Finding.Status.OK);
    assertThat(two.summary())
        .contains("NVIDIA H100", "compute capability 9.0", ": BF16", "CUDA 12.8")
        .endsWith("training takes cuda:0,cuda:1, serving and evaluation cuda:0");
  }

  @Test
  void saysWhyNoGpuIsUsed() {
    Finding without = DoctorCommand.gpu(FakeGpus.none());
    assertThat(without.status()).isEqualTo(Finding.Status.OK);
    assertThat(without.summary()).contains("there is no NVIDIA driver", "on the CPU");
    Finding libraries = DoctorCommand.gpu(FakeGpus.withoutLibraries(FakeGpus.T4));
    assertThat(libraries.status()).isEqualTo(Finding.Status.WARNING);
    assertThat(libraries.summary()).contains("built for the CPU");
    Finding old = DoctorCommand.gpu(FakeGpus.of(FakeGpus.P4));
    assertThat(old.status()).isEqualTo(Finding.Status.WARNING);
    assertThat(old.summary()).contains("Tesla P4", "too old");
  }

  @Test
  void warningsDoNotFail() {
    DoctorCommand doctor =
        new DoctorCommand(List.of(() -> Finding.warning("engine", "slow", "do less")));
    assertThat(CommandRun.of(doctor).exitCode()).isZero();
  }

  @Test
  void nativeFolderNeedNotExistYet() {
    Finding finding = DoctorCommand.natives(temporary.resolve("a").resolve("b"));
    assertThat(finding.status()).isNotEqualTo(Finding.Status.MISSING);
  }

  @Test
  void flagsOfBothFamilies() {
    String x86 = "processor : 0\nmodel name : Xeon 8\nflags : fpu avx2 avx512f amx_bf16\n";
    assertThat(CpuFlags.parse(x86))
        .isEqualTo(new CpuFlags("Xeon 8", List.of("avx2", "avx512f", "amx_bf16")));
    String arm = "processor\t: 0\nFeatures\t: fp asimd sve bf16\n";
    assertThat(CpuFlags.parse(arm).instructionSets()).containsExactly("asimd", "sve", "bf16");
    assertThat(CpuFlags.parse("").instructionSets()).isEmpty();
  }
}
