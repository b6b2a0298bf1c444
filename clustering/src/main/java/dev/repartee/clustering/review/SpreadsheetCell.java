package dev.repartee.clustering.review;

import java.util.regex.Pattern;

/**
 * Keeps spreadsheets from running what customers or agents wrote: a cell that would be taken for a
 * formula gets an apostrophe in front. Texts that have one already get another, so that reading
 * gives back what was written.
 */
final class SpreadsheetCell {

  private static final Pattern FORMULA = Pattern.compile("(?s)'*[=+\\-@\\t\\r].*");
  private static final Pattern GUARDED = Pattern.compile("(?s)'+[=+\\-@\\t\\r].*");

  private SpreadsheetCell() {}

  static String guard(String text) {
    return FORMULA.matcher(text).matches() ? "'" + text : text;
  }

  static String unguard(String cell) {
    return GUARDED.matcher(cell).matches() ? cell.substring(1) : cell;
  }
}
