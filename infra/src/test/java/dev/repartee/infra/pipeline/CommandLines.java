package dev.repartee.infra.pipeline;

import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * Which commands and options there are.
 *
 * <p>Most are asked for of picocli. {@code extract} and {@code serve} are read from their sources:
 * infra may not link clustering, which is GPL, and need not link serving.
 */
final class CommandLines {

  private static final Pattern OPTION = Pattern.compile("\"(--[a-z][a-z0-9-]*)\"");
  private static final Set<String> OF_EVERY_COMMAND =
      Set.of("--help", "--version", "--config", "--set");

  private final CommandLine finetune = new CommandLine(new dev.repartee.finetune.Main());
  private final Map<String, Set<String>> fromSources = new HashMap<>();

  CommandLines() {
    fromSources.put("extract", options("clustering/src/main/java"));
    fromSources.put("serve", options("serving/src/main/java"));
    fromSources.put("demo", Set.of("--output", "--serve"));
    fromSources.put("help", Set.of());
  }

  /** What is wrong with a call; empty for nothing. */
  List<String> check(List<String> call) {
    String name = call.getFirst();
    if (fromSources.containsKey(name)) {
      return unknown(call, fromSources.get(name));
    }
    CommandLine command = finetune.getSubcommands().get(name);
    if (command == null) {
      return List.of("no command '" + name + "' in: " + String.join(" ", call));
    }
    if (!command.getSubcommands().isEmpty()) {
      String child = call.size() > 1 ? call.get(1) : "--help";
      if (!child.startsWith("--")) {
        command = command.getSubcommands().get(child);
        if (command == null) {
          return List.of("no command '" + name + " " + child + "' in: " + String.join(" ", call));
        }
      }
    }
    Set<String> known = new HashSet<>();
    command.getCommandSpec().options().forEach(option -> known.addAll(List.of(option.names())));
    return unknown(call, known);
  }

  /** Whether gates are there; until they are, calls that need them cannot be checked. */
  boolean hasGates() {
    return finetune.getSubcommands().get("models").getSubcommands().containsKey("gates");
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

  private static Set<String> options(String folder) {
    Set<String> options = new HashSet<>();
    for (Path file : YamlFiles.in(folder, ".java")) {
      Matcher matcher = OPTION.matcher(text(file));
      while (matcher.find()) {
        options.add(matcher.group(1));
      }
    }
    if (options.isEmpty()) {
      throw new IllegalStateException(Repository.file(folder) + " names no options");
    }
    return options;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
