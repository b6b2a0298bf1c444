package dev.repartee.finetune.training;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Tells a loss that explodes from one that is merely noisy. Stateless beyond the last losses, so it
 * never alters a run, it only ends one.
 */
final class DivergenceGuard {

  /** Steps that a dynamic loss scale may leave out in a row; each halves it. */
  private static final int MOST_SKIPPED = 25;

  private static final int MOST_HIGH = 5;
  private static final int REMEMBERED = 50;
  private static final double FACTOR = 3;
  private static final double MARGIN = 3;

  private final boolean dynamicScale;
  private final double chance; // loss of a guess among all tokens, nats
  private final Deque<Double> losses = new ArrayDeque<>();
  private int high;
  private int skipped;

  DivergenceGuard(boolean dynamicScale, int vocabulary) {
    this.dynamicScale = dynamicScale;
    this.chance = Math.log(vocabulary);
  }

  /** Takes a step's loss and gradient norm; gives what is wrong when training cannot go on. */
  Optional<String> check(double loss, double norm) {
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      skipped++;
      if (dynamicScale && skipped < MOST_SKIPPED) {
        return Optional.empty();
      }
      return Optional.of(
          "the loss is %s and the gradient norm %s%s"
              .formatted(
                  loss,
                  norm,
                  dynamicScale ? " for the %dth step in a row".formatted(skipped) : ""));
    }
    skipped = 0;
    double bound = Math.min(2 * chance, median() * FACTOR + MARGIN);
    high = loss > bound ? high + 1 : 0;
    if (high >= MOST_HIGH) {
      return Optional.of(
          "the loss is %.3f and was above %.3f for %d steps".formatted(loss, bound, high));
    }
    if (high == 0) {
      losses.addLast(loss);
      if (losses.size() > REMEMBERED) {
        losses.removeFirst();
      }
    }
    return Optional.empty();
  }

  /** Whether the last steps look bad, so that no checkpoint should be taken of them. */
  boolean isSuspicious() {
    return high > 0 || skipped > 0;
  }

  private double median() {
    return losses.isEmpty()
        ? 2 * chance
        : losses.stream().mapToDouble(Double::doubleValue).sorted().toArray()[losses.size() / 2];
  }
}
