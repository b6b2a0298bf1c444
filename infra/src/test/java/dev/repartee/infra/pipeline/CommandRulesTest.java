package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.Main;
import dev.repartee.serving.ServeCommand;
import dev.repartee.text.testing.CommandRules;
import org.junit.jupiter.api.Test;

/** All commands that may be linked here; {@code extract} is checked in its own module. */
class CommandRulesTest {

  @Test
  void everyCommandIsDescribedAndAnOptionMeansOneThing() {
    assertThat(
            new CommandRules()
                .check(new Main())
                .check(new ServeCommand((config, passes) -> folder -> null))
                .check(new dev.repartee.lab.Main())
                .problems())
        .isEmpty();
  }
}
