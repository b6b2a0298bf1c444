package dev.repartee.finetune.tools;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/**
 * Prints what lets a shell complete commands and options. The commands of other modules cannot be
 * seen from here, so the launcher has each list its options, and gives the lines to this one.
 */
@Command(
    name = "completion",
    footer = "  source <(scripts/repartee completion)",
    description = "Prints the completion of commands and options for bash and zsh.",
    mixinStandardHelpOptions = true)
public final class CompletionCommand implements Callable<Integer> {

  private static final Pattern VALUES = Pattern.compile("(?m)(?<=_option_args=\\().*(?=\\) #)");
  private static final String NO_FILES = "  type compopt &>/dev/null && compopt +o default\n";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    CommandLine root = spec.root().commandLine();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      add(root, line.split(" ", 3));
    }
    spec.commandLine().getOut().print(script(root));
    spec.commandLine().getOut().flush();
    return 0;
  }

  /**
   * Values in small letters, as the documents write them, and names of files wherever nothing else
   * is known: the script of picocli completes none for an option such as {@code --model}, which
   * takes a folder or a name.
   */
  static String script(CommandLine root) {
    return VALUES
        .matcher(AutoComplete.bash("repartee", root))
        .replaceAll(values -> Matcher.quoteReplacement(values.group().toLowerCase(Locale.ROOT)))
        .replace(NO_FILES, "");
  }

  /** A line names a command, one of its options, and, where it takes one, its value. */
  private static void add(CommandLine root, String[] line) {
    if (line.length < 2) {
      return;
    }
    if (!root.getSubcommands().containsKey(line[0])) {
      root.addSubcommand(line[0], new CommandLine(CommandSpec.create()));
    }
    CommandSpec command = root.getSubcommands().get(line[0]).getCommandSpec();
    if (command.findOption(line[1]) != null) {
      return;
    }
    OptionSpec.Builder option = OptionSpec.builder(line[1]);
    if (line.length == 3) {
      option.arity("1").paramLabel(line[2]);
      if (line[2].matches("[a-z0-9]+(\\|[a-z0-9]+)+")) {
        option.type(String.class).completionCandidates(List.of(line[2].split("\\|")));
      } else {
        option.type(
            line[2].startsWith("FILE") || line[2].startsWith("DIR") ? Path.class : String.class);
      }
    }
    command.addOption(option.build());
  }
}
