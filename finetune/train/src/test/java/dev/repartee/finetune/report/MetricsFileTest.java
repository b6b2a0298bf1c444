package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.report.RunMetrics.ValidationMetrics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
                + "\"scored_tokens\":300,\"tokens\":1024,\"tokens_per_second\":512.0,\"mfu\":0.4,"
                + "\"resident_bytes\":123,\"seconds\":12.3}",
            "{\"step\":1,\"epoch\":2,\"validation_loss\":2.0,\"validation_perplexity\":7.39,\"seconds\":13}",
            "{\"step\":1,\"event\":\"stopped\",\"detail\":\"enough\"}");
    assertThat(metrics.steps())
        .containsExactly(new StepMetrics(1, 2, 3.2, 1e-4, 1.2, 300, 1024, 512, 0.4, 123, 12.3));
    assertThat(metrics.validations()).containsExactly(new ValidationMetrics(1, 2, 7.39, 13));
    assertThat(metrics.stopped()).contains("enough");
    assertThat(metrics.seconds()).isEqualTo(13);
    assertThat(metrics.unreadableLines()).isZero();
  }

  @Test
  void whatWasWrittenAfterTheCheckpointIsVoidOnceTheRunWasResumedFromIt() throws IOException {
    RunMetrics metrics =
        read(
            "{\"step\":1,\"loss\":5}",
            "{\"step\":2,\"loss\":4}",
            "{\"step\":3,\"loss\":30}",
            "{\"step\":3,\"validation_loss\":1}",
            "{\"step\":4,\"loss\":40}",
            "{\"step\":2,\"event\":\"resumed\"}",
            "{\"step\":3,\"loss\":3}");
    assertThat(metrics.steps()).extracting(StepMetrics::loss).containsExactly(5.0, 4.0, 3.0);
    assertThat(metrics.validations()).isEmpty();
    assertThat(metrics.resumes()).containsExactly(2L);
    assertThat(metrics.stopped()).isEmpty();
  }

  @Test
  void ofRepeatedStepsTheLaterCountsWithoutAnEventToo() throws IOException {
    RunMetrics metrics =
        read("{\"step\":1,\"loss\":5}", "{\"step\":2,\"loss\":4}", "{\"step\":1,\"loss\":6}");
    assertThat(metrics.steps()).extracting(StepMetrics::loss).containsExactly(6.0, 4.0);
  }

  @Test
  void aTornLineIsLeftOutAndWhatWasAppendedToItIsKept() throws IOException {
    RunMetrics metrics =
        read(
            "{\"step\":1,\"loss\":5}",
            "{\"step\":2,\"lo{\"step\":1,\"event\":\"resumed\"}",
            "{\"step\":2,\"loss\":4}",
            "{\"step\":3,\"lo");
    assertThat(metrics.steps()).hasSize(2);
    assertThat(metrics.resumes()).containsExactly(1L);
    assertThat(metrics.unreadableLines()).isEqualTo(2);
  }

  @Test
  void aFileCutWithinACharacterIsRead() throws IOException {
    byte[] bytes =
        "{\"step\":1,\"loss\":5}\n{\"step\":1,\"event\":\"é".getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("cut.jsonl");
    Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    assertThat(RunMetrics.read(file).steps()).hasSize(1);
  }

  @Test
  void lossesThatAreNoNumbersAreKeptAsSuch() throws IOException {
    RunMetrics metrics =
        read("{\"step\":1,\"loss\":\"Infinity\"}", "{\"step\":2,\"loss\":\"NaN\"}");
    assertThat(metrics.steps())
        .extracting(StepMetrics::loss)
        .containsExactly(Double.POSITIVE_INFINITY, Double.NaN);
    assertThat(metrics.firstBrokenStep()).hasValue(1);
  }

  @Test
  void timeIsCountedWhetherItGoesOnOrStartsAnewAfterAnInterruption() throws IOException {
    String first = "{\"step\":1,\"loss\":5,\"seconds\":10}";
    String resumed = "{\"step\":1,\"event\":\"resumed\"}";
    RunMetrics goesOn = read(first, resumed, "{\"step\":2,\"loss\":5,\"seconds\":21}");
    assertThat(goesOn.seconds()).isCloseTo(21, within(1e-9));
    RunMetrics anew = read(first, resumed, "{\"step\":2,\"loss\":5,\"seconds\":7}");
    assertThat(anew.seconds()).isCloseTo(17, within(1e-9));
  }

  @Test
  void theBestValidationIsTheFirstOfTheLowest() throws IOException {
    RunMetrics metrics =
        read(
            "{\"step\":1,\"validation_loss\":2}",
            "{\"step\":2,\"validation_loss\":1}",
            "{\"step\":3,\"validation_loss\":1}",
            "{\"step\":4,\"validation_loss\":\"NaN\"}");
    assertThat(metrics.best()).map(ValidationMetrics::step).contains(2L);
    assertThat(metrics.validations()).hasSize(4);
  }
}
