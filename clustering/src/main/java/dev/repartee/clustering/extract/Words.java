package dev.repartee.clustering.extract;

import dev.repartee.text.page.Quantities;

/** Numbers with what they count. */
final class Words {

  private Words() {}

  /** Such as {@code 1 answer} or {@code 1,426 answers}. */
  static String count(long number, String what) {
    return Quantities.count(number) + " " + what + (number == 1 ? "" : "s");
  }

  /** A share of 0 to 1 as {@code 42.0%}, small ones as {@code 0.03%}. */
  static String share(double share) {
    return share > 0 && share < 0.001
        ? Quantities.decimals(100 * share, 2) + "%"
        : Quantities.percent(share);
  }

  /** {@code text}, cut to about so many characters at a blank. */
  static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int cut = text.lastIndexOf(' ', most);
    int end = cut > most / 2 ? cut : text.offsetByCodePoints(0, text.codePointCount(0, most - 1));
    return text.substring(0, end) + "\u2026";
  }
}
