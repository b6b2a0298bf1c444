package dev.repartee.finetune.recipe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.recipe.Plan.Cost;
import dev.repartee.text.UserException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A plan fits epochs first, then conversations, and says what it leaves out. */
class PlanTest {

  private static final Map<String, Cost> COSTS = new LinkedHashMap<>();

  static {
    COSTS.put("trial", new Cost(10, 100, 1000, true));
    COSTS.put("tuned", new Cost(10, 100, 1000, true).of(1));
    COSTS.put("calm", new Cost(10, 300, 0, false));
  }

  private static Plan within(double seconds) {
    return Plan.of(COSTS, seconds, 1, 5, 4000, 4000, 0);
  }

  @Test
  void takesAsMuchAsFits() {
    Plan all = within(Double.POSITIVE_INFINITY);
    assertThat(all.epochs()).isEqualTo(5);
    assertThat(all.leftOut()).isZero();
    assertThat(all.seconds()).containsEntry("trial", 5110.0).containsEntry("tuned", 1110.0);
    Plan fewerEpochs = within(4600);
    assertThat(fewerEpochs.epochs()).isEqualTo(3);
    assertThat(fewerEpochs.leftOut()).isZero();
    assertThat(fewerEpochs.text()).startsWith("--epochs=3 --newest=4000; about 1 h 16 min on");
    Plan half = within(330 + 1101);
    assertThat(half.epochs()).isEqualTo(1);
    assertThat(half.newest()).isBetween(2000, 2002);
    assertThat(half.seconds()).containsEntry("trial", 560.0).containsEntry("calm", 310.0);
    assertThat(half.text()).contains("--epochs=1 --newest=200", ", so that 199");
  }

  @Test
  void whatIsAskedForIsKept() {
    Plan two = Plan.of(COSTS, 2000, 2, 2, 3000, 4000, 0);
    assertThat(two.epochs()).isEqualTo(2);
    assertThat(two.newest()).isEqualTo((int) ((2000 - 330) / 3200.0 * 4000));
    assertThat(two.leftOut()).isEqualTo(4000 - two.newest());
  }

  @Test
  void saysWhenTheTimeIsTooShort() {
    assertThatThrownBy(() -> within(400))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("with --epochs=1 --newest=200 the steps take about 7 min 20 s")
        .hasMessageContaining("calm 5 min 10 s");
  }
}
