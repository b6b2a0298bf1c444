package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.text.io.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What the GPT-2 programs must say for a GPU, read from their source: the mistakes that a machine
 * without one does not show.
 */
class ProgramDevicesTest {

  /** Only a CPU runs them, or the part of them that makes tensors. */
  private static final Set<String> ON_CPU =
      Set.of(
          "beside_packed",
          "quantized",
          "int8_saturates",
          "attention_forward_cpu",
          "attention_backward_cpu",
          "blocked_logits");

  private static final Pattern METHOD = Pattern.compile("    def (\\w+)\\(");
  private static final Pattern NEW_TENSOR =
      Pattern.compile("torch\\.(empty|zeros|ones|full|tensor|arange|rand\\w*)\\(");

  /** They make the host wait until a GPU has done all that it was given. */
  private static final Pattern WAITS =
      Pattern.compile(
          "\\.item\\(|\\b(int|bool|float)\\(|\\.nonzero\\(|\\.cpu\\(|torch\\.tensor\\(");

  private record Line(String method, String text) {}

  private static List<Line> lines() {
    String source =
        Resources.text(Gpt2Program.class, "gpt2.py")
            + Resources.text(TrainableGpt2.class, "training.py");
    List<Line> lines = new ArrayList<>();
    String method = "";
    for (String line : source.lines().toList()) {
      Matcher start = METHOD.matcher(line);
      method = start.lookingAt() ? start.group(1) : method;
      lines.add(new Line(method, line.replaceFirst("#.*", "")));
    }
    return lines;
  }

  @Test
  void everyNewTensorNamesItsDevice() {
    List<Line> made =
        lines().stream()
            .filter(line -> NEW_TENSOR.matcher(line.text()).find())
            .filter(line -> !ON_CPU.contains(line.method()))
            .toList();
    assertThat(made).hasSizeGreaterThan(4);
    assertThat(made).allSatisfy(line -> assertThat(line.text()).contains("device="));
  }

  @Test
  void nothingWithinAStepWaitsForTheDevice() {
    assertThat(lines())
        .filteredOn(line -> WAITS.matcher(line.text()).find())
        .extracting(Line::method)
        .containsOnly("int8_saturates");
  }
}
