package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class EventQueueTest {

  private final EventQueue events = new EventQueue(0);
  private final List<String> happened = new ArrayList<>();

  @Test
  void eventsOfOneMomentHappenInTheOrderInWhichTheyWereAdded() {
    events.at(2, () -> happened.add("late"));
    for (String name : List.of("a", "b", "c", "d")) {
      events.at(1, () -> happened.add(name));
    }
    events.at(1, () -> events.after(0, () -> happened.add("now")));
    events.runUntil(1);
    assertThat(happened).containsExactly("a", "b", "c", "d", "now");
    assertThat(events.now()).isEqualTo(1);
  }

  @Test
  void everyRepeatsUntilTheEnd() {
    events.every(15, () -> happened.add("at " + events.now()));
    events.runUntil(45);
    assertThat(happened).containsExactly("at 0.0", "at 15.0", "at 30.0", "at 45.0");
  }

  @Test
  void nothingHappensInThePast() {
    events.runUntil(10);
    assertThatThrownBy(() -> events.at(9, () -> {})).hasMessageContaining("before");
  }
}
