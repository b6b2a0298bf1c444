package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.lab.autoscaling.Assumptions.Scenario;
import dev.repartee.lab.autoscaling.Assumptions.SystemSettings;
import dev.repartee.lab.autoscaling.ScenarioResult.Timeline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled assumptions, simulated. */
@Tag("slow")
class SimulationTest {

  private static final Assumptions ASSUMPTIONS = AssumptionsFile.read(Optional.empty(), List.of());
  private static final Map<String, ScenarioResult> RESULTS = new TreeMap<>();

  @BeforeAll
  static void simulate() {
    for (Scenario scenario : ASSUMPTIONS.scenarios()) {
      for (SystemSettings system : ASSUMPTIONS.systems()) {
        RESULTS.put(
            scenario.name() + " " + system.name(),
            new Simulation(ASSUMPTIONS, scenario, system, 1).run());
      }
    }
  }

  private static ScenarioResult of(String scenario, String system) {
    return RESULTS.get(scenario + " " + system);
  }

  /** When the last client has an answer or has hung up nothing is in flight. */
  @Test
  void everyRequestEndsOnce() {
    for (ScenarioResult result : RESULTS.values()) {
      assertThat(result.answered() + result.shed() + result.timedOut())
          .as("%s of %s", result.scenario(), result.system())
          .isEqualTo(result.requests());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ramp", "spike", "node-loss"})
  void bothSystemsAreAskedTheSame(String scenario) {
    assertThat(of(scenario, "before").series().points().stream().map(Timeline.Point::arrived))
        .containsExactlyElementsOf(
            of(scenario, "repartee").series().points().stream()
                .map(Timeline.Point::arrived)
                .toList());
  }

  /** Not where a node is lost: there both lose about the same, each for its own reason. */
  @ParameterizedTest
  @ValueSource(strings = {"ramp", "spike"})
  void theSystemThatWasReplacedLosesMore(String scenario) {
    assertThat(of(scenario, "before").lostPercent())
        .isGreaterThan(of(scenario, "repartee").lostPercent());
  }

  @Test
  void theSameSeedGivesTheSameBytes() {
    Scenario scenario = ASSUMPTIONS.scenarios().getLast();
    SystemSettings system = ASSUMPTIONS.systems().getLast();
    ScenarioResult first = of(scenario.name(), system.name());
    ScenarioResult again = new Simulation(ASSUMPTIONS, scenario, system, 1).run();
    ScenarioResult other = new Simulation(ASSUMPTIONS, scenario, system, 2).run();
    assertThat(again).isEqualTo(first);
    assertThat(new Picture(ASSUMPTIONS, List.of(again)).svg())
        .isEqualTo(new Picture(ASSUMPTIONS, List.of(first)).svg());
    assertThat(other).isNotEqualTo(first);
  }

  /** Arrivals follow the scenario: within five standard deviations of what it says. */
  @Test
  void arrivalsFollowTheScenario() {
    ScenarioResult ramp = of("ramp", "repartee");
    Scenario scenario = ASSUMPTIONS.scenarios().getFirst();
    double expected = 0;
    for (int second = 0; second < scenario.seconds(); second++) {
      expected += scenario.agentsAt(second + 0.5) * ASSUMPTIONS.traffic().perAgentPerSecond();
    }
    assertThat(Math.abs(ramp.requests() - expected)).isLessThan(5 * Math.sqrt(expected));
  }

  @Test
  void aLostNodeIsReplaced() {
    Timeline series = of("node-loss", "repartee").series();
    int before = series.points().get(18).answering();
    assertThat(series.points().get(21).answering()).isLessThan(before);
    assertThat(series.points().getLast().answering()).isGreaterThanOrEqualTo(before - 1);
  }

  @Test
  void podsThatLoadAreNoEndpointsWhereThereIsAProbe() {
    assertThat(of("ramp", "repartee").timedOut()).isZero();
    assertThat(of("ramp", "before").timedOut()).isPositive();
  }
}
