package dev.repartee.engine;

import dev.repartee.text.testing.ImportRules;
import org.junit.jupiter.api.Test;

class EngineImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.ENGINE.check();
  }
}
