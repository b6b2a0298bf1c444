package dev.repartee.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkModelCommandTest {

  @TempDir private Path folder;

  @Test
  void writesAWholeModelThatAnswersAndOverwritesNothing() {
    String output = folder.resolve("model").toString();
    CommandRun run = CommandRun.of(new BenchmarkModelCommand(), "--quick", "--output", output);
    assertThat(run.exitCode()).as(run.err()).isZero();
    Manifest.read(Path.of(output)).verify(Path.of(output));
    try (SuggestionEngine engine =
            SuggestionEngine.load(
                Path.of(output), new EngineOptions(TestDevice.compute(Precision.FP32)));
        EngineSession session = engine.open(List.of(Message.customer("Where is my order?")))) {
      assertThat(session.answers("", 3)).hasSize(3);
    }

    CommandRun again = CommandRun.of(new BenchmarkModelCommand(), "--quick", "--output", output);
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("is not empty");
  }
}
