package dev.repartee.finetune.conversations;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.CsvLayout.TimeFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether days or months come first in dates with slashes or dashes, such as 03/04/2026. One value
 * that can only be read in one way decides for all; without one the user must.
 */
final class DateOrder {

  private static final Pattern DATE =
      Pattern.compile(
          "(\\d{1,2})([/-])(\\d{1,2})\\2(\\d{4}|\\d{2})(?:(,? )(\\d{1,2}):\\d{2}(:\\d{2})?("
              + " ?)([AaPp][Mm])?)?");

  private static final int MONTHS = 12;

  /** So many values that are written otherwise show that a file has none of these dates. */
  private static final int ENOUGH = 1000;

  private final Set<String> shapes = new LinkedHashSet<>(); // with %1$s and %2$s for day and month
  private Optional<String> dayFirst = Optional.empty();
  private Optional<String> monthFirst = Optional.empty();
  private Optional<String> unclear = Optional.empty();
  private boolean others;
  private int seen; // other values

  /** Adds a value, and returns whether more can matter. */
  boolean add(String value) {
    Matcher date = DATE.matcher(value);
    if (!date.matches()) {
      others |= !value.isBlank();
      seen++;
      return seen < ENOUGH || !shapes.isEmpty();
    }
    int first = Integer.parseInt(date.group(1));
    int second = Integer.parseInt(date.group(3));
    if (first > MONTHS) {
      dayFirst = dayFirst.or(() -> Optional.of(value));
    } else if (second > MONTHS) {
      monthFirst = monthFirst.or(() -> Optional.of(value));
    } else if (first != second) {
      unclear = unclear.or(() -> Optional.of(value));
    }
    StringBuilder shape = new StringBuilder("%1$s" + date.group(2) + "%2$s" + date.group(2));
    shape.append(date.group(4).length() == 4 ? "yyyy" : "yy");
    if (date.group(6) != null) {
      boolean half = date.group(9) != null;
      shape.append(date.group(5)).append(half ? "h:mm" : "H:mm");
      shape.append(date.group(7) == null ? "" : ":ss").append(half ? date.group(8) + "a" : "");
    }
    shapes.add(shape.toString());
    return true;
  }

  /**
   * The formats of the values; none if they are not such dates.
   *
   * @param column for the message
   * @throws UserException naming {@code --time-format} where no value decides, or two contradict
   */
  List<TimeFormat> formats(String column) {
    if (shapes.isEmpty()) {
      return List.of();
    }
    if (dayFirst.isPresent() && monthFirst.isPresent()) {
      throw UserException.usage(
          "%s: '%s' has the day first and '%s' the month; import files that are written differently one by one, each with --time-format"
              .formatted(column, dayFirst.get(), monthFirst.get()));
    }
    if (dayFirst.isEmpty() && monthFirst.isEmpty() && unclear.isPresent()) {
      String shape = shapes.iterator().next();
      throw UserException.usage(
          "%s: '%s' may have the day or the month first, and no other value decides; add --time-format '%s' or '%s'"
              .formatted(
                  column, unclear.get(), shape.formatted("d", "M"), shape.formatted("M", "d")));
    }
    if (others) {
      throw UserException.usage(
          "%s: some times are written as '%s' and some in another way; name all ways with --time-format"
              .formatted(
                  column, dayFirst.or(() -> monthFirst).or(() -> unclear).orElse("1/1/2026")));
    }
    boolean days = monthFirst.isEmpty();
    return shapes.stream()
        .map(shape -> TimeFormat.of(days ? shape.formatted("d", "M") : shape.formatted("M", "d")))
        .toList();
  }
}
