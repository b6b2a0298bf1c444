package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.lab.autoscaling.Assumptions.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What it costs that a conversation moves from pod to pod. */
class AffinityTest {

  /** The loss of a node among a hundred agents, for a short time. */
  private static ScenarioResult nodeLoss(String... more) {
    List<String> changes =
        new ArrayList<>(
            List.of(
                "scenarios.node-loss.seconds=240",
                "scenarios.node-loss.eventSeconds=120",
                "cluster.warmUpSeconds=120"));
    changes.addAll(List.of(more));
    Assumptions assumptions = AssumptionsFile.read(Optional.empty(), changes);
    Scenario scenario = assumptions.scenarios().getLast();
    return new Simulation(assumptions, scenario, assumptions.systems().getLast(), 1).run();
  }

  @Test
  void aConversationIsReadOnceWhereItStays() {
    assertThat(nodeLoss().timesRead()).isBetween(1.0, 1.2);
  }

  /** Several pods answer a hundred agents, so a message is read in most of them. */
  @Test
  void withoutAffinityEveryPodReadsIt() {
    assertThat(nodeLoss("systems.repartee.balancing=random").timesRead()).isGreaterThan(3);
  }

  @Test
  void onePodNeedsNone() {
    ScenarioResult alone =
        nodeLoss(
            "systems.repartee.balancing=random",
            "systems.repartee.hpa.minReplicas=1",
            "systems.repartee.hpa.maxReplicas=1",
            "scenarios.node-loss.nodeLost=false",
            "scenarios.node-loss.load=[{seconds: 0, agents: 10}]");
    assertThat(alone.timesRead()).isEqualTo(1);
  }
}
