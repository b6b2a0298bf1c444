package dev.repartee.infra.docs;

import dev.repartee.infra.testing.Sources;
import dev.repartee.text.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The commands in the code blocks of the documents. In a block {@code sh} every line is a command,
 * with those that continue it. In any other block a line that begins with {@code $} is one, and
 * what follows is what it prints.
 */
public final class Documents {

  /**
   * A command.
   *
   * @param line of the document
   * @param output that the document shows; empty where it shows none
   */
  record Command(int line, String text, Optional<List<String>> output) {}

  private static final Pattern FENCE = Pattern.compile("^( *)```(\\w*)\\s*$");

  private Documents() {}

  /** README, CONTRIBUTING, what is in docs, and the modules' own READMEs. */
  public static List<Path> all() {
    return Stream.of(
            List.of(Repository.file("README.md"), Repository.file("CONTRIBUTING.md")),
            Sources.in("docs", ".md"),
            Stream.of("common", "clustering", "finetune", "serving", "infra")
                .flatMap(module -> Sources.in(module, "README.md").stream())
                .filter(file -> !file.toString().matches(".*/(node_modules|target)/.*"))
                .toList())
        .flatMap(List::stream)
        .toList();
  }

  static List<Command> commands(Path document) {
    return commands(Sources.text(document));
  }

  static List<Command> commands(String document) {
    List<Command> commands = new ArrayList<>();
    List<String> lines = document.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (!fence.matches()) {
        continue;
      }
      int first = i + 1;
      List<String> block = new ArrayList<>();
      for (i = first; i < lines.size() && !lines.get(i).strip().equals("```"); i++) {
        String line = lines.get(i);
        block.add(line.startsWith(fence.group(1)) ? line.substring(fence.group(1).length()) : line);
      }
      if (fence.group(2).equals("sh")) {
        shell(block, first, commands);
      } else {
        session(block, first, commands);
      }
    }
    return commands;
  }

  private static void shell(List<String> block, int first, List<Command> commands) {
    for (int i = 0; i < block.size(); i++) {
      int begin = i;
      StringBuilder text = new StringBuilder(block.get(i));
      while (isOpen(text) && i + 1 < block.size()) {
        text.append('\n').append(block.get(++i));
      }
      if (!text.toString().isBlank() && !text.toString().strip().startsWith("#")) {
        commands.add(new Command(first + begin + 1, text.toString().strip(), Optional.empty()));
      }
    }
  }

  private static void session(List<String> block, int first, List<Command> commands) {
    for (int i = 0; i < block.size(); i++) {
      if (!block.get(i).startsWith("$ ")) {
        continue;
      }
      int begin = i;
      StringBuilder text = new StringBuilder(block.get(i).substring(2));
      while (isOpen(text) && i + 1 < block.size()) {
        text.append('\n').append(block.get(++i));
      }
      List<String> output = new ArrayList<>();
      while (i + 1 < block.size() && !block.get(i + 1).startsWith("$ ")) {
        output.add(block.get(++i));
      }
      commands.add(new Command(first + begin + 1, text.toString(), Optional.of(output)));
    }
  }

  /** True within quotes, after a backslash at the end, and after a pipe. */
  private static boolean isOpen(CharSequence text) {
    char quote = 0;
    boolean comment = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (comment) {
        comment = c != '\n';
      } else if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '#' && i > 0 && Character.isWhitespace(text.charAt(i - 1))) {
        comment = true;
      }
    }
    String stripped = text.toString().stripTrailing();
    return quote != 0 || (!comment && (stripped.endsWith("\\") || stripped.endsWith("|")));
  }
}
