package dev.repartee.infra.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the images for GPUs hold, of a folder with names of libtorch's archive for CUDA, whose
 * libraries need one another as there and have one function each.
 */
class CudaLayoutTest {

  @TempDir private Path folder;
  private Path archive;

  @BeforeEach
  void compileTheArchive() throws Exception {
    Tools.need(Tools.has("cc") && Tools.has("readelf"), "cc is missing: apt-get install gcc");
    archive = Files.createDirectories(folder.resolve("libtorch/lib"));
    compile("libcublasLt.so.12", "cublas_lt");
    compile("libtorch_cpu.so", "_ZN5torch7__cxx11Ev");
    compile("libtorch_cuda.so", "torch_cuda", "libtorch_cpu.so", "libcublasLt.so.12");
    compile("libtorch.so", "torch", "libtorch_cpu.so", "libtorch_cuda.so");
    compile("libcufile_rdma.so.1", "unused");
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

  @Test
  void onlyWhatLibtorchNeedsIsCopied() throws Exception {
    ProgramRun copied = copy();
    assertThat(copied.exitCode()).as(copied.all()).isZero();
    try (Stream<Path> files = Files.list(folder.resolve("copied"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "libcublasLt.so.12", "libtorch.so", "libtorch_cpu.so", "libtorch_cuda.so");
    }
  }

  @Test
  void anArchiveOfTheOldAbiOrWithoutALibraryIsRefused() throws Exception {
    compile("libtorch_cpu.so", "_ZN5torchEv");
    ProgramRun old = copy();
    assertThat(old.exitCode()).isEqualTo(1);
    assertThat(old.all()).contains("no symbol with __cxx11");
    compile("libtorch_cpu.so", "_ZN5torch7__cxx11Ev");
    Files.delete(archive.resolve("libcublasLt.so.12"));
    ProgramRun incomplete = copy();
    assertThat(incomplete.exitCode()).isEqualTo(1);
    assertThat(incomplete.all()).contains("libtorch_cuda.so needs libcublasLt.so.12");
  }
}
