package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenPromptTest {

  @TempDir private Path folder;

  @BeforeEach
  void writeModel() throws IOException {
    var _ = TinyModel.writeRandom(folder, TinyModel.card(true), TinyModel.answers("Hello"));
    try (SuggestionEngine engine = engine(Precision.FP32)) {
      GoldenPrompt.record(engine).write(folder);
    }
  }

  private SuggestionEngine engine(Precision precision) {
    return SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(precision)));
  }

  @Test
  void theSameModelGivesTheSameAnswerInEveryPrecision() {
    for (Precision precision : new Precision[] {Precision.FP32, Precision.BF16, Precision.INT8}) {
      engine(precision).close();
    }
  }

  @Test
  void anotherModelDoesNotAndIsNotLoaded() throws IOException {
    GoldenPrompt golden = GoldenPrompt.read(folder).orElseThrow();
    new GoldenPrompt(
            golden.reply(), golden.logLikelihood() - 0.3 * golden.tokens(), golden.tokens())
        .write(folder);
    assertThatThrownBy(() -> engine(Precision.FP32))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(folder.resolve(GoldenPrompt.FILE).toString())
        .hasMessageContaining("golden prompt has another answer");
  }

  @Test
  void aBrokenFileIsNamed() throws IOException {
    Files.writeString(folder.resolve(GoldenPrompt.FILE), "{\"tokens\": 0}");
    assertThatThrownBy(() -> GoldenPrompt.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(GoldenPrompt.FILE);
    Files.delete(folder.resolve(GoldenPrompt.FILE));
    assertThat(GoldenPrompt.read(folder)).isEmpty();
  }
}
