package dev.repartee.text.privacy;

import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Alternatives that patterns of several kinds share, in lower case. */
final class Vocabulary {

  static final String MONTH_WORDS =
      "january|jan|february|feb|march|mar|april|apr|may|june|jun|july|jul|august|aug|september|sept"
          + "|sep|october|oct|november|nov|december|dec"
          + "|okt|dez|mrt|dic|ott|ene|abr|giu|lug|augusti|augustus|januari|februari|maart"
          + "|januar|februar|märz|mai|juni|juli|oktober|dezember"
          + "|janvier|février|fevrier|mars|avril|juin|juillet|août|aout|septembre|octobre|novembre"
          + "|décembre|decembre"
          + "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre"
          + "|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre"
          + "|janeiro|fevereiro|março|maio|junho|julho|setembro|outubro|novembro|dezembro";

  static final String MONTH = "(?:" + MONTH_WORDS + ")";

  /** A number of 1 to 12 in words. */
  static final String HOUR = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)";

  static final String NUMBER =
      "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
          + "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|fourty|forty|fifty|sixty|seventy"
          + "|eighty|ninety|hundred|thousand|million)";

  static final String ORDINAL =
      "(?:(?:twenty|thirty)[- ]?)?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth"
          + "|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth"
          + "|eighteenth|nineteenth|twentieth|thirtieth)";

  private static final Pattern SEPARATOR = Pattern.compile("[\\s|]+");

  private Vocabulary() {}

  /** The words of a list that blanks or bars separate. */
  static Set<String> words(String list) {
    return SEPARATOR.splitAsStream(list.strip()).collect(Collectors.toUnmodifiableSet());
  }
}
