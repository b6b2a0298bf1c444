package dev.repartee.serving;

import dev.repartee.text.testing.ImportRules;
import org.junit.jupiter.api.Test;

class ServingImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.SERVING.check();
  }
}
