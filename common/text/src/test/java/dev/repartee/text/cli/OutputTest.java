package dev.repartee.text.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class OutputTest {

  @Command(name = "count")
  static final class Count implements Callable<Integer> {
    @Mixin private Output output;

    private boolean informs;

    @Override
    public Integer call() {
      informs = LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME).isInfoEnabled();
      output.print(Map.of("count", 3), List.of("counted to 3"));
      return 0;
    }
  }

  @Command(name = "outline")
  static final class Outline implements Callable<Integer> {
    @Mixin private Output output;

    @Override
    public Integer call() {
      output.print(Map.of("all_words", Map.of("count", 3)), "");
      return 0;
    }
  }

  private static String printed(Object command, String... args) {
    PrintStream out = System.out;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(bytes, true, UTF_8));
      assertThat(Cli.run(command, args)).isZero();
    } finally {
      System.setOut(out);
    }
    return bytes.toString(UTF_8).strip();
  }

  @Test
  void jsonAndTextCanBeChosen() {
    assertThat(printed(new Count(), "--json")).startsWith("{").contains("\"count\"");
    assertThat(printed(new Count(), "--no-json")).isEqualTo("counted to 3");
    assertThat(printed(new Outline(), "--no-json"))
        .isEqualTo("all words:" + System.lineSeparator() + "  count: 3");
  }

  @Test
  void quietTurnsProgressOff() {
    Count quiet = new Count();
    printed(quiet, "--quiet");
    assertThat(quiet.informs).isFalse();
    Count usual = new Count();
    printed(usual);
    assertThat(usual.informs).isTrue();
  }

  @Test
  void progressIsDrawnOnlyWhereALineCanBeDrawnAgain() throws InterruptedException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    try (ProgressLine plain = new ProgressLine("copy", "files", new PrintStream(file), false);
        ProgressLine drawn = new ProgressLine("copy", "files", new PrintStream(terminal), true)) {
      plain.stepTo(1, 4);
      drawn.stepTo(1, 4);
      Thread.sleep(800);
    }
    assertThat(file.toString(UTF_8)).isEmpty();
    assertThat(terminal.toString(UTF_8)).contains("\rcopy [======", "1 of 4 files");
  }
}
