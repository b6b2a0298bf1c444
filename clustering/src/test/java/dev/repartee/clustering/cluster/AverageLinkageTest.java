package dev.repartee.clustering.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.vector.Vectors;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AverageLinkageTest {

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
    List<int[]> singles =
        IntStream.range(0, vectors.length).mapToObj(row -> new int[] {row}).toList();
    return AverageLinkage.join(vectors, singles, cosine);
  }

  @Test
  void joinsWhatIsNearAndLeavesTheRest() {
    List<int[]> groups = join(degrees(0, 90, 5, 95, 180), Math.cos(Math.toRadians(20)));
    assertThat(groups).containsExactly(new int[] {0, 2}, new int[] {1, 3}, new int[] {4});
  }

  /** Single linkage would run through a chain of small steps. */
  @Test
  void chainOfSmallStepsIsCutWhereTheAverageIsTooFar() {
    double[] steps = IntStream.range(0, 19).mapToDouble(step -> 10.0 * step).toArray();
    float[][] vectors = degrees(steps);
    List<int[]> groups = join(vectors, 0.8);
    assertThat(groups).hasSizeGreaterThan(2);
    assertThat(groups).allMatch(group -> AverageLinkage.cohesion(vectors, group) >= 0.8);
  }

  @Test
  void everyTextEndsInOneGroupAndNoTwoGroupsAreNearEnough() {
    SplittableRandom random = new SplittableRandom(5);
    float[][] vectors = new float[300][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = Vectors.unit(random.doubles(4, -1, 1).toArray());
    }
    List<int[]> groups = join(vectors, 0.7);
    assertThat(groups.stream().flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, 300).toArray());
    for (int i = 0; i < groups.size(); i++) {
      float[] left = AverageLinkage.mean(vectors, groups.get(i));
      for (int j = 0; j < i; j++) {
        float[] right = AverageLinkage.mean(vectors, groups.get(j));
        assertThat(Vectors.dot(left, right)).isLessThan(0.7001);
      }
    }
  }

  @Test
  void thresholdOfZeroJoinsOrthogonalGroups() {
    assertThat(join(degrees(0, 90), 0)).hasSize(1);
    assertThat(join(new float[0][], 0.5)).isEmpty();
  }
}
