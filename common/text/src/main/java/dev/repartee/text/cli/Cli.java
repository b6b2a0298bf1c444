package dev.repartee.text.cli;

import ch.qos.logback.classic.Level;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.lang.reflect.AnnotatedElement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Runs the commands of Repartee. Options come from the command line, then from the YAML file of
 * {@code --config}, then from defaults; {@code --set key=value} means {@code --key=value}. A {@link
 * UserException} ends the command with its message and its exit code.
 */
public final class Cli {

  private static final Logger log = LoggerFactory.getLogger(Cli.class);

  private static final int WIDTH = 100;

  /** What picocli prints as the default of an option without one. */
  private static final Pattern NO_DEFAULT =
      Pattern.compile("\\R *Default:(?: \\[]| Optional\\.empty)?(?= *\\R)");

  private static final Set<String> COMMON =
      Set.of("--json", "--config", "--set", "--quiet", "--verbose", "--help", "--version");

  private Cli() {}

  /**
   * Parses and runs {@code command}.
   *
   * @param command a picocli command, with subcommands or without
   * @return the exit code: 0 done, 1 failed, 2 wrong usage or configuration, 3 a gate was not met
   */
  public static int run(Object command, String... args) {
    CommandLine line = new CommandLine(command);
    // Results are JSON, which is UTF-8 whatever the locale; in the C locale Java would write '?'.
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setExecutionExceptionHandler((failure, source, parsed) -> report(failure, source));
    line.setParameterExceptionHandler(
        (wrong, arguments) -> wrongUsage(misspelled(wrong, List.of(arguments))));
    prepare(line);
    try {
      List<String> expanded = expandSettings(List.of(args));
      Optional<Path> config = configFile(expanded);
      if (config.isPresent()) {
        YamlDefaults defaults = YamlDefaults.read(config.get());
        defaults.requireKnownKeys(addressed(line, expanded));
        line.setDefaultValueProvider(defaults);
      }
      return line.execute(expanded.toArray(String[]::new));
    } catch (UserException e) {
      return report(e, line);
    }
  }

  /**
   * Gives a command and its subcommands what all commands have: the version, the form of the help,
   * and the shared options. {@code --config} and {@code --set} are handled before picocli parses;
   * its model has them for the help and the errors.
   */
  public static void prepare(CommandLine line) {
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionStrategy(Cli::execute);
    line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, Cli::optionList);
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    usage.sortOptions(false).showDefaultValues(true).abbreviateSynopsis(true);
    usage.requiredOptionMarker('*').width(WIDTH).longOptionsMaxWidth(WIDTH / 4);
    usage.footer(Stream.of(usage.footer()).flatMap(Cli::pasteable).toArray(String[]::new));
    if (usage.footer().length > 0) {
      usage.footerHeading("Example:%n");
    }
    line.getCommandSpec()
        .version("repartee " + CodeVersion.built().orElse("development"))
        .addOption(
            shared("--config", "YAML file with any of these options as 'name: value'.")
                .type(Path.class)
                .paramLabel("FILE")
                .build())
        .addOption(
            shared("--set", "The same as --KEY=VALUE; wins over the file.")
                .type(String.class)
                .paramLabel("KEY=VALUE")
                .build())
        .addOption(shared("--quiet", "Log warnings and errors only; no progress.").build())
        .addOption(shared("--verbose", "Log more, with the causes of failures.").build());
    line.getSubcommands().values().forEach(Cli::prepare);
  }

  /** An example in lines that fit, which a shell reads as one. */
  private static Stream<String> pasteable(String example) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder("  ");
    for (String word : example.strip().split(" ", -1)) {
      if (line.length() + word.length() > WIDTH - 4) {
        lines.add(line + "\\");
        line = new StringBuilder("      ");
      }
      line.append(word).append(' ');
    }
    lines.add(line.toString().stripTrailing());
    return lines.stream();
  }

  private static OptionSpec.Builder shared(String name, String description) {
    return OptionSpec.builder(name).description(description);
  }

  private static int execute(ParseResult parsed) {
    ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    boolean quiet = Boolean.TRUE.equals(last.commandSpec().findOption("--quiet").getValue());
    boolean verbose = Boolean.TRUE.equals(last.commandSpec().findOption("--verbose").getValue());
    logger(Logger.ROOT_LOGGER_NAME).setLevel(quiet ? Level.WARN : Level.INFO);
    logger("dev.repartee").setLevel(verbose ? Level.DEBUG : null);
    return new RunLast().execute(parsed);
  }

  private static ch.qos.logback.classic.Logger logger(String name) {
    return (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(name);
  }

  /** The options under their {@link Section}s, those of every command in one line. */
  private static String optionList(Help help) {
    Map<String, List<OptionSpec>> sections = new LinkedHashMap<>();
    List<String> common = new ArrayList<>();
    String section = "Options";
    for (OptionSpec option : help.commandSpec().options()) {
      if (option.userObject() instanceof AnnotatedElement field
          && field.isAnnotationPresent(Section.class)) {
        section = field.getAnnotation(Section.class).value();
      }
      if (COMMON.contains(option.longestName())) {
        common.add(
            option.longestName() + (option.arity().max() == 0 ? "" : "=" + option.paramLabel()));
      } else if (!option.hidden()) {
        sections.computeIfAbsent(section, heading -> new ArrayList<>()).add(option);
      }
    }
    StringBuilder text = new StringBuilder();
    sections.forEach(
        (heading, options) -> {
          Help.Layout layout =
              help.createDefaultLayout(help.commandSpec().options(), List.of(), help.colorScheme());
          layout.addOptions(options, help.parameterLabelRenderer());
          text.append(
              "%s:%n%s"
                  .formatted(
                      heading,
                      withShortDefaults(NO_DEFAULT.matcher(layout.toString()).replaceAll(""))));
        });
    return text.append("Common options: %s%n".formatted(String.join(", ", common))).toString();
  }

  /** Puts a default behind the description where the line has room for it. */
  private static String withShortDefaults(String options) {
    List<String> lines = new ArrayList<>();
    for (String line : options.lines().toList()) {
      String more = line.strip();
      boolean fits =
          more.startsWith("Default: ") && lines.getLast().length() + 1 + more.length() <= WIDTH;
      lines.add(fits ? lines.removeLast() + " " + more : line);
    }
    return String.join("%n".formatted(), lines) + "%n".formatted();
  }

  private static int report(Exception failure, CommandLine line) {
    PrintWriter err = line.getErr();
    if (failure instanceof UserException e) {
      log.debug("failed", e);
      err.println("error: " + TextNorm.escaped(e.getMessage()));
      err.flush();
      return e.kind().exitCode();
    }
    log.error("unexpected failure", failure);
    err.println("error: " + TextNorm.escaped(failure.toString()));
    err.flush();
    return UserException.Kind.FAILED.exitCode();
  }

  /** A required option is missing where its name is misspelled: that is what is wrong. */
  private static ParameterException misspelled(ParameterException wrong, List<String> arguments) {
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    return arguments.stream()
        .filter(argument -> wrong instanceof MissingParameterException && argument.startsWith("--"))
        .map(argument -> argument.replaceFirst("(?s)=.*", ""))
        .filter(name -> !command.optionsMap().containsKey(name))
        .filter(name -> !command.negatedOptionsMap().containsKey(name))
        .findFirst()
        .<ParameterException>map(
            name -> new UnmatchedArgumentException(wrong.getCommandLine(), List.of(name)))
        .orElse(wrong);
  }

  /** One line, with the nearest option or command where one was mistyped. */
  private static int wrongUsage(ParameterException wrong) {
    CommandLine line = wrong.getCommandLine();
    List<String> near =
        wrong instanceof UnmatchedArgumentException unmatched
            ? unmatched.getSuggestions()
            : List.of();
    line.getErr()
        .printf(
            "error: %s%s%n",
            TextNorm.escaped(
                wrong
                    .getMessage()
                    .replaceAll("\\s*\\R\\s*", " ")
                    .replaceAll("is not an? (int|long)\\b", "is not a whole number")
                    .replaceAll("is not a (double|float)\\b", "is not a number")),
            near.isEmpty()
                ? " (see '%s --help')".formatted(line.getCommandSpec().qualifiedName())
                : ": did you mean %s?".formatted(near.getFirst()));
    line.getErr().flush();
    return UserException.Kind.WRONG_USAGE.exitCode();
  }

  /** Turns {@code --set k=v} and {@code --set=k=v} into {@code --k=v}. */
  static List<String> expandSettings(List<String> args) {
    List<String> expanded = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (arg.startsWith("--set=")) {
        expanded.add(setting(arg.substring("--set=".length())));
      } else if (arg.equals("--set")) {
        if (i + 1 == args.size() || !args.get(i + 1).contains("=")) {
          throw UserException.usage("--set needs key=value, for example --set epochs=3");
        }
        while (i + 1 < args.size() && isSetting(args.get(i + 1))) {
          expanded.add(setting(args.get(++i)));
        }
      } else {
        expanded.add(arg);
      }
    }
    return expanded;
  }

  private static boolean isSetting(String arg) {
    return !arg.startsWith("-") && arg.contains("=");
  }

  private static String setting(String keyAndValue) {
    if (!keyAndValue.contains("=")) {
      throw UserException.usage("--set needs key=value but got '" + keyAndValue + "'");
    }
    return "--" + keyAndValue;
  }

  private static Optional<Path> configFile(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      if (args.get(i).startsWith("--config=")) {
        return Optional.of(Path.of(args.get(i).substring("--config=".length())));
      }
      if (args.get(i).equals("--config") && i + 1 < args.size()) {
        return Optional.of(Path.of(args.get(i + 1)));
      }
    }
    return Optional.empty();
  }

  /** The subcommand that the arguments name, or the command itself. */
  private static CommandLine addressed(CommandLine line, List<String> args) {
    CommandLine current = line;
    for (String arg : args) {
      CommandLine next = current.getSubcommands().get(arg);
      if (next != null) {
        current = next;
      }
    }
    return current;
  }

  /** A group of commands. */
  public abstract static class Group implements Runnable {

    @Spec private CommandSpec spec;

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public final void run() {
      throw UserException.usage(
          "%s needs one of %s; see '%s --help'"
              .formatted(
                  spec.name(),
                  String.join(", ", spec.subcommands().keySet()),
                  spec.qualifiedName()));
    }
  }

  /** Option values from a YAML file whose keys are the long option names without the dashes. */
  static final class YamlDefaults implements IDefaultValueProvider {

    /** Options are some kilobytes, and parsing a text takes its length squared. */
    private static final int MOST_BYTES = 1 << 20;

    /** Separates the values of options whose values may hold commas. */
    private static final String LINES = "\n";

    private final Path file;
    private final Map<String, Given> values;

    private record Given(String place, List<String> texts) {}

    private YamlDefaults(Path file, Map<String, Given> values) {
      this.file = file;
      this.values = Map.copyOf(values);
    }

    /**
     * Reads {@code file}.
     *
     * @throws UserException (wrong usage) when it is missing, is too large, is not YAML, nests
     *     lists or objects, or has an alias
     */
    static YamlDefaults read(Path file) {
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MOST_BYTES + 1);
      } catch (IOException e) {
        throw UserException.usage("--config " + file + ": no such readable file");
      }
      if (bytes.length > MOST_BYTES) {
        throw UserException.usage(
            "--config " + file + ": has more than 1 MB; it holds options as 'name: value' only");
      }
      Map<String, Given> values = new LinkedHashMap<>();
      try (YAMLParser parser = (YAMLParser) Json.yaml().createParser(bytes)) {
        if (parser.nextToken() == null) {
          return new YamlDefaults(file, values);
        }
        if (parser.currentToken() != JsonToken.START_OBJECT) {
          throw UserException.usage(
              place(file, parser) + ": must hold options as 'name: value', one per line");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String key = parser.currentName();
          parser.nextToken();
          values.put(key, new Given(place(file, parser), texts(file, key, parser)));
        }
        if (parser.nextToken() != null) {
          throw UserException.usage(place(file, parser) + ": a second document; write only one");
        }
      } catch (JacksonException e) {
        throw UserException.usage("--config " + file + ": not YAML: " + firstLine(e));
      }
      return new YamlDefaults(file, values);
    }

    private static String place(Path file, YAMLParser parser) {
      return "--config %s:%d".formatted(file, parser.currentTokenLocation().getLineNr());
    }

    private static String firstLine(JacksonException e) {
      return e.getOriginalMessage().lines().findFirst().orElse("unreadable")
          + " (line "
          + (e.getLocation() == null ? "unknown" : e.getLocation().getLineNr())
          + ")";
    }

    private static List<String> texts(Path file, String key, YAMLParser parser) {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        return List.of(text(file, key, parser));
      }
      List<String> texts = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        texts.add(text(file, key, parser));
      }
      return texts;
    }

    private static String text(Path file, String key, YAMLParser parser) {
      if (parser.isCurrentAlias()) {
        throw UserException.usage(
            "%s: '%s' is an alias (*%s), which is not read; write the value"
                .formatted(place(file, parser), key, parser.getString()));
      }
      if (!parser.currentToken().isScalarValue()) {
        throw UserException.usage(
            "%s: '%s' must be a value or a list of values; a map is [key=value, ...]"
                .formatted(place(file, parser), key));
      }
      return ((JsonNode) parser.readValueAsTree()).asString();
    }

    /**
     * Refuses keys that are no option of {@code command}.
     *
     * @throws UserException (wrong usage) naming the key and the nearest known one
     */
    void requireKnownKeys(CommandLine command) {
      List<String> known =
          command.getCommandSpec().options().stream()
              .map(YamlDefaults::key)
              .filter(key -> !key.equals("config") && !key.equals("set"))
              .toList();
      for (OptionSpec option : command.getCommandSpec().options()) {
        Given given = values.get(key(option));
        if (given != null && given.texts().size() > 1 && option.splitRegex().isEmpty()) {
          throw UserException.usage(
              "%s: '%s' must be one value, not a list".formatted(given.place(), key(option)));
        }
      }
      for (String key : values.keySet()) {
        if (!known.contains(key)) {
          String nearest = JsonFields.didYouMean(key, known, "");
          throw UserException.usage("--config " + file + ": unknown key '" + key + "'" + nearest);
        }
      }
    }

    @Override
    public String defaultValue(ArgSpec arg) {
      Given given = arg instanceof OptionSpec option ? values.get(key(option)) : null;
      if (given == null) {
        return null;
      }
      return String.join(arg.splitRegex().equals(LINES) ? LINES : ",", given.texts());
    }

    private static String key(OptionSpec option) {
      return option.longestName().replaceFirst("^-+", "");
    }
  }
}
