package dev.repartee.finetune.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.feedback.ExperimentResult.ArmDifference;
import dev.repartee.finetune.feedback.ExperimentResult.Outcomes;
import dev.repartee.finetune.feedback.ExperimentResult.Verdict;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often experiments err, by drawing conversations again and again from those of {@link Center}.
 */
@Tag("slow")
class ExperimentErrorRatesTest {

  private static final Logger log = LoggerFactory.getLogger(ExperimentErrorRatesTest.class);

  private static final int POOL = 100_000;
  private static final double SAVED = 0.3;

  /** So many are found in at least 80% of the experiments by the time that agents take. */
  private static final int BY_SECONDS = 80_000;

  /** And so many by net, whose spread is smaller. */
  private static final int BY_NET = 2_000;

  /** What an experiment found at any of its looks. */
  private record Found(Set<Verdict> verdicts, boolean net) {}

  private static double percent(List<Found> experiments, Predicate<Found> which) {
    return 100.0 * experiments.stream().filter(which).count() / experiments.size();
  }

  private static double percent(List<Found> experiments, Verdict verdict) {
    return percent(experiments, one -> one.verdicts.contains(verdict));
  }

  private static void log(String what, List<Found> found) {
    log.info("{}: net {}%", what, percent(found, Found::net));
    for (Verdict verdict : Verdict.values()) {
      log.info("{}: {} {}%", what, verdict, percent(found, verdict));
    }
  }

  /** What is drawn for the two arms, and how much. */
  private record Draws(
      List<ReplySums> production, List<ReplySums> candidate, int conversations, int looks) {

    /** Experiments with other seeds. */
    List<Found> run(int experiments) {
      return IntStream.range(0, experiments)
          .parallel()
          .mapToObj(seed -> run(new SplittableRandom(seed)))
          .toList();
    }

    private Found run(SplittableRandom random) {
      Experiment experiment = Center.experiment(conversations / looks, 0);
      Outcomes outcomes = new Outcomes(experiment);
      Set<Verdict> verdicts = EnumSet.noneOf(Verdict.class);
      boolean net = false;
      for (int look = 1; look <= looks; look++) {
        for (int i = 0; i < conversations / looks; i++) {
          long conversation = random.nextLong();
          Arm arm = experiment.arm("", "c-" + conversation);
          List<ReplySums> pool = arm.version() == 8 ? candidate : production;
          outcomes.add(arm, conversation, pool.get(random.nextInt(pool.size())), false);
        }
        ExperimentResult result = ExperimentResult.of(outcomes, Instant.EPOCH);
        verdicts.add(result.verdict());
        ArmDifference difference = result.primary().net().orElseThrow();
        net |= difference.low() > 0 || difference.high() < 0;
      }
      return new Found(verdicts, net);
    }
  }

  /** Conversations of a center whose suggestions save this share of the characters. */
  private static List<ReplySums> pool(double saved, long seed) {
    Center center = new Center(seed);
    return IntStream.range(0, POOL).mapToObj(_ -> center.conversation(saved)).toList();
  }

  @Test
  void theSameVersionTwiceRaisesFewFalseAlarmsAtTwentyLooks() {
    List<ReplySums> pool = pool(SAVED, 1);
    List<Found> found = new Draws(pool, pool, 2000, 20).run(2000);
    log("A/A", found);
    assertThat(percent(found, Verdict.SAVES) + percent(found, Verdict.COSTS))
        .isLessThanOrEqualTo(6);
    assertThat(percent(found, Found::net)).isLessThanOrEqualTo(6);
    assertThat(percent(found, Verdict.INVALID)).isLessThanOrEqualTo(0.3);
  }

  @Test
  void threePointsOfNetAreFound() {
    List<ReplySums> production = pool(SAVED, 1);
    List<ReplySums> candidate = pool(SAVED + 0.03, 2);
    List<Found> byNet = new Draws(production, candidate, BY_NET, 20).run(500);
    log("A/B, " + BY_NET + " conversations", byNet);
    assertThat(percent(byNet, Found::net)).isGreaterThanOrEqualTo(80);
    List<Found> bySeconds = new Draws(production, candidate, BY_SECONDS, 4).run(500);
    log("A/B, " + BY_SECONDS + " conversations", bySeconds);
    assertThat(percent(bySeconds, Verdict.SAVES)).isGreaterThanOrEqualTo(80);
    assertThat(percent(bySeconds, Verdict.COSTS)).isZero();
  }
}
