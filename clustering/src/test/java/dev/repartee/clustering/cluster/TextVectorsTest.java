package dev.repartee.clustering.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.clustering.cluster.Clusterer.TextVectors;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextVectorsTest {

  private static final List<String> TEXTS =
      List.of(
          "how can i help you",
          "how can i help you today",
          "how can i hlep you",
          "your account number please",
          "account number please",
          "qqq");

  @Test
  void wordingDecidesWhatIsNear() {
    float[][] vectors = TextVectors.of(TEXTS, 100, 1);
    double samePhrase = Vectors.dot(vectors[0], vectors[1]);
    double slip = Vectors.dot(vectors[0], vectors[2]);
    double other = Vectors.dot(vectors[0], vectors[3]);
    assertThat(samePhrase).isGreaterThan(0.7);
    assertThat(slip).isGreaterThan(0.4);
    assertThat(other).isLessThan(0.1);
  }

  @Test
  void lengthIsOneUnlessNothingIsShared() {
    float[][] vectors = TextVectors.of(TEXTS, 100, 1);
    for (int i = 0; i < 5; i++) {
      assertThat(Vectors.dot(vectors[i], vectors[i])).isCloseTo(1, within(1e-5));
    }
    assertThat(vectors[5]).containsOnly(0f);
  }

  @Test
  void fewDimensionsKeepTheDistancesOfManyWhenTextsHaveNoMore() {
    float[][] all = TextVectors.of(TEXTS, 100, 1);
    float[][] other = TextVectors.of(TEXTS, 5, 7);
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        assertThat(Vectors.dot(other[i], other[j]))
            .isCloseTo(Vectors.dot(all[i], all[j]), within(1e-3));
      }
    }
  }
}
