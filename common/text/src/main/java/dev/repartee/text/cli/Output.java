package dev.repartee.text.cli;

import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;
import tools.jackson.databind.JsonNode;

/** A command's result on standard output: text for people at a terminal, JSON for programs. */
public final class Output {

  @Option(
      names = "--json",
      negatable = true,
      fallbackValue = "true",
      description = "Print JSON. Default: text at a terminal, else JSON")
  private Optional<Boolean> json = Optional.empty();

  /** Begins the last line where something follows. */
  public static final String NEXT = "Next: ";

  private static final int LONGEST_ROW = 8;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int HASH_DIGITS = 12;

  /** A time in UTC with a fraction of a second. */
  private static final Pattern MOMENT =
      Pattern.compile("^(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d)\\.\\d+Z$");

  @Spec(Target.MIXEE)
  private CommandSpec command;

  /** True when results are to be JSON. */
  public boolean isJson() {
    return json.orElseGet(() -> !Terminal.isOutput());
  }

  /** True when {@code --json} or {@code --no-json} was given. */
  public boolean isChosen() {
    return json.isPresent();
  }

  /**
   * Prints one of the two.
   *
   * @param result for programs
   * @param text for people, line by line
   */
  public void print(Object result, List<String> text) {
    PrintWriter out = command.commandLine().getOut();
    if (isJson()) {
      out.println(Json.PRETTY.writeValueAsString(result));
    } else {
      text.forEach(out::println);
    }
    out.flush();
  }

  /**
   * Prints a result that has no text of its own: for people as an {@link #outline}.
   *
   * @param next what to do with it; empty where nothing follows
   */
  public void print(Object result, String next) {
    List<String> lines = new ArrayList<>(outline(result));
    if (!next.isEmpty()) {
      lines.add(NEXT + next);
    }
    print(result, lines);
  }

  /**
   * A result's JSON for people, one value a line: numbers rounded, short lists in a row, and of
   * long ones how many values they have.
   */
  public static List<String> outline(Object result) {
    List<String> lines = new ArrayList<>();
    outline(Json.PRETTY.valueToTree(result), "", lines);
    return lines;
  }

  private static void outline(JsonNode node, String indent, List<String> lines) {
    node.properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              String name = indent + entry.getKey().replace('_', ' ') + ":";
              if (value.isObject() && !value.isEmpty() && !isInterval(value)) {
                lines.add(name);
                outline(value, indent + "  ", lines);
              } else {
                lines.add(name + " " + value(value));
              }
            });
  }

  private static boolean isInterval(JsonNode value) {
    return value.size() == 2 && value.path("low").isNumber() && value.path("high").isNumber();
  }

  /**
   * One value for people: a number rounded, a hash by its first digits, a time to the second, a
   * short list in a row, and of a long one how many values it has.
   */
  public static String value(JsonNode value) {
    if (isInterval(value)) {
      return value(value.path("low")) + " to " + value(value.path("high"));
    }
    if (value.isArray()) {
      boolean isShort =
          value.size() <= LONGEST_ROW && value.valueStream().noneMatch(JsonNode::isContainer);
      return isShort
          ? value.valueStream().map(Output::value).collect(Collectors.joining(", "))
          : value.size() + (value.size() == 1 ? " entry" : " entries") + " (see --json)";
    }
    if (value.isNull() || value.isContainer()) {
      return "none";
    }
    if (value.isFloatingPointNumber()) {
      return number(value.asDouble());
    }
    String text = value.asString();
    if (HASH.matcher(text).matches()) {
      return text.substring(0, HASH_DIGITS);
    }
    return MOMENT.matcher(text).replaceFirst("$1Z");
  }

  /** A number with at most two digits behind the point; small ones with three that count. */
  public static String number(double value) {
    if (!Double.isFinite(value)) {
      return String.valueOf(value);
    }
    BigDecimal exact = BigDecimal.valueOf(value);
    BigDecimal rounded =
        Math.abs(value) >= 1 || value == 0
            ? exact.setScale(2, RoundingMode.HALF_UP)
            : exact.round(new MathContext(3)).setScale(4, RoundingMode.HALF_UP);
    return rounded.signum() == 0 && value != 0
        ? String.format(Locale.ROOT, "%.1e", value)
        : rounded.stripTrailingZeros().toPlainString();
  }
}
