package dev.repartee.text;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reads the times of tables. */
public final class Timestamps {

  private static final Pattern EPOCH = Pattern.compile("-?\\d{1,18}(\\.\\d+)?");

  /** From here on a number is milliseconds: as seconds it would lie after the year 5138. */
  private static final BigDecimal LEAST_MILLIS = BigDecimal.valueOf(100_000_000_000L);

  /** From here on a number is microseconds, by the same reasoning. */
  private static final BigDecimal LEAST_MICROS = BigDecimal.valueOf(100_000_000_000_000L);

  /** From here on a number is refused: it may be nanoseconds. */
  private static final BigDecimal LIMIT_MICROS = BigDecimal.valueOf(100_000_000_000_000_000L);

  private static final DateTimeFormatter ISO =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .appendPattern("[ ][XXX][XX][X]")
          .toFormatter();

  /** As mails write it; the weekday and the seconds may be missing. */
  private static final DateTimeFormatter MAIL =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("[EEE, ]d MMM yyyy H:mm[:ss] [XX][z]")
          .toFormatter(Locale.US);

  /** Nobody writes the month first before dots, or the year first and the day second. */
  private static final DateTimeFormatter NUMBERS =
      new DateTimeFormatterBuilder()
          .appendPattern("[d.M.uuuu][uuuu/M/d][,][ ][H:mm[:ss]]")
          .toFormatter(Locale.ROOT);

  private Timestamps() {}

  /** As {@link #instant(String, String, ZoneId)}, in UTC. */
  public static Instant instant(String field, String text) {
    return instant(field, text, ZoneOffset.UTC);
  }

  /**
   * The instant of a timestamp: ISO-8601 (a blank may stand for the {@code T}; a date alone is its
   * midnight), RFC 1123 as in mails, day, month and year before dots, year, month and day before
   * slashes, or seconds, milliseconds or microseconds since 1970, distinguished by size.
   *
   * @param field for the message
   * @param zone of times without an offset
   * @throws IllegalArgumentException when it is none of these
   */
  public static Instant instant(String field, String text, ZoneId zone) {
    String stripped = text.strip();
    try {
      return EPOCH.matcher(stripped).matches() ? epoch(stripped) : written(stripped, zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "%s must be ISO-8601, RFC 1123, dd.MM.yyyy HH:mm, or seconds, milli- or microseconds since 1970, but is '%s'"
              .formatted(field, text),
          e);
    }
  }

  private static Instant epoch(String number) {
    BigDecimal value = new BigDecimal(number);
    if (value.abs().compareTo(LIMIT_MICROS) >= 0) {
      throw new DateTimeException("out of range");
    }
    boolean micros = value.abs().compareTo(LEAST_MICROS) >= 0;
    boolean millis = value.abs().compareTo(LEAST_MILLIS) >= 0;
    BigDecimal nanos = value.movePointRight(micros ? 3 : millis ? 6 : 9);
    BigDecimal[] parts = nanos.divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
    return Instant.ofEpochSecond(parts[0].longValue(), parts[1].longValue());
  }

  private static Instant written(String text, ZoneId zone) {
    if (text.isEmpty()) {
      throw new DateTimeException("blank");
    }
    if (Character.isLetter(text.charAt(0)) || text.indexOf(' ') == 1 || text.indexOf(' ') == 2) {
      return ZonedDateTime.from(MAIL.parse(text)).toInstant();
    }
    boolean iso = text.length() >= 10 && text.charAt(4) == '-';
    boolean blank = iso && text.length() > 10 && text.charAt(10) == ' ';
    String joined = blank ? text.substring(0, 10) + "T" + text.substring(11) : text;
    return instant(iso ? ISO : NUMBERS, joined.replaceFirst(" (?:UTC|GMT)$", "Z"), zone);
  }

  /**
   * The instant of a text in a format; a date alone is its midnight.
   *
   * @param zone of times without an offset
   * @throws DateTimeException when it is not in this format
   */
  public static Instant instant(DateTimeFormatter format, String text, ZoneId zone) {
    TemporalAccessor parsed =
        format.parseBest(
            text, ZonedDateTime::from, Instant::from, LocalDateTime::from, LocalDate::from);
    return switch (parsed) {
      case ZonedDateTime time -> time.toInstant();
      case Instant time -> time;
      case LocalDateTime time -> time.atZone(zone).toInstant();
      default -> LocalDate.from(parsed).atStartOfDay(zone).toInstant();
    };
  }
}
