package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LanesTest {

  @Test
  void triesHalvesOfTheThreadsWithinTheMemory() {
    assertThat(Lanes.candidates(2, 2)).containsExactly(2, 1);
    assertThat(Lanes.candidates(12, 12)).containsExactly(12, 6, 3, 1);
    assertThat(Lanes.candidates(64, 5)).containsExactly(4, 2, 1);
  }

  @Test
  void fewerLanesMustBeClearlyFaster() {
    assertThat(Lanes.fastest(Map.of(1, 0.9, 2, 1.0))).isEqualTo(2);
    assertThat(Lanes.fastest(Map.of(1, 0.8, 2, 1.0))).isEqualTo(1);
    assertThat(Lanes.fastest(Map.of(1, 0.7, 4, 0.75, 8, 1.0))).isEqualTo(4);
  }

  @Test
  void aBatchIsSplitAtSequencesIntoPartsOfAboutAsManyTokens() {
    long[] ids = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    PackedBatch batch =
        new PackedBatch(
            ids, new int[] {2, 3, 4, 1}, new long[] {0, 3, 6, 7, 9}, new long[] {2, 5, 8, 9, 1});
    List<PackedBatch> two = batch.split(2);
    assertThat(two).hasSize(2);
    assertThat(two.getFirst().ids()).containsExactly(1, 2, 3, 4, 5);
    assertThat(two.getFirst().scoredRows()).containsExactly(0, 3);
    assertThat(two.getLast().ids()).containsExactly(6, 7, 8, 9, 10);
    assertThat(two.getLast().lengths()).containsExactly(4, 1);
    assertThat(two.getLast().scoredRows()).containsExactly(1, 2, 4);
    assertThat(two.getLast().labels()).containsExactly(8, 9, 1);
    for (int count = 1; count < 7; count++) {
      List<PackedBatch> parts = batch.split(count);
      assertThat(parts.stream().flatMapToLong(part -> Arrays.stream(part.labels())))
          .as("%d parts", count)
          .containsExactly(2L, 5L, 8L, 9L, 1L);
    }
  }

  @Test
  void aPartWithoutAScoredTokenIsLeftOut() {
    PackedBatch batch =
        new PackedBatch(new long[] {1, 2, 3, 4}, new int[] {2, 2}, new long[] {2}, new long[] {4});
    assertThat(batch.split(2))
        .singleElement()
        .satisfies(part -> assertThat(part.ids()).containsExactly(3, 4));
  }
}
