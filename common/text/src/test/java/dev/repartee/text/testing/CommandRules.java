package dev.repartee.text.testing;

import dev.repartee.text.cli.Cli;
import dev.repartee.text.cli.SizeConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What holds for every command: it has a description, an example and a help of one screen; an
 * option has a description, shows its default, carries no unit in its name, and means one thing in
 * all commands.
 */
public final class CommandRules {

  private static final Pattern UNIT =
      Pattern.compile(".*-(ms|seconds|minutes|hours|days|bytes|kib|mib|gib)");

  /** They name an answer set in a file, and a library in the registry: both are the answers. */
  private static final Set<String> TWO_FORMS = Set.of("--answers");

  /** Lines of a screen. */
  private static final long SCREEN = 40;

  private final List<String> problems = new ArrayList<>();
  private final Map<String, Map<String, String>> kinds = new TreeMap<>();

  /** Checks a command and its subcommands. */
  public CommandRules check(Object command) {
    CommandLine line = new CommandLine(command);
    Cli.prepare(line);
    check(line);
    return this;
  }

  /** What is wrong; empty for nothing. */
  public List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    kinds.forEach(
        (option, found) -> {
          if (found.size() > 1 && !TWO_FORMS.contains(option)) {
            all.add(option + " means different things: " + found);
          }
        });
    return all;
  }

  private void check(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    if (!spec.usageMessage().hidden()) {
      String name = spec.qualifiedName();
      require(spec.usageMessage().description().length > 0, name + " has no description");
      require(spec.usageMessage().footer().length > 0, name + " has no example in its footer");
      String help = line.getUsageMessage(CommandLine.Help.Ansi.OFF);
      require(help.lines().count() <= SCREEN, name + " has a help that no screen shows at once");
      spec.options().stream()
          .filter(option -> !option.hidden())
          .forEach(option -> check(name, option, help));
    }
    line.getSubcommands().values().forEach(this::check);
  }

  private void check(String command, OptionSpec option, String help) {
    String name = option.longestName();
    String place = command + " " + name;
    require(String.join("", option.description()).length() > 1, place + " has no description");
    require(
        !UNIT.matcher(name).matches(), place + " has a unit in its name: let its value have it");
    require(
        option.arity().max() == 0 || !option.paramLabel().startsWith("<"),
        place + " has no label for its value");
    if (option.defaultValue() != null && option.arity().max() > 0) {
      require(
          help.contains("Default: " + option.defaultValue())
              || String.join(" ", option.description()).contains("Default:")
              || option.defaultValue().isEmpty(),
          place + " does not show its default, " + option.defaultValue());
    }
    kinds.computeIfAbsent(name, key -> new TreeMap<>()).putIfAbsent(kind(option), command);
  }

  /** A folder that may also be named in a registry is a folder still. */
  private static String kind(OptionSpec option) {
    if (option.arity().max() == 0) {
      return "switch";
    }
    Class<?> type = option.typeInfo().getAuxiliaryTypes()[0];
    if (Arrays.stream(option.converters()).anyMatch(SizeConverter.class::isInstance)) {
      return "size";
    }
    if (type == Duration.class) {
      return "duration";
    }
    if (Set.of(int.class, Integer.class, long.class, Long.class).contains(type)) {
      return "whole number";
    }
    if (type == double.class || type == Double.class) {
      return "number";
    }
    List<String> labels = List.of(option.paramLabel().split("\\|"));
    if (labels.contains("DIR")) {
      return "folder";
    }
    return type == Path.class || labels.contains("FILE") ? "file" : option.paramLabel();
  }

  private void require(boolean met, String problem) {
    if (!met) {
      problems.add(problem);
    }
  }
}
