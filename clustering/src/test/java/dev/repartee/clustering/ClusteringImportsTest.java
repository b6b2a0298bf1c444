package dev.repartee.clustering;

import dev.repartee.text.testing.ImportRules;
import org.junit.jupiter.api.Test;

class ClusteringImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.CLUSTERING.check();
  }
}
