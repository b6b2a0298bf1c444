package dev.repartee.finetune;

import dev.repartee.text.testing.ImportRules;
import org.junit.jupiter.api.Test;

class FinetuneImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.FINETUNE.check();
  }
}
