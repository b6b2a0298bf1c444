package dev.repartee.finetune.recipe;

import dev.repartee.text.UserException;
import dev.repartee.text.page.Quantities;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a recipe learns from, and how long its steps will take on this machine. The options {@code
 * --epochs} and {@code --newest} with these values repeat it on another.
 *
 * @param epochs of the first training
 * @param newest conversations that it learns from
 * @param leftOut older ones
 * @param diskBytes that all need
 * @param seconds that each step will take
 */
record Plan(int epochs, int newest, int leftOut, long diskBytes, Map<String, Double> seconds) {

  /** Fewer than so many are hardly worth a training. */
  static final int LEAST_CONVERSATIONS = 200;

  /**
   * What a step takes.
   *
   * @param fixed seconds however much there is to do, such as loading the model
   * @param reading seconds with all conversations
   * @param epoch seconds of one more epoch with all conversations
   * @param learns whether it takes less time with fewer conversations to learn from
   */
  record Cost(double fixed, double reading, double epoch, boolean learns) {

    double seconds(int epochs, double share) {
      return fixed + (learns ? share : 1) * (reading + epochs * epoch);
    }

    /** The same work with so many epochs, whatever the plan has. */
    Cost of(int epochs) {
      return new Cost(fixed, reading + epochs * epoch, 0, learns);
    }
  }

  /**
   * Fits epochs, then conversations, into a time.
   *
   * @param costs of the steps, by name
   * @param left seconds; infinite without a bound
   * @param fewest epochs, at most {@code epochs}
   * @param newest conversations to learn from, at most
   * @param all conversations that there are, which the costs are for
   * @throws UserException where it is too short for anything
   */
  static Plan of(
      Map<String, Cost> costs,
      double left,
      int fewest,
      int epochs,
      int newest,
      int all,
      long diskBytes) {
    double share = (double) newest / all;
    while (epochs > fewest && total(costs, epochs, share) > left) {
      epochs--;
    }
    double none = total(costs, epochs, 0);
    double each = (total(costs, epochs, share) - none) / newest;
    int fit = (int) Math.clamp((left - none) / each, 0, newest);
    int least = Math.min(newest, LEAST_CONVERSATIONS);
    if (fit < least) {
      throw UserException.usage(
          "--time is too short: with %s the steps take about %s (%s)"
              .formatted(
                  options(epochs, least),
                  about(none + each * least),
                  text(seconds(costs, epochs, (double) least / all))));
    }
    return new Plan(epochs, fit, all - fit, diskBytes, seconds(costs, epochs, (double) fit / all));
  }

  private static Map<String, Double> seconds(Map<String, Cost> costs, int epochs, double share) {
    Map<String, Double> seconds = new LinkedHashMap<>();
    costs.forEach(
        (step, cost) -> seconds.put(step, (double) Math.round(cost.seconds(epochs, share))));
    return seconds;
  }

  private static double total(Map<String, Cost> costs, int epochs, double share) {
    return costs.values().stream().mapToDouble(cost -> cost.seconds(epochs, share)).sum();
  }

  /** For people. */
  String text() {
    String learned = options(epochs, newest);
    if (leftOut > 0) {
      learned += ", so that %d older conversations are left out".formatted(leftOut);
    }
    return "%s; about %s on this machine: %s"
        .formatted(
            learned,
            about(seconds.values().stream().mapToDouble(Double::doubleValue).sum()),
            text(seconds));
  }

  private static String options(int epochs, int newest) {
    return "--epochs=%d --newest=%d".formatted(epochs, newest);
  }

  private static String text(Map<String, Double> seconds) {
    return seconds.entrySet().stream()
        .map(step -> step.getKey() + " " + about(step.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String about(double seconds) {
    return Quantities.duration(Duration.ofSeconds(Math.round(seconds)));
  }
}
