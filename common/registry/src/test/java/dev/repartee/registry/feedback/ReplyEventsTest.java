package dev.repartee.registry.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.json.Json;
import org.junit.jupiter.api.Test;

class ReplyEventsTest {

  private static ReplyEvents events(String actions) {
    return Json.COMPACT.readValue("{\"actions\": [" + actions + "]}", ReplyEvents.class);
  }

  @Test
  void pausesCountTenSecondsAtMostAndDisplaysCountNothing() {
    ReplyEvents events =
        events(
            """
            {"action": "displayed", "at_ms": 15000, "for_ms": 40000},
            {"action": "typed", "at_ms": 30000, "for_ms": 2000, "characters": 9},
            {"action": "completed", "at_ms": 33000},
            {"action": "sent", "at_ms": 90000}\
            """);
    // 10 s before the first letter, 2 s of typing, 1 s to the completion, 10 s to the end.
    assertThat(events.composingMs()).hasValue(10_000 + 2_000 + 1_000 + 10_000);
    assertThat(events.displays()).isOne();
    assertThat(events.count(ReplyEvents.What.TYPED)).isOne();
  }

  @Test
  void spansThatOverlapCountOnce() {
    ReplyEvents events =
        events(
            """
            {"action": "searched", "at_ms": 1000, "for_ms": 5000},
            {"action": "typed", "at_ms": 2000, "for_ms": 1000},
            {"action": "sent", "at_ms": 7000}\
            """);
    assertThat(events.composingMs()).hasValue(7000);
  }

  @Test
  void whereTheAgentDidNothingThereIsNoTime() {
    assertThat(events("{\"action\": \"displayed\", \"at_ms\": 5}").composingMs()).isEmpty();
    assertThat(events("").composingMs()).isEmpty();
  }
}
