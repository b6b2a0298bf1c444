package dev.repartee.text.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 64KiB}, {@code 512MiB}, {@code 2GiB}, {@code 100B} or {@code 0} as bytes. */
public final class SizeConverter implements ITypeConverter<Long> {

  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9})([KMGT]i)?B");

  @Override
  public Long convert(String text) {
    if (text.equals("0")) {
      return 0L;
    }
    Matcher amount = AMOUNT.matcher(text);
    if (!amount.matches()) {
      throw new TypeConversionException(
          "'" + text + "' must be a whole number with B, KiB, MiB, GiB or TiB, such as 512MiB");
    }
    long number = Long.parseLong(amount.group(1));
    return switch (amount.group(2)) {
      case "Ki" -> number << 10;
      case "Mi" -> number << 20;
      case "Gi" -> number << 30;
      case "Ti" -> number << 40;
      case null, default -> number;
    };
  }
}
