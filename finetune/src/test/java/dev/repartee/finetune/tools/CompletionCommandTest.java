package dev.repartee.finetune.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.Display.OperatingPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What bash completes, asked of bash as its Tab key asks it. */
class CompletionCommandTest {

  @TempDir private Path temporary;

  @Command(name = "root")
  private static final class Root {}

  @Command(name = "evaluate")
  @SuppressWarnings("UnusedVariable") // picocli sets them
  private static final class Evaluate {
    @Option(names = "--model")
    private String model;

    @Option(names = "--operating-point")
    private OperatingPoint point;
  }

  @Test
  void commands() throws IOException, InterruptedException {
    assertThat(completed("ev")).isEqualTo("evaluate");
  }

  @Test
  void options() throws IOException, InterruptedException {
    assertThat(completed("evaluate", "--op")).isEqualTo("--operating-point");
  }

  @Test
  void valuesInSmallLetters() throws IOException, InterruptedException {
    assertThat(completed("evaluate", "--operating-point", "")).isEqualTo("eager calm");
  }

  @Test
  void filesWhereNothingElseIsKnown() throws IOException, InterruptedException {
    assertThat(completed("evaluate", "--model", "mo")).isEmpty();
    assertThat(script()).contains("-o default repartee").doesNotContain("compopt +o default");
  }

  private static String script() {
    return CompletionCommand.script(
        new CommandLine(new Root()).addSubcommand(new CommandLine(new Evaluate())));
  }

  /** What the last of these words may become. */
  private String completed(String... words) throws IOException, InterruptedException {
    Path script = Files.writeString(temporary.resolve("completion"), script());
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "bash",
            "-c",
            """
            source "$0"
            COMP_WORDS=(repartee "$@") COMP_CWORD=$#
            _complete_repartee repartee "${COMP_WORDS[$COMP_CWORD]}" "${COMP_WORDS[$#-1]}"
            echo "${COMPREPLY[*]}"
            """,
            script.toString()));
    command.addAll(List.of(words));
    Process bash =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(temporary.resolve("out").toFile())
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    assertThat(bash.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return Files.readString(temporary.resolve("out"), StandardCharsets.UTF_8).strip();
  }
}
