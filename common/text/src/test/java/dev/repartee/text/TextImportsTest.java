package dev.repartee.text;

import dev.repartee.text.testing.ImportRules;
import org.junit.jupiter.api.Test;

class TextImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.TEXT.check();
  }
}
