package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class QuantilesTest {

  @Test
  void linearAsInNumPy() {
    assertThat(Quantiles.linear(new double[] {0, 1, 2, 3}, 0.5)).isEqualTo(1.5);
    assertThat(Quantiles.linear(new double[] {0, 10}, 0.975)).isEqualTo(9.75);
    assertThat(Quantiles.linear(new double[] {4}, 0.975)).isEqualTo(4);
    assertThat(Quantiles.median(new double[] {3, 1, 2})).isEqualTo(2);
    assertThatThrownBy(() -> Quantiles.median(new double[0])).hasMessage("there is no value");
  }

  @Test
  void nearestRankIsAValueThatWasMeasured() {
    long[] sorted = {1, 2, 3, 4};
    assertThat(Quantiles.nearestRank(sorted, 0.5)).isEqualTo(2);
    assertThat(Quantiles.nearestRank(sorted, 0.51)).isEqualTo(3);
    assertThat(Quantiles.nearestRank(sorted, 0)).isOne();
    assertThat(Quantiles.nearestRank(sorted, 1)).isEqualTo(4);
    assertThat(Quantiles.nearestRank(new long[0], 0.5)).isZero();
  }
}
