package dev.repartee.clustering.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BisectingKMeansTest {

  @Test
  void everyRowIsInOneBlockAndNoBlockIsTooLarge() {
    float[][] vectors = RandomVectors.of(500, 8, 3);
    int[] rows = IntStream.range(0, 500).filter(row -> row % 3 != 0).toArray();
    List<int[]> blocks = BisectingKMeans.blocks(vectors, rows, 40, 1);
    assertThat(blocks).allMatch(block -> block.length <= 40);
    assertThat(blocks.stream().flatMapToInt(Arrays::stream).sorted().toArray()).isEqualTo(rows);
  }

  @Test
  void equalVectorsAreCutAnywhere() {
    float[][] vectors = new float[100][4];
    List<int[]> blocks = BisectingKMeans.blocks(vectors, IntStream.range(0, 100).toArray(), 30, 1);
    assertThat(blocks).hasSize(4).allMatch(block -> block.length == 25);
  }
}
