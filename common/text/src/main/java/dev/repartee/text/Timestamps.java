package dev.repartee.text;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.regex.Pattern;

/** Reads the times of tables. */
public final class Timestamps {

  private static final Pattern EPOCH = Pattern.compile("-?\\d{1,18}(\\.\\d+)?");

  /** From here on a number is milliseconds: as seconds it would lie after the year 5138. */
  private static final BigDecimal LEAST_MILLIS = BigDecimal.valueOf(100_000_000_000L);

  /** From here on a number is refused: it may be microseconds. */
  private static final BigDecimal LIMIT_MILLIS = BigDecimal.valueOf(100_000_000_000_000L);

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[XXX][XX][X]")
          .toFormatter();

  private Timestamps() {}

  /** As {@link #instant(String, String, ZoneId)}, in UTC. */
  public static Instant instant(String field, String text) {
    return instant(field, text, ZoneOffset.UTC);
  }

  /**
   * The instant of a timestamp: ISO-8601 (a blank may stand for the {@code T}; a date alone is its
   * midnight), or epoch seconds or milliseconds, told apart by size.
   *
   * @param field for the message
   * @param zone of times without an offset
   * @throws IllegalArgumentException when it is none of these
   */
  public static Instant instant(String field, String text, ZoneId zone) {
    String stripped = text.strip();
    try {
      return EPOCH.matcher(stripped).matches() ? epoch(stripped) : iso(stripped, zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          field + " must be ISO-8601, epoch seconds or epoch milliseconds but is '" + text + "'",
          e);
    }
  }

  private static Instant epoch(String number) {
    BigDecimal value = new BigDecimal(number);
    if (value.abs().compareTo(LIMIT_MILLIS) >= 0) {
      throw new DateTimeException("out of range");
    }
    boolean millis = value.abs().compareTo(LEAST_MILLIS) >= 0;
    BigDecimal nanos = value.movePointRight(millis ? 6 : 9);
    BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
    return Instant.ofEpochSecond(parts[0].longValue(), parts[1].longValue());
  }

  private static Instant iso(String text, ZoneId zone) {
    boolean blank = text.length() > 10 && text.charAt(10) == ' ';
    String joined = blank ? text.substring(0, 10) + "T" + text.substring(11) : text;
    TemporalAccessor parsed =
        ISO.parseBest(joined, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
    return switch (parsed) {
      case OffsetDateTime time -> time.toInstant();
      case LocalDateTime time -> time.atZone(zone).toInstant();
      default -> LocalDate.from(parsed).atStartOfDay(zone).toInstant();
    };
  }
}
