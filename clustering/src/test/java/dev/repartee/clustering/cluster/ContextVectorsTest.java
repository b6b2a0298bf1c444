package dev.repartee.clustering.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ContextVectorsTest {

  private static final List<List<String>> ITEMS =
      List.of(
          List.of("my name is name", "name", "it is name", "name please"),
          List.of("name", "i am name", "my name is name"),
          List.of("at time", "on date", "at time on date"),
          List.of("time please", "at time", "on date"),
          List.of("", "", ""),
          List.of(""));

  private static double likeness(float[][] vectors, int left, int right) {
    return Vectors.dot(Vectors.unit(vectors[left]), Vectors.unit(vectors[right]));
  }

  @Test
  void equalAnswersBringQuestionsTogether() {
    float[][] vectors = Contexts.vectors(ITEMS, 50, 1);
    assertThat(likeness(vectors, 0, 1)).isGreaterThan(0.8);
    assertThat(likeness(vectors, 2, 3)).isGreaterThan(0.7);
    assertThat(likeness(vectors, 0, 2)).isLessThan(0.2);
  }

  @Test
  void silenceIsAContextToo() {
    float[][] vectors = Contexts.vectors(ITEMS, 50, 1);
    assertThat(likeness(vectors, 4, 5)).isCloseTo(1, within(1e-4));
    assertThat(likeness(vectors, 4, 0)).isCloseTo(0, within(1e-4));
  }

  @Test
  void vectorsOfPartsAddUpToTheVectorOfAll() {
    List<List<String>> parts = List.of(ITEMS.get(0), ITEMS.get(1), ITEMS.get(2), ITEMS.get(3));
    float[][] vectors = Contexts.vectors(parts, 50, 1);
    float[] sum = vectors[0].clone();
    Vectors.addTo(sum, vectors[1], 1);
    assertThat(Vectors.dot(Vectors.unit(sum), Vectors.unit(vectors[0]))).isGreaterThan(0.9);
  }
}
