package dev.repartee.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {

  @Test
  void withoutACommandTheUsageIsShown() {
    CommandRun run = CommandRun.of(new Main());
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("finetune", "evaluate", "suggest", "models", "experiment", "answers", "doctor");
  }

  @Test
  void version() {
    CommandRun run = CommandRun.of(new Main(), "--version");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("repartee ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "finetune",
        "evaluate",
        "suggest",
        "models",
        "experiment",
        "report",
        "forget",
        "answers",
        "doctor"
      })
  void everyCommandExplainsItself(String command) {
    CommandRun run = CommandRun.of(new Main(), command, "--help");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out()).contains("Usage: repartee " + command);
  }

  @Test
  void unknownCommandIsWrongUsage() {
    assertThat(CommandRun.of(new Main(), "sugest").exitCode()).isEqualTo(2);
  }
}
