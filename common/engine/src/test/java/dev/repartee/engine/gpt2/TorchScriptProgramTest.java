package dev.repartee.engine.gpt2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.TorchScriptProgram.Attributes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TorchScriptProgramTest {

  private static final String SOURCE =
      """
      # NINE is a constant.
      NINE = 9  # more than EIGHT
      LAST = -1
      class Sum(Module):
          __parameters__ = []
          __buffers__ = []
          training : bool

          def sum(self, x: Tensor, NINETY: int) -> Tensor:
              parts = [x, x + NINE]
              return parts[LAST] + NINETY  # NINE and NINETY
      """;

  /** Whoever asks first opens libtorch, without which its functions are missing. */
  @Test
  void threadsAreKnownBeforeAnyProgram() throws IOException, InterruptedException {
    Process asking =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Asking.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(new String(asking.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .matches("[1-9]\\d* 1\\R");
    assertThat(asking.waitFor()).isZero();
  }

  static final class Asking {

    private Asking() {}

    @SuppressWarnings("unused") // a process of its own
    public static void main(String[] args) {
      int first = TorchScriptProgram.threads();
      TorchScriptProgram.setThreads(1);
      System.out.println(first + " " + TorchScriptProgram.threads());
    }
  }

  /** Those of processes that were killed would fill a disk. */
  @Test
  void noFolderStaysWhereTemporaryFilesAre() throws IOException {
    Set<String> before = folders();
    try (TorchScriptProgram program =
        new TorchScriptProgram(
            SOURCE, new Attributes("Sum").put("training", false), Device.cpu())) {
      assertThat(program.device()).isEqualTo(Device.cpu());
      assertThat(folders()).isEqualTo(before);
    }
  }

  private static Set<String> folders() throws IOException {
    try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return all.map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("pt-model"))
          .collect(Collectors.toSet());
    }
  }

  @Test
  void runsAProgramWithConstants() {
    try (TorchScriptProgram program =
            new TorchScriptProgram(
                SOURCE, new Attributes("Sum").put("training", false), Device.cpu());
        PtNDManager scope = program.newScope();
        IValue x = IValue.from((PtNDArray) scope.ones(new Shape(1)));
        IValue ninety = IValue.from(90L);
        IValue sum = program.run("sum", x, ninety)) {
      assertThat(sum.toTensor(scope).toFloatArray()).containsExactly(100f);
    }
  }

  /** The copy that DJL makes of an array on a GPU, forced here. */
  @Test
  void aCopyThatIsReadDoesNotStayWithTheOwner() {
    try (TorchScriptProgram program =
            new TorchScriptProgram(
                SOURCE, new Attributes("Sum").put("training", false), Device.cpu());
        PtNDManager owner = program.newScope()) {
      PtNDArray array = (PtNDArray) owner.ones(new Shape(2));
      for (int i = 0; i < 3; i++) {
        float[] values =
            program.read(array, one -> one.toDevice(Device.cpu(), true).toFloatArray());
        assertThat(values).containsExactly(1f, 1f);
      }
      assertThat(owner.getManagedArrays()).hasSize(1).first().isSameAs(array);
      assertThat(array.getManager()).isSameAs(owner);
      assertThat(array.toDevice(Device.cpu(), true).toFloatArray()).hasSize(2);
      assertThat(owner.getManagedArrays()).as("read without it, the copy stays").hasSize(2);
    }
  }

  @Test
  void refusesAConstantThatIsDefinedTwice() {
    assertThatThrownBy(() -> TorchScriptProgram.withConstants("A = 1\nB = 2\nA = 3\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A is defined twice");
  }
}
