package dev.repartee.clustering.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.clustering.cluster.Linkage.CannotLink;
import dev.repartee.clustering.cluster.Linkage.Distances;
import dev.repartee.clustering.count.TextTallies;
import dev.repartee.clustering.count.TextTally;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkageTest {

  /** Directions in the plane, by their angle. */
  private static float[][] degrees(double... angles) {
    float[][] vectors = new float[angles.length][];
    for (int i = 0; i < angles.length; i++) {
      double radians = Math.toRadians(angles[i]);
      vectors[i] = new float[] {(float) Math.cos(radians), (float) Math.sin(radians)};
    }
    return vectors;
  }

  private static List<int[]> join(float[][] vectors, double cosine) {
    return Linkage.join(Distances.of(vectors), 1 - cosine);
  }

  private static double averageSimilarity(float[][] vectors, int[] left, int[] right) {
    return Arrays.stream(left)
            .mapToDouble(
                i ->
                    Arrays.stream(right)
                        .mapToDouble(j -> Vectors.dot(vectors[i], vectors[j]))
                        .sum())
            .sum()
        / left.length
        / right.length;
  }

  @Test
  void joinsWhatIsNearAndLeavesTheRest() {
    assertThat(join(degrees(0, 90, 5, 95, 180), Math.cos(Math.toRadians(20))))
        .containsExactly(new int[] {0, 2}, new int[] {1, 3}, new int[] {4});
  }

  /** Single linkage would run through a chain of small steps. */
  @Test
  void chainOfSmallStepsIsCutWhereTheAverageIsTooFar() {
    float[][] vectors = degrees(IntStream.range(0, 19).mapToDouble(step -> 10.0 * step).toArray());
    assertThat(join(vectors, 0.8))
        .hasSizeGreaterThan(2)
        .allMatch(group -> averageSimilarity(vectors, group, group) >= 0.8);
  }

  @Test
  void everyItemEndsInOneGroupAndNoTwoGroupsAreNearEnough() {
    float[][] vectors = RandomVectors.of(300, 4, 5);
    List<int[]> groups = join(vectors, 0.7);
    assertThat(groups.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, 300).toArray());
    for (int i = 0; i < groups.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(averageSimilarity(vectors, groups.get(i), groups.get(j))).isLessThan(0.7001);
      }
    }
  }

  @Test
  void noneOneAndTwoItems() {
    assertThat(join(new float[0][], 0.5)).isEmpty();
    assertThat(join(degrees(7), 0.5)).containsExactly(new int[] {0});
    assertThat(join(degrees(0, 1), 0.5)).containsExactly(new int[] {0, 1});
    assertThat(join(degrees(0, 90), 0.5)).hasSize(2);
  }

  @Test
  void packedDistancesAreOneMinusTheInnerProducts() {
    float[][] vectors = RandomVectors.of(9, 7, 2);
    float[] packed = Distances.of(vectors).packed;
    int at = 0;
    for (int column = 0; column < 9; column++) {
      for (int row = column; row < 9; row++) {
        double expected = Math.max(0, 1 - Vectors.dot(vectors[row], vectors[column]));
        assertThat((double) packed[at++]).isCloseTo(expected, within(1e-6));
      }
    }
    assertThat(at).isEqualTo(packed.length);
  }

  @Test
  void mixTakesTheLesserWeightOfAPair() {
    Distances mixed =
        Distances.of(degrees(0, 0, 90))
            .mix(Distances.of(degrees(0, 90, 90)), new float[] {0.5f, 0.2f, 0});
    // Columns: (0,0) (1,0) (2,0) (1,1) (2,1) (2,2).
    assertThat(mixed.packed[1]).isCloseTo(0.2f, within(1e-6f));
    assertThat(mixed.packed[2]).isCloseTo(1f, within(1e-6f));
  }

  @Test
  void whatMustStayApartNeverMeetsThroughOthers() {
    List<TextTally> texts =
        List.of(
            TextTallies.ofLanguage("es", "hola", 1),
            TextTallies.ofLanguage("pt", "ola", 1),
            TextTallies.of("ol", 1),
            TextTallies.of("o", 1));
    List<int[]> groups =
        Linkage.join(Distances.of(degrees(0, 1, 2, 3)).separate(CannotLink.of(texts)), 0.9);
    assertThat(groups).hasSize(2);
    assertThat(groups).noneMatch(group -> Arrays.stream(group).filter(i -> i < 2).count() == 2);
  }
}
