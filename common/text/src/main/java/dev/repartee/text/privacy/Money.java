package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.MONEY;

import java.util.List;

/** Amounts of money, in digits and in words. */
final class Money {

  private static final String AMOUNT =
      "\\d++(?:[,.' ]\\d{3}(?!\\d)|,\\d\\d(?=,\\d))*+(?:[.,]\\d{1,2}(?!\\d))?+(?:[.,]-|/-|-)?+";
  private static final String SCALE =
      "(?: ?(?:k|m|mn|bn|mio)(?![\\p{L}\\p{N}])| (?:hundred|thousand|million|billion|grand|lakhs?|crores?)(?!\\p{L}))?+";
  private static final String SIGN = "[$€£¥₹₩₽₺₫₦₱₴₪฿¢]";
  private static final String CODE =
      "(?:usd|eur|gbp|jpy|cny|rmb|inr|chf|cad|aud|nzd|sgd|hkd|sek|nok|dkk|pln|czk|huf|brl|mxn|zar|aed"
          + "|ils|thb|krw|ngn|kes|btc)";
  private static final String NAME =
      "(?:(?:us |u\\.s\\. |american |canadian |australian |british )?(?:dollars?|bucks?|euros?|pounds?"
          + "(?: sterling)?|quid|cents?|pence|pennies|rupees?|rs|yen|yuan|(?:swiss )?francs?|pesos?|reais"
          + "|kronor|kroner|kr|zł|zloty|dirhams?|riyals?|liras?|shekels?|rubles?|roubles?|rands?|naira"
          + "|grand|"
          + CODE
          + "))";
  private static final String UNIT =
      "(?: ?(?:(?:us|ca|au|nz|hk|mx|br|r)(?=\\$))?"
          + SIGN
          + "(?:us(?![\\p{L}]))?| ?-?"
          + NAME
          + "(?![\\p{L}\\p{N}]))";
  private static final String FREE = "(?<![\\p{L}\\p{N}.,]|\\d-)";

  private Money() {}

  static List<Detector> detectors() {
    return List.of(
        Form.of(
            MONEY,
            Signs.CURRENCY,
            "(?<![\\p{L}\\p{N}])[-+]?(?:(?:us|ca|au|nz|hk|nt|mx|br|jp|cn) ?|[acsr](?=\\$))?"
                + SIGN
                + " ?-?"
                + AMOUNT
                + SCALE
                + "(?: ?-?"
                + NAME
                + "(?![\\p{L}\\p{N}]))?"),
        Form.of(MONEY, Signs.CURRENCY, SIGN + " ?\\.\\d{1,2}(?!\\d)"),
        Form.of(
            MONEY,
            Signs.MONEY_WORD | Signs.CURRENCY,
            "(?<![\\p{L}\\p{N}])(?:"
                + CODE
                + "|rs\\.?|kr\\.?|fr\\.|euros?) ?"
                + AMOUNT
                + SCALE
                + "(?![\\p{L}\\d])"),
        Form.of(
            MONEY,
            Signs.MONEY_WORD | Signs.CURRENCY,
            FREE + AMOUNT + SCALE + UNIT + "(?:(?: and)? \\d{1,2} (?:cents|pence))?+"),
        Form.of(
            MONEY, Signs.MONEY_WORD | Signs.CURRENCY, FREE + "\\d{1,2}p(?![\\p{L}\\p{N}])(?! ?m)"),
        Form.of(
            MONEY,
            Signs.MONEY_WORD,
            "(?<![\\p{L}\\p{N}-])(?:(?:a|half a|a couple)(?: of)? (?:hundred|thousand|million)|"
                + Vocabulary.NUMBER
                + ")(?:(?:[ -]| and | a )"
                + Vocabulary.NUMBER
                + "){0,8}+ "
                + NAME
                + "(?: and "
                + Vocabulary.NUMBER
                + "(?:[ -]"
                + Vocabulary.NUMBER
                + ")? (?:cents|pence))?+(?![\\p{L}\\p{N}])"),
        Form.of(
            MONEY,
            Signs.COST_WORD,
            "\\b(?:cost|costs|price|total|paid|pay|charged?|fee|refund|amount|bill|balance|owe|worth|deposit|spent)"
                + "(?: (?:is|was|of|for|me|you|us|at|only|about|around|exactly)){0,3}+[: ]{1,2}(?<value>\\d{1,9}+[.,]\\d\\d)(?![\\d%]|[.,]\\d)"),
        Form.of(
            MONEY,
            Signs.THREE_DIGITS,
            "(?<![\\p{L}\\p{N}.,$])\\d{1,3}(?:,\\d{3}){1,4}\\.\\d\\d(?!\\d)"));
  }
}
