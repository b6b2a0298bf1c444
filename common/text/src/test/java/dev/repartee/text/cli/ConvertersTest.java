package dev.repartee.text.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertersTest {

  @ParameterizedTest
  @CsvSource({"0,0", "60ms,60", "10s,10000", "2m,120000", "1h,3600000", "90d,7776000000"})
  void durations(String text, long milliseconds) {
    assertThat(new DurationConverter().convert(text)).isEqualTo(Duration.ofMillis(milliseconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10", "10 s", "-1s", "1.5h", "1w", ""})
  void noDurations(String text) {
    assertThatThrownBy(() -> new DurationConverter().convert(text))
        .hasMessageContaining("'" + text + "' must be a whole number with d, h, m, s or ms");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "100B,100", "64KiB,65536", "256MiB,268435456", "1GiB,1073741824"})
  void sizes(String text, long bytes) {
    assertThat(new SizeConverter().convert(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1024", "1GB", "1 GiB", "-1MiB", "gib"})
  void noSizes(String text) {
    assertThatThrownBy(() -> new SizeConverter().convert(text))
        .hasMessageContaining("'" + text + "' must be a whole number with B, KiB, MiB");
  }
}
