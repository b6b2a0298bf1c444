package dev.repartee.text.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 90d}, {@code 24h}, {@code 30m}, {@code 10s}, {@code 60ms} or {@code 0}. */
public final class DurationConverter implements ITypeConverter<Duration> {

  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})(ms|[dhms])");

  @Override
  public Duration convert(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      throw new TypeConversionException(
          "'" + text + "' must be a whole number with d, h, m, s or ms, such as 90d or 12h");
    }
    long number = Long.parseLong(amount.group(1));
    return switch (amount.group(2)) {
      case "d" -> Duration.ofDays(number);
      case "h" -> Duration.ofHours(number);
      case "m" -> Duration.ofMinutes(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMillis(number);
    };
  }
}
