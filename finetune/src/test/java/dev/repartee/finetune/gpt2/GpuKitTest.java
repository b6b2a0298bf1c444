package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kit of {@code scripts/gpu} works on the day on which a GPU is there. */
class GpuKitTest {

  private static final Path KIT = Repository.file("scripts/gpu");

  /** A call on a lent machine carries 64 MiB, the working tree included. */
  @ParameterizedTest
  @CsvSource({
    "49, 10, 0, 49 MiB",
    "51, 1, 1, 'the kit has 51 MiB, more than 50'",
    "49, 16, 1, 'the kit has 49 MiB and the working tree 17, more than 64 together'"
  })
  void aKitThatCannotTravelIsRefused(
      long kitMib, long treeMib, int exitCode, String said, @TempDir Path checkout)
      throws Exception {
    Path script = checkout.resolve("scripts/gpu/pack-java");
    Files.createDirectories(script.getParent());
    Files.copy(KIT.resolve("pack-java"), script, StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(run("git", "init", "-q", checkout.toString()).exitCode()).isZero();
    Files.writeString(checkout.resolve(".gitignore"), "target/\n");
    allocate(checkout.resolve("file"), treeMib);
    Path kit = checkout.resolve("target/gpu-kit.tar");
    allocate(kit, kitMib);
    Ended ended = run(script.toString(), "--check", kit.toString());
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
    assertThat(ended.output()).contains(said);
  }

  private static void allocate(Path file, long mib) throws IOException {
    Files.createDirectories(file.getParent());
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(mib << 20);
    }
  }

  private record Ended(int exitCode, String output) {}

  private static Ended run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private static boolean hasPyTorch(String python) {
    try {
      return run(python, "-c", "import torch").exitCode() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * All that the kit does on a CPU: the values, the CUDA branches on tensors without values, and
   * the speeds.
   */
  @Test
  @Tag("slow")
  void provesTheProgramsOnTheCpu() throws Exception {
    List<String> pythons =
        Stream.of("python3", "/usr/bin/python3").filter(GpuKitTest::hasPyTorch).toList();
    Tools.need(
        !pythons.isEmpty(),
        "no Python has PyTorch: apt-get install python3-torch libopenblas0-openmp");
    Ended ended =
        run(pythons.getFirst(), KIT.resolve("check-programs").toString(), "--device", "cpu");
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("ok   golden gradients, bf16", "ok   CUDA branches on fake tensors, fp16")
        .contains("of plain PyTorch")
        .contains("0 values are off");
  }
}
