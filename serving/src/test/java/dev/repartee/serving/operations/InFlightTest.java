package dev.repartee.serving.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.serving.operations.ServiceMetrics.InFlight;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class InFlightTest {

  private final AtomicLong clock = new AtomicLong(7);
  private final InFlight inFlight = new InFlight(clock::get);

  private void pass(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  @Test
  void nothingIsHereAtFirst() {
    pass(Duration.ofHours(1));
    assertThat(inFlight.average()).isZero();
  }

  @Test
  void twoThatStayBecomeTwo() {
    try (InFlight.Stay _ = inFlight.enter();
        InFlight.Stay _ = inFlight.enter()) {
      assertThat(inFlight.average()).as("a moment is no average").isZero();
      pass(InFlight.TIME_CONSTANT);
      assertThat(inFlight.average()).isCloseTo(2 * (1 - Math.exp(-1)), within(1e-9));
      pass(InFlight.TIME_CONSTANT.multipliedBy(20));
      assertThat(inFlight.average()).isCloseTo(2, within(1e-6));
    }
    pass(InFlight.TIME_CONSTANT.multipliedBy(20));
    assertThat(inFlight.average()).isCloseTo(0, within(1e-6));
  }

  /** By Little's law: 20 a second that take 30 ms each are 0.6 at once. */
  @Test
  void isRateTimesDurationWheneverItIsLookedAt() {
    for (int i = 0; i < 20 * 120; i++) {
      try (InFlight.Stay _ = inFlight.enter()) {
        pass(Duration.ofMillis(30));
      }
      pass(Duration.ofMillis(20));
    }
    assertThat(inFlight.average()).isCloseTo(0.6, within(0.01));
  }
}
