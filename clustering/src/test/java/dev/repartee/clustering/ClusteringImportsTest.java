package dev.repartee.clustering;

import dev.repartee.common.testing.ImportRules;
import org.junit.jupiter.api.Test;

class ClusteringImportsTest {

  @Test
  void importsRunOneWay() {
    ImportRules.CLUSTERING.check();
  }
}
