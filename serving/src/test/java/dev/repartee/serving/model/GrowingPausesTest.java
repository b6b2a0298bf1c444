package dev.repartee.serving.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.model.Following.GrowingPauses;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GrowingPausesTest {

  private final GrowingPauses pauses = new GrowingPauses();

  /** In which polls it is attempted when each attempt fails. */
  private List<Integer> attempts(String what, int polls) {
    List<Integer> attempts = new ArrayList<>();
    for (int poll = 0; poll < polls; poll++) {
      if (pauses.isDue(what)) {
        attempts.add(poll);
        pauses.failed(what);
      }
    }
    return attempts;
  }

  @Test
  void eachPauseIsTwiceAsLongAsTheOneBefore() {
    assertThat(attempts("acme@2", 150)).containsExactly(0, 2, 6, 14, 30, 61, 92, 123);
  }

  @Test
  void somethingElseIsAttemptedAtOnce() {
    assertThat(attempts("acme@2", 3)).containsExactly(0, 2);
    assertThat(attempts("acme@3", 3)).containsExactly(0, 2);
    pauses.reset();
    assertThat(pauses.isDue("acme@3")).isTrue();
  }
}
