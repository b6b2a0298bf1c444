package dev.repartee.finetune.feedback;

import dev.repartee.finetune.feedback.ReplySums.Count;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Conversations of a center that is made up, for the error rates of experiments. A conversation has
 * 1 + negative binomial (shape 2, mean 6) replies and an agent with a speed of typing (lognormal,
 * mean 4.5 characters a second, sigma 0.3). A reply has 40 to 400 characters (lognormal, median 90,
 * sigma 0.7) and takes some time to think (lognormal, median 5 seconds, sigma 0.9). Suggestions
 * save a share of its characters, which differs between replies (uniform, from 0 to twice the
 * mean); the rest is typed.
 */
final class Center {

  private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

  private final SplittableRandom random;

  Center(long seed) {
    this.random = new SplittableRandom(seed);
  }

  static Experiment experiment(int minConversations, double control) {
    double half = (1 - control) / 2;
    Arm production = new Arm("production", half, 7, true);
    Arm candidate = new Arm("candidate", half, 8, true);
    List<Arm> arms =
        control == 0
            ? List.of(production, candidate)
            : List.of(production, candidate, new Arm("control", control, 7, false));
    return new Experiment("shorter", "acme", arms, minConversations, START, Optional.empty());
  }

  /**
   * One conversation.
   *
   * @param saved share of the characters that suggestions save on average
   */
  ReplySums conversation(double saved) {
    ReplySums sums = new ReplySums();
    double speed = 4.5 * Math.exp(0.3 * random.nextGaussian() - 0.045);
    double mean = 6 * (random.nextExponential() + random.nextExponential()) / 2;
    int replies = 1;
    for (double at = random.nextExponential(); at < mean; at += random.nextExponential()) {
      replies++;
    }
    for (int i = 0; i < replies; i++) {
      double length = 90 * Math.exp(0.7 * random.nextGaussian());
      int characters = (int) Math.max(5, Math.min(400, length));
      int typed = (int) Math.round(characters * (1 - 2 * saved * random.nextDouble()));
      double seconds = 5 * Math.exp(0.9 * random.nextGaussian()) + typed / speed;
      sums.add(Count.REPLIES, 1);
      sums.add(Count.ASSISTED, saved > 0 ? 1 : 0);
      sums.add(Count.USED, saved > 0 ? 1 : 0);
      sums.add(Count.EDITED, saved > 0 && random.nextInt(5) == 0 ? 1 : 0);
      sums.add(Count.CHARACTERS, characters);
      sums.add(Count.DETAILED_CHARACTERS, characters);
      sums.add(Count.DETAILED_TYPED, typed);
      sums.add(Count.TIMED, 1);
      sums.add(Count.TIMED_CHARACTERS, characters);
      sums.add(
          Count.COMPOSING_MS, Math.min(ReplySums.LONGEST_REPLY_MS, Math.round(1000 * seconds)));
    }
    return sums;
  }

  /** The arm of the next conversation. */
  Arm arm(Experiment experiment) {
    return experiment.arm("", "c-" + random.nextLong());
  }
}
