package dev.repartee.text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    Files.writeString(yaml, "epochs: [3, 4]\n");
    assertThat(Cli.run(new Train(), "--config", yaml.toString())).isEqualTo(2);
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

  @Command(name = "tools", subcommands = Train.class, mixinStandardHelpOptions = true)
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
          train --epochs x | error: Invalid value for option '--epochs': 'x' is not an int \
          (see 'tools train --help')
          trian | error: Unmatched argument at index 0: 'trian': did you mean train?
          """)
  void aWrongOptionIsOneLine(String arguments, String expected) {
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(printed, true, UTF_8));
      assertThat(Cli.run(new Tools(), arguments.split(" "))).isEqualTo(2);
    } finally {
      System.setErr(err);
    }
    assertThat(printed.toString(UTF_8)).isEqualTo(expected + System.lineSeparator());
  }
}
