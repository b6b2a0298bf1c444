package dev.repartee.common;

import dev.repartee.common.testing.ImportRules;
import org.junit.jupiter.api.Test;

class CommonImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.COMMON.check();
  }
}
