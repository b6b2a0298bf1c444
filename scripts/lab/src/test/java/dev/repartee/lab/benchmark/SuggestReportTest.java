package dev.repartee.lab.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.lab.benchmark.SuggestBenchmarkCommand.Report;
import dev.repartee.lab.benchmark.SuggestTimings.SuggestLine;
import dev.repartee.lab.benchmark.SuggestTimings.Timing;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SuggestReportTest {

  @Test
  void theBestPrecisionIsJudged() {
    String table = report(14, 91, true).table();
    assertThat(line(table, SuggestLine.MESSAGE)).endsWith("reached in INT8");
    assertThat(line(table, SuggestLine.CONTINUATION)).endsWith("missed, best in INT8");
    assertThat(line(table, SuggestLine.CACHED)).doesNotContain("reached", "missed");
  }

  @Test
  void ratiosAreThoseOfPlainDecodingToTheBest() {
    Report report = report(14, 100, true);
    assertThat(report.overContinuation()).isCloseTo(19, within(1e-9));
    assertThat(report.table()).contains("19.0 times a continuation (missed: 20)");
    assertThat(report(14, 50, true).table()).contains("38.0 times a continuation (reached: 20)");
  }

  @Test
  void otherPrecisionsAreReportedWithoutFp32() {
    Report report = new Report(Map.of(Precision.INT8, lines(14, 91)), true);
    assertThat(line(report.table(), SuggestLine.MESSAGE)).endsWith("reached in INT8");
    assertThat(report.table()).doesNotContain("without a cache takes");
    assertThat(report.json()).doesNotContainKey("uncached_over_cached");
  }

  @Test
  void aSmallModelIsNotJudged() {
    assertThat(report(14, 91, false).table()).doesNotContain("reached", "missed");
  }

  @Test
  void medianAndP95() {
    long[] nanos = new long[20];
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] = (20 - i) * 1_000_000L;
    }
    assertThat(Timing.of(nanos)).isEqualTo(new Timing(10.5, 19, 20));
    assertThat(Timing.of(new long[] {3_000_000})).isEqualTo(new Timing(3, 3, 1));
  }

  private static String line(String table, SuggestLine line) {
    return table.lines().filter(text -> text.startsWith(line.text())).findFirst().orElseThrow();
  }

  private static Report report(double message, double continuation, boolean judged) {
    Map<Precision, Map<SuggestLine, Timing>> timings = new EnumMap<>(Precision.class);
    timings.put(Precision.FP32, lines(2 * message, 2 * continuation));
    timings.get(Precision.FP32).put(SuggestLine.UNCACHED, new Timing(1900, 2000, 20));
    timings.put(Precision.INT8, lines(message, continuation));
    return new Report(timings, judged);
  }

  private static Map<SuggestLine, Timing> lines(double message, double continuation) {
    Map<SuggestLine, Timing> lines = new EnumMap<>(SuggestLine.class);
    for (SuggestLine line : SuggestLine.values()) {
      if (line != SuggestLine.UNCACHED) {
        lines.put(line, new Timing(1, 2, 20));
      }
    }
    lines.put(SuggestLine.MESSAGE, new Timing(message, 100, 20));
    lines.put(SuggestLine.CONTINUATION, new Timing(continuation, 200, 20));
    return lines;
  }
}
