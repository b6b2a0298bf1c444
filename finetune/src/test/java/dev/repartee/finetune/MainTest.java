package dev.repartee.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import org.junit.jupiter.api.Test;

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

  @Test
  void unknownCommandIsWrongUsage() {
    assertThat(CommandRun.of(new Main(), "sugest").exitCode()).isEqualTo(2);
  }
}
