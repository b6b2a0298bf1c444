package dev.repartee.serving.assist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.testing.Npm;
import dev.repartee.text.testing.Tools;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long the element waits before it asks, without a browser: Node.js runs it. */
@Timeout(60)
class RhythmTest {

  private static final String SETTING =
      """
      const { Rhythm } = await import(process.argv[1]);
      const rhythm = new Rhythm();
      let now = 0;
      const type = (gap, keys = 20) => { for (let i = 0; i < keys; i++) rhythm.typed(now += gap); };
      const answer = (ms, times = 10) => { for (let i = 0; i < times; i++) rhythm.answered(ms); };
      SCRIPT
      console.log(rhythm.delay);
      """;

  @TempDir private Path folder;

  @BeforeAll
  static void node() {
    Tools.need(Tools.has("node"), "node is missing: apt-get install nodejs");
  }

  /** In milliseconds. */
  private int delay(String script) {
    return Integer.parseInt(
        Npm.succeeds(
                folder,
                "node",
                "--input-type=module",
                "--eval",
                SETTING.replace("SCRIPT", script),
                Npm.ASSIST.resolve("repartee-assist.js").toUri().toString())
            .lines()
            .toList()
            .getLast());
  }

  @ParameterizedTest
  @CsvSource({
    "60, 20, 0",
    "60, 150, 0",
    "60, 600, 120",
    "120, 600, 0",
    "120, 800, 240",
    "200, 2000, 300",
    "400, 600, 0"
  })
  void whoTypesFasterThanTheServiceAnswersIsAskedInAPause(int gap, int answers, int expected) {
    assertThat(delay("type(%d); answer(%d);".formatted(gap, answers))).isEqualTo(expected);
  }

  @Test
  void asksAtOnceBeforeItKnowsEither() {
    assertThat(delay("")).isZero();
  }

  @Test
  void theNewestCount() {
    assertThat(delay("type(60); answer(600); answer(20, 3);")).isZero();
    assertThat(delay("type(300); answer(600); type(60, 8);")).isEqualTo(120);
  }

  @Test
  void aRestAndAnExpandedAbbreviationAreNoRhythm() {
    assertThat(delay("type(60); type(3000); type(1); answer(600);")).isEqualTo(120);
  }
}
