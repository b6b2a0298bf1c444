package dev.repartee.infra.testing;

import dev.repartee.finetune.Main;
import dev.repartee.serving.ServeCommand;
import dev.repartee.text.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * The commands of {@code scripts/repartee} and their options. picocli knows them for all commands
 * but {@code extract}: its module is GPL and must not be linked here, so its options are read from
 * the source.
 */
public final class CommandLines {

  private static final Pattern OPTION = Pattern.compile("names = \\{?\"(--[a-z][a-z0-9-]*)\"");

  /** An option of {@code extract} that other commands have, too. */
  private static final Path SHARED =
      Repository.file(
          "common/text/src/main/java/dev/repartee/text/conversation/ConversationsOption.java");

  private static final Set<String> OF_EVERY_COMMAND =
      Set.of(
          "--help",
          "--version",
          "--config",
          "--set",
          "--quiet",
          "--verbose",
          "--json",
          "--no-json",
          "--yes");

  private final CommandLine finetune = finetune();
  private final CommandLine lab = lab();
  private final Map<String, Supplier<Set<String>>> others =
      Map.of(
          "extract",
          CommandLines::extract,
          "serve",
          () -> options(serve()),
          "demo",
          () -> optionsIn("scripts/demo"),
          "help",
          Set::of);

  /** The commands of the modules of finetune. */
  public static CommandLine finetune() {
    return new CommandLine(new Main());
  }

  /** The commands of a checkout alone. */
  public static CommandLine lab() {
    return new CommandLine(new dev.repartee.lab.Main());
  }

  /** The command {@code serve}, which can parse but not run. */
  public static CommandLine serve() {
    return new CommandLine(new ServeCommand((config, passes) -> folder -> null));
  }

  /** The options of {@code extract}. */
  public static Set<String> extract() {
    Set<String> options =
        Stream.concat(Sources.in("clustering/src/main/java", ".java").stream(), Stream.of(SHARED))
            .flatMap(file -> OPTION.matcher(Sources.text(file)).results())
            .map((MatchResult option) -> option.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    if (options.isEmpty()) {
      throw new IllegalStateException("the sources of clustering name no options");
    }
    return options;
  }

  /** The options that a script's usage lists. */
  private static Set<String> optionsIn(String script) {
    return Pattern.compile("(?m)^  (--[a-z-]+)")
        .matcher(Sources.text(Repository.file(script)))
        .results()
        .map(option -> option.group(1))
        .collect(Collectors.toSet());
  }

  private static Set<String> options(CommandLine command) {
    return command.getCommandSpec().options().stream()
        .flatMap(option -> Stream.of(option.names()))
        .collect(Collectors.toSet());
  }

  /**
   * What is wrong with a call; empty for nothing.
   *
   * @param call the words after {@code repartee}
   */
  public List<String> check(List<String> call) {
    String name = call.getFirst();
    if (others.containsKey(name)) {
      return unknown(call, others.get(name).get());
    }
    CommandLine command =
        finetune.getSubcommands().getOrDefault(name, lab.getSubcommands().get(name));
    if (command == null) {
      return List.of("no command '" + name + "' in: " + String.join(" ", call));
    }
    for (int i = 1;
        i < call.size() && !command.getSubcommands().isEmpty() && !call.get(i).startsWith("--");
        i++) {
      command = command.getSubcommands().get(call.get(i));
      if (command == null) {
        return List.of(
            "no command '%s' in: %s"
                .formatted(String.join(" ", call.subList(0, i + 1)), String.join(" ", call)));
      }
    }
    return unknown(call, options(command));
  }

  private static List<String> unknown(List<String> call, Set<String> known) {
    List<String> problems = new ArrayList<>();
    for (String word : call) {
      String option = word.replaceFirst("=.*", "");
      if (option.startsWith("--")
          && !known.contains(option)
          && !OF_EVERY_COMMAND.contains(option)) {
        problems.add("no option " + option + " in: " + String.join(" ", call));
      }
    }
    return problems;
  }
}
