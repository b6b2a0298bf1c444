package dev.repartee.registry;

import dev.repartee.text.testing.ImportRules;
import org.junit.jupiter.api.Test;

class RegistryImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.REGISTRY.check();
  }
}
