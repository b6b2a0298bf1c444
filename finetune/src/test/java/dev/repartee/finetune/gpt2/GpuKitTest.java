package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code scripts/gpu/check-programs} on the CPU: the kit works when a GPU is lent, and the
 * programs' CUDA branches fit, which it runs on tensors without values. Needs a Python with
 * PyTorch.
 */
@Tag("slow")
class GpuKitTest {

  private static final Path KIT = Path.of("..", "scripts", "gpu", "check-programs");

  private record Ended(int exitCode, String output) {}

  private static Ended run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
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

  @Test
  void provesTheProgramsOnTheCpu() throws Exception {
    List<String> pythons =
        List.of("python3", "/usr/bin/python3").stream().filter(GpuKitTest::hasPyTorch).toList();
    assumeTrue(!pythons.isEmpty(), "no Python with PyTorch (Debian: python3-torch)");
    Ended ended = run(pythons.getFirst(), KIT.toString(), "--device", "cpu", "--no-speed");
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("ok   golden gradients, bf16", "ok   CUDA branches on fake tensors, fp16")
        .contains("0 values are off");
  }
}
