package dev.repartee.infra.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the images for GPUs hold, laid out from this build and a folder that has the names of
 * libtorch's archive for CUDA and nothing in its files.
 */
@Tag("slow")
class CudaLayoutTest {

  private static final List<String> LIBRARIES =
      List.of(
          "libtorch.so",
          "libtorch_cpu.so",
          "libtorch_cuda.so",
          "libc10.so",
          "libc10_cuda.so",
          "libcudart-218eec4c.so.12",
          "libcudnn.so.9");

  @TempDir Path folder;

  @Test
  void librariesLieWhereTheLauncherAndTheEngineLook() throws Exception {
    Path archive = Files.createDirectories(folder.resolve("libtorch/lib"));
    for (String library : LIBRARIES) {
      Files.writeString(archive.resolve(library), library);
    }
    Path home = folder.resolve("home");
    ProgramRun staged =
        ProgramRun.of(
            folder,
            Map.of(),
            List.of(
                Repository.file("infra/docker/stage").toString(),
                "--no-build",
                "--libtorch",
                folder.resolve("libtorch").toString(),
                "--output",
                home.toString()));
    assertThat(staged.exitCode()).as(staged.all()).isZero();
    Path libraries = home.resolve("native/pytorch");
    for (String library : LIBRARIES) {
      assertThat(libraries.resolve(library)).hasContent(library);
    }
    assertThat(Files.size(libraries.resolve("libdjl_torch.so"))).isPositive();
    assertThat(home.resolve("native/flavor")).hasContent("cu128");
    assertThat(home.resolve("native/version")).content().startsWith("2.7.1");
    assertThat(home.resolve("native/cuda/libcudart.so").toRealPath().getFileName().toString())
        .startsWith("libcudart-");
    assertThat(launched(home))
        .contains("env PYTORCH_FLAVOR=cu128", "env PYTORCH_VERSION=2.7.1")
        .contains("env PYTORCH_LIBRARY_PATH=" + libraries.toRealPath())
        .contains("--device=cuda");
  }

  /** What the launcher would run, with a program in Java's place that prints it. */
  private List<String> launched(Path home) throws IOException, InterruptedException {
    Path java = home.resolve("runtime/bin/java");
    Files.writeString(java, "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\nenv | sed 's/^/env /'\n");
    return ProgramRun.of(
            folder, Map.of(), List.of(home.resolve("bin/serve").toString(), "--device=cuda"))
        .all()
        .lines()
        .toList();
  }
}
