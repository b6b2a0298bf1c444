package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrecisionChoiceTest {

  @TempDir private Path folder;

  @Test
  void autoTakesInt8OnlyWhereTheCardAllowsIt() throws IOException {
    assertThat(PrecisionChoice.AUTO.forInference(folder))
        .isEqualTo(FastestPrecision.forInference(false));
    write("");
    assertThat(PrecisionChoice.AUTO.forInference(folder))
        .isEqualTo(FastestPrecision.forInference(false));
    write("\"int8Allowed\": false,");
    assertThat(PrecisionChoice.AUTO.forInference(folder))
        .isEqualTo(FastestPrecision.forInference(false));
    write("\"int8Allowed\": true,");
    assertThat(PrecisionChoice.AUTO.forInference(folder))
        .isEqualTo(FastestPrecision.forInference(true));
    assertThat(ModelCard.read(folder).int8Allowed()).isTrue();
  }

  @Test
  void anExplicitChoiceStands() throws IOException {
    write("\"int8Allowed\": false,");
    assertThat(PrecisionChoice.INT8.forInference(folder)).isEqualTo(Precision.INT8);
    assertThat(PrecisionChoice.BF16.forTraining(Device.cpu())).isEqualTo(Precision.BF16);
  }

  @Test
  void trainingRefusesInt8() {
    assertThatThrownBy(() -> PrecisionChoice.INT8.forTraining(Device.cpu()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("not for training")
        .hasMessageContaining("bf16");
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
