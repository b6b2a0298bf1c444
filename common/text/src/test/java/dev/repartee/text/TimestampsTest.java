package dev.repartee.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimestampsTest {

  @ParameterizedTest
  @CsvSource({
    "2024-03-01T10:20:30Z, 2024-03-01T10:20:30Z",
    "2024-03-01T10:20:30.25+02:00, 2024-03-01T08:20:30.25Z",
    "2024-03-01T10:20:30+0200, 2024-03-01T08:20:30Z",
    "2024-03-01T10:20:30-05, 2024-03-01T15:20:30Z",
    "2024-03-01 10:20:30, 2024-03-01T10:20:30Z",
    "2024-03-01T10:20, 2024-03-01T10:20:00Z",
    "2024-03-01, 2024-03-01T00:00:00Z",
    "1709288430, 2024-03-01T10:20:30Z",
    "1709288430.5, 2024-03-01T10:20:30.5Z",
    "1709288430500, 2024-03-01T10:20:30.5Z",
    "1709288430500000, 2024-03-01T10:20:30.5Z",
    "2024-03-01 10:20:30 UTC, 2024-03-01T10:20:30Z",
    "2024-03-01 10:20:30 +0200, 2024-03-01T08:20:30Z",
    "'Fri, 01 Mar 2024 10:20:30 GMT', 2024-03-01T10:20:30Z",
    "'Fri, 1 Mar 2024 10:20:30 +0100', 2024-03-01T09:20:30Z",
    "1 mar 2024 10:20 -0500, 2024-03-01T15:20:00Z",
    "01.03.2024 10:20, 2024-03-01T10:20:00Z",
    "'1.3.2024, 9:20:30', 2024-03-01T09:20:30Z",
    "01.03.2024, 2024-03-01T00:00:00Z",
    "2024/03/01 10:20, 2024-03-01T10:20:00Z",
    "0, 1970-01-01T00:00:00Z",
    "-1.5, 1969-12-31T23:59:58.5Z",
  })
  void isoAndEpoch(String text, String instant) {
    assertThat(Timestamps.instant("timestamp", text)).isEqualTo(Instant.parse(instant));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yesterday",
        "01/03/2024",
        "2024-13-01",
        "2024-03-01T10:20:30 CET",
        "10:20",
        " ",
        "1709288430500000000"
      })
  void anythingElseIsRefusedWithWhatIsAllowed(String text) {
    assertThatThrownBy(() -> Timestamps.instant("timestamp", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "timestamp must be ISO-8601, RFC 1123, dd.MM.yyyy HH:mm, or seconds, milli- or"
                + " microseconds since 1970, but is '"
                + text
                + "'");
  }
}
