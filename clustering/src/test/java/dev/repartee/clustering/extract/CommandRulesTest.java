package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.testing.CommandRules;
import org.junit.jupiter.api.Test;

class CommandRulesTest {

  @Test
  void extractIsDescribedAndShowsItsDefaults() {
    assertThat(new CommandRules().check(new ExtractCommand()).problems()).isEmpty();
  }
}
