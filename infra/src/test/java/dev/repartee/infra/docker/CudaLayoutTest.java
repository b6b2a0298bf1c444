package dev.repartee.infra.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the images for GPUs hold, of a folder with the names of libtorch's archive for CUDA, whose
 * libraries need one another as there and have one function each.
 */
class CudaLayoutTest {

  private static final List<String> NEEDED =
      List.of(
          "libc10.so",
          "libc10_cuda.so",
          "libcublas-f6acd947.so.12",
          "libcublasLt.so.12",
          "libcudart-218eec4c.so.12",
          "libcudnn.so.9",
          "libcufile.so.0",
          "libgomp-98b21ff3.so.1",
          "libtorch.so",
          "libtorch_cpu.so",
          "libtorch_cuda.so");

  private static final List<String> NOT_NEEDED =
      List.of(
          "libcaffe2_nvrtc.so",
          "libcudnn_cnn.so.9",
          "libcudnn_graph.so.9",
          "libcufile_rdma.so.1",
          "libnvrtc.so.12",
          "libtorch_cuda_linalg.so");

  @TempDir private Path folder;
  private Path archive;

  @BeforeEach
  void compileTheArchive() throws Exception {
    Tools.need(Tools.has("cc") && Tools.has("readelf"), "cc is missing: apt-get install gcc");
    archive = Files.createDirectories(folder.resolve("libtorch/lib"));
    compile("libc10.so", "c10");
    compile("libgomp-98b21ff3.so.1", "gomp");
    compile("libcudart-218eec4c.so.12", "cudart");
    compile("libcublasLt.so.12", "cublas_lt");
    compile("libcublas-f6acd947.so.12", "cublas", "libcublasLt.so.12");
    compile("libcufile.so.0", "cufile");
    compile("libcudnn.so.9", "cudnn");
    compile("libtorch_cpu.so", "_ZN5torch7__cxx11Ev", "libc10.so", "libgomp-98b21ff3.so.1");
    compile("libc10_cuda.so", "c10_cuda", "libc10.so", "libcudart-218eec4c.so.12");
    compile(
        "libtorch_cuda.so",
        "torch_cuda",
        "libtorch_cpu.so",
        "libc10_cuda.so",
        "libcublas-f6acd947.so.12",
        "libcudnn.so.9",
        "libcufile.so.0");
    compile("libtorch.so", "torch", "libtorch_cpu.so", "libtorch_cuda.so");
    for (String library : NOT_NEEDED) {
      compile(library, "unused");
    }
  }

  private void compile(String library, String function, String... needs) throws Exception {
    Path source =
        Files.writeString(folder.resolve("source.c"), "int " + function + "(void) { return 1; }\n");
    List<String> command =
        new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-nostdlib", source.toString()));
    command.addAll(List.of("-o", archive.resolve(library).toString(), "-Wl,-soname," + library));
    command.addAll(List.of("-Wl,--no-as-needed", "-L" + archive));
    Stream.of(needs).map("-l:"::concat).forEach(command::add);
    ProgramRun run = ProgramRun.of(folder, Map.of(), command);
    assertThat(run.exitCode()).as(run.all()).isZero();
  }

  private ProgramRun copy() throws Exception {
    return ProgramRun.of(
        folder,
        Map.of(),
        List.of(
            Repository.file("infra/docker/cuda-libraries").toString(),
            archive.toString(),
            folder.resolve("copied").toString()));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void onlyWhatLibtorchNeedsIsCopied() throws Exception {
    ProgramRun copied = copy();
    assertThat(copied.exitCode()).as(copied.all()).isZero();
    assertThat(names(folder.resolve("copied"))).containsExactlyElementsOf(NEEDED);
    assertThat(copied.all()).contains("11 of 17 files");
  }

  @Test
  void librariesOfTheOldAbiAreRefused() throws Exception {
    compile("libtorch_cpu.so", "_ZN5torchEv", "libc10.so", "libgomp-98b21ff3.so.1");
    ProgramRun copied = copy();
    assertThat(copied.exitCode()).isEqualTo(1);
    assertThat(copied.all())
        .contains("no symbol with __cxx11", "libtorch-cxx11-abi-shared-with-deps-2.7.1+cu128.zip");
  }

  @Test
  void aLibraryThatNothingBringsIsNamed() throws Exception {
    Files.delete(archive.resolve("libcublasLt.so.12"));
    ProgramRun copied = copy();
    assertThat(copied.exitCode()).isEqualTo(1);
    assertThat(copied.all()).contains("libcublas-f6acd947.so.12 needs libcublasLt.so.12");
  }

  /** A library of the size of two in the archive; the file has holes. */
  @Test
  void moreThanTheBudgetIsRefused() throws Exception {
    try (RandomAccessFile library =
        new RandomAccessFile(archive.resolve("libcublasLt.so.12").toFile(), "rw")) {
      library.setLength(4_100_000_000L);
    }
    ProgramRun copied = copy();
    assertThat(copied.exitCode()).isEqualTo(1);
    assertThat(copied.all()).contains("4100 MB, more than 4000");
  }

  @Test
  void theDockerfileFetchesTheArchiveOfTheNewAbi() {
    assertThat(Repository.text("infra/docker/Dockerfile"))
        .contains("/cu128/libtorch-cxx11-abi-shared-with-deps-2.7.1%2Bcu128.zip");
  }

  @Test
  @Tag("slow")
  void librariesLieWhereTheLauncherAndTheEngineLook() throws Exception {
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
    assertThat(names(libraries))
        .containsAll(NEEDED)
        .contains("libdjl_torch.so")
        .doesNotContainAnyElementsOf(NOT_NEEDED);
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
