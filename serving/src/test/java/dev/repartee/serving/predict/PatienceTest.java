package dev.repartee.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.predict.WorkerPool.Patience;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PatienceTest {

  /** In simulated seconds of ten requests each. */
  @Test
  void whoAsksForMoreThanCanBeAnsweredHardlyWaits() {
    Patience patience = new Patience(Duration.ofSeconds(2));
    String late = "--lll-l--l-----ll-....."; // nobody (-), everybody (l) or one of ten (.)
    StringBuilder waits = new StringBuilder(); // long (L) or short (s)
    for (int second = 0; second < late.length(); second++) {
      waits.append(wait(patience, second, late.charAt(second)));
    }
    assertThat(waits).asString().isEqualTo("LLLLLsLssLssssLLLLLLLLL");
    StringBuilder overload = new StringBuilder();
    for (int second = 30; second < 55; second++) {
      overload.append(wait(patience, second, 'l'));
    }
    assertThat(overload).asString().isEqualTo("LLLsLssLssssLssssssssLsss");
    assertThat(wait(patience, 70, '-')).as("after a pause").isEqualTo('L');
  }

  private static char wait(Patience patience, int second, char late) {
    long nanos = 0;
    for (int i = 0; i < 10; i++) {
      nanos = patience.nanos(Duration.ofMillis(1000L * second + 100L * i).toNanos());
      patience.asked();
      boolean isLate = late == 'l' || (late == '.' && i == 0);
      patience.waited(Duration.ofMillis(isLate ? 250 : 10).toNanos(), isLate);
    }
    return nanos == Duration.ofSeconds(2).toNanos() ? 'L' : 's';
  }
}
