package dev.repartee.infra;

import dev.repartee.text.testing.ImportRules;
import org.junit.jupiter.api.Test;

class InfraImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.INFRA.check();
  }
}
