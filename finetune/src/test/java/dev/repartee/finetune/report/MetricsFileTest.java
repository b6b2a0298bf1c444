package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.report.RunMetrics.ValidationMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {

  @TempDir private Path folder;

  private RunMetrics read(String... lines) throws IOException {
    return RunMetrics.read(
        Files.writeString(folder.resolve("metrics.jsonl"), String.join("\n", lines)));
  }

  @Test
  void everyFieldIsRead() throws IOException {
    RunMetrics metrics =
        read(
            "{\"step\":1,\"epoch\":2,\"loss\":3.2,\"learning_rate\":1e-4,\"gradient_norm\":1.2,"
                + "\"scored_tokens\":300,\"tokens\":1024,\"tokens_per_second\":512.0,"
                + "\"resident_bytes\":123,\"seconds\":12.3}",
            "{\"step\":1,\"epoch\":2,\"validation_loss\":2.0,\"validation_perplexity\":7.39,\"seconds\":13}",
            "{\"step\":1,\"event\":\"stopped\",\"detail\":\"enough\"}",
            "{\"step\":1,\"event\":\"resumed\",\"detail\":\"from here\"}");
    assertThat(metrics.steps())
        .containsExactly(
            new StepMetrics(1, 2, 3.2, 1e-4, 1.2, 300, 1024, 512, OptionalLong.of(123), 12.3));
    assertThat(metrics.validations()).containsExactly(new ValidationMetrics(1, 2, 7.39, 13));
    assertThat(metrics.resumes()).containsExactly(1L);
    assertThat(metrics.seconds()).isEqualTo(13);
  }

  @Test
  void theBestValidationIsTheFirstOfTheLowest() throws IOException {
    RunMetrics metrics =
        read(
            "{\"step\":1,\"validation_loss\":2}",
            "{\"step\":2,\"validation_loss\":1}",
            "{\"step\":3,\"validation_loss\":1}",
            "{\"step\":4,\"validation_loss\":\"NaN\"}",
            "{\"step\":5,\"loss\":\"Infinity\",\"gradient_norm\":\"NaN\"}");
    assertThat(metrics.best()).map(ValidationMetrics::step).contains(2L);
    assertThat(metrics.validations()).hasSize(4);
    assertThat(metrics.steps().getFirst().loss()).isInfinite();
  }
}
