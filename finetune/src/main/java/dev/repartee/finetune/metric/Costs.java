package dev.repartee.finetune.metric;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * What reading and taking suggestions cost the agents of a center, in keystrokes, as {@code report
 * --fit-costs} estimates it from their feedback.
 *
 * @param replies that it was estimated from
 * @param agents whom the feedback tells apart; empty where it names none, so that all count as one
 * @param keyMs the median agent's time for a keystroke
 * @param accept to decide for a suggestion and to press a key
 * @param read to read a completion that appeared
 * @param readReply to read a whole reply that appeared
 * @param byAgent how agents differ, where at least ten are known
 */
public record Costs(
    long replies,
    Optional<Integer> agents,
    double keyMs,
    Cost accept,
    Cost read,
    Cost readReply,
    Optional<Spread> byAgent) {

  /** A text must cost something to read, or the rules would count offers as free. */
  private static final double LEAST = 0.01;

  /**
   * A cost.
   *
   * @param keystrokes empty where nothing of the kind was seen
   * @param enough whether the interval is narrow enough to be used
   */
  public record Cost(Optional<Double> keystrokes, Optional<Interval> ci95, boolean enough) {

    public static final Cost UNKNOWN = new Cost(Optional.empty(), Optional.empty(), false);

    private double or(double borrowed) {
      return keystrokes.filter(_ -> enough).map(found -> Math.max(LEAST, found)).orElse(borrowed);
    }

    private String line(String what, double borrowed) {
      if (keystrokes.isEmpty() || ci95.isEmpty()) {
        return "%s: nothing of the kind was seen; %s is assumed".formatted(what, number(borrowed));
      }
      String found =
          "%s: %s keystrokes (%s to %s)"
              .formatted(
                  what,
                  number(keystrokes.get()),
                  number(ci95.get().low()),
                  number(ci95.get().high()));
      return enough
          ? found
          : found + ": too little data, %s is assumed".formatted(number(borrowed));
    }
  }

  /** The quartiles of the agents' own costs; empty lists where too few have one. */
  public record Spread(int agents, List<Double> accept, List<Double> read, List<Double> readReply) {

    public Spread {
      accept = List.copyOf(accept);
      read = List.copyOf(read);
      readReply = List.copyOf(readReply);
    }
  }

  public Costs {
    requireNonNull(accept, "accept is null");
    requireNonNull(read, "read is null");
    requireNonNull(readReply, "readReply is null");
  }

  /**
   * Reads what {@code report --fit-costs} wrote.
   *
   * @throws UserException (wrong usage) naming the file
   */
  public static Costs read(Path file) {
    try {
      return Json.COMPACT.readValue(file.toFile(), Costs.class);
    } catch (JacksonException | NullPointerException e) {
      throw UserException.usage(
          "--costs %s: not a costs.json of 'report --fit-costs'".formatted(file));
    }
  }

  /** {@link Rule#NET} and {@link Rule#STEADY} with these costs, where there is enough data. */
  public List<Rule> rules() {
    return Stream.of(Rule.NET, Rule.STEADY)
        .map(
            rule ->
                new Rule(
                    rule.name() + "_costs",
                    rule.steady(),
                    accept.or(rule.accept()),
                    read.or(rule.read()),
                    readReply.or(rule.readReply())))
        .toList();
  }

  /** For people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%d replies of %s; a keystroke takes the median agent %.0f ms"
            .formatted(
                replies,
                agents.map(count -> count + " agents").orElse("agents who are not told apart"),
                keyMs));
    lines.add(accept.line("to take a suggestion", Rule.NET.accept()));
    lines.add(read.line("to read a completion", Rule.NET.read()));
    lines.add(readReply.line("to read a whole reply", Rule.NET.readReply()));
    byAgent.ifPresent(
        spread -> {
          lines.add("half of " + spread.agents() + " agents lie within");
          lines.add("  to take a suggestion: " + half(spread.accept()));
          lines.add("  to read a completion: " + half(spread.read()));
          lines.add("  to read a whole reply: " + half(spread.readReply()));
        });
    return lines;
  }

  private static String half(List<Double> quartiles) {
    return quartiles.isEmpty()
        ? "too few have one"
        : "%s to %s keystrokes"
            .formatted(number(quartiles.getFirst()), number(quartiles.getLast()));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
