package dev.repartee.text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.ConsoleAppender;
import dev.repartee.text.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class CliTest {

  @Command(name = "train", mixinStandardHelpOptions = true)
  static final class Train implements Callable<Integer> {
    @Option(names = "--epochs", defaultValue = "1")
    private int epochs;

    @Option(names = "--files", split = ",")
    private List<Path> files = List.of();

    @Option(names = "--phrases", split = "\n")
    private List<String> phrases = List.of();

    @Override
    public Integer call() {
      if (epochs < 0) {
        throw new UserException("epochs must be at least 0 but is " + epochs);
      }
      return 100 + epochs + files.size() + 10 * phrases.size();
    }
  }

  @TempDir private Path folder;
  private Path yaml;

  @BeforeEach
  void setUp() {
    yaml = folder.resolve("run.yaml");
  }

  @Test
  void defaultsThenFileThenCommandLine() throws IOException {
    Files.writeString(yaml, "epochs: 3\nfiles: [a, b]\n");
    assertThat(Cli.run(new Train())).isEqualTo(101);
    assertThat(Cli.run(new Train(), "--config", yaml.toString())).isEqualTo(105);
    assertThat(Cli.run(new Train(), "--config=" + yaml, "--epochs", "7")).isEqualTo(109);
    assertThat(Cli.run(new Train(), "--set", "epochs=5", "files=x,y")).isEqualTo(107);
  }

  @Test
  void aListIsForOptionsThatTakeSeveralValues() throws IOException {
    Files.writeString(yaml, "phrases: ['a, b', 'c, d']\nepochs: [3]\n");
    assertThat(Cli.run(new Train(), "--config", yaml.toString())).isEqualTo(123);
    Files.writeString(yaml, "files: a\nepochs: [3, 4]\n");
    assertThat(error(new Train(), "--config", yaml.toString()))
        .startsWith("error: --config " + yaml + ":2: 'epochs' must be one value, not a list");
    Files.writeString(yaml, "epochs: many\n");
    assertThat(error(new Train(), "--config", yaml.toString()))
        .contains("'--epochs': 'many' is not a whole number");
  }

  @Test
  void unknownKeyNamesTheNearestKnownOne() throws IOException {
    Files.writeString(yaml, "epoch: 3\n");
    Cli.YamlDefaults defaults = Cli.YamlDefaults.read(yaml);
    assertThatThrownBy(() -> defaults.requireKnownKeys(new picocli.CommandLine(new Train())))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("unknown key 'epoch'; did you mean 'epochs'?");
    assertThat(Cli.run(new Train(), "--config", yaml.toString())).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          files: [a, [b, c]] | :2: 'files' must be a value or a list of values
          files: [a, {b: c}] | :2: 'files' must be a value or a list of values
          files: {b: c} | :2: 'files' must be a value or a list of values; a map is [key=value, ...]
          files: [&x a, *x] | :2: 'files' is an alias (*x), which is not read
          epochs: *x | :2: 'epochs' is an alias (*x), which is not read
          epochs: 1#epochs: 2 | ': not YAML: Duplicate Object property "epochs" (line 3)'
          epochs: 1#---#epochs: 2 | :4: a second document; write only one
          - epochs | :2: must hold options as 'name: value'
          """)
  void nestedListsAndAliasesOfAConfigAreRefused(String content, String expected)
      throws IOException {
    Files.writeString(yaml, "# options\n" + content.replace('#', '\n') + "\n");
    assertThatThrownBy(() -> Cli.YamlDefaults.read(yaml))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("--config " + yaml + expected);
  }

  /** A value of 20 MB took 40 seconds. */
  @Test
  void aConfigHasAMegabyteAtMost() throws IOException {
    Files.writeString(yaml, "phrases: " + "x".repeat(1 << 20) + "\n");
    assertThatThrownBy(() -> Cli.YamlDefaults.read(yaml))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("has more than 1 MB");
    Files.writeString(yaml, "# nothing\n");
    assertThat(Cli.run(new Train(), "--config", yaml.toString())).isEqualTo(101);
  }

  /** Escape sequences and marks that turn the writing round could show another error. */
  @Test
  void errorsHoldNoControlCharacters() {
    assertThat(error(new Train(), "--epochs", "\u001b[2Jx\u202e\u0007y"))
        .contains("'\\u001b[2Jx\\u202e\\u0007y'")
        .doesNotContainPattern("[\\p{Cc}\\u2028\\u202e&&[^\\r\\n]]");
    assertThat(error(new Train(), "--config", "a\u001b]0;b\u0007\u2066.yaml"))
        .startsWith("error: --config a\\u001b]0;b\\u0007\\u2066.yaml: no such");
  }

  @Test
  void theLogHoldsNoControlCharacters() {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    ConsoleAppender<?> appender =
        (ConsoleAppender<?>) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("stderr");
    try {
      System.setErr(new PrintStream(printed, true, UTF_8));
      appender.stop();
      appender.start();
      LoggerFactory.getLogger(CliTest.class).warn("name {}", "\u001b[31m\u202ea\nb\u009b");
    } finally {
      System.setErr(err);
      appender.stop();
      appender.start();
    }
    assertThat(printed.toString(UTF_8))
        .endsWith("WARN  name \\u001b[31m\\u202ea\n  b\\u009b" + System.lineSeparator());
  }

  private static String error(Object command, String... arguments) {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(printed, true, UTF_8));
      assertThat(Cli.run(command, arguments)).isEqualTo(2);
    } finally {
      System.setErr(err);
    }
    return printed.toString(UTF_8);
  }

  @Command(name = "check", mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {
    @Option(names = "--conversations", required = true, arity = "1..*")
    private List<Path> files = List.of();

    @Override
    public Integer call() {
      return files.size();
    }
  }

  @Command(
      name = "tools",
      subcommands = {Train.class, Check.class},
      mixinStandardHelpOptions = true)
  static final class Tools {}

  @ParameterizedTest
  @ValueSource(strings = {"-V", "train -V", "train --version"})
  void versionIsPrintedByEveryCommand(String arguments) {
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(printed, true, UTF_8));
      assertThat(Cli.run(new Tools(), arguments.split(" "))).isZero();
    } finally {
      System.setOut(out);
    }
    assertThat(printed.toString(UTF_8)).matches("repartee \\S+\\R");
  }

  @Test
  void exitCodes() {
    assertThat(Cli.run(new Train(), "--epochs", "-1")).isEqualTo(1);
    assertThat(Cli.run(new Train(), "--epochs", "many")).isEqualTo(2);
    assertThat(Cli.run(new Train(), "--config", "nowhere.yaml")).isEqualTo(2);
    assertThat(Cli.run(new Train(), "--set", "epochs")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          train --epoch 3 | error: Unknown options: '--epoch', '3': did you mean --epochs?
          train --epochs x | error: Invalid value for option '--epochs': 'x' is not a whole number \
          (see 'tools train --help')
          check --conversation x | error: Unknown option: '--conversation': did you mean --conversations?
          check | error: Missing required option: '--conversations=<files>' (see 'tools check --help')
          trian | error: Unmatched argument at index 0: 'trian': did you mean train?
          """)
  void aWrongOptionIsOneLine(String arguments, String expected) {
    assertThat(error(new Tools(), arguments.split(" ")))
        .isEqualTo(expected + System.lineSeparator());
  }
}
