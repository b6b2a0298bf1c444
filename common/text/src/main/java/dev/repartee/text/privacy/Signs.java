package dev.repartee.text.privacy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a text must show to be worth searching for a kind: most messages show nothing, and a look at
 * each character and word is much cheaper than a pattern.
 */
final class Signs {

  static final int DIGIT = 1;
  static final int THREE_DIGITS = 1 << 1;
  static final int FOUR_DIGITS = 1 << 2;
  static final int SIX_DIGITS = 1 << 3;
  static final int THIRTEEN_DIGITS = 1 << 4;

  /** A letter beside a digit. */
  static final int MIXED = 1 << 5;

  static final int AT = 1 << 6;

  /** A full stop inside a word or a number. */
  static final int INNER_DOT = 1 << 7;

  static final int COLON = 1 << 8;
  static final int SLASH = 1 << 9;
  static final int HASH = 1 << 10;
  static final int CURRENCY = 1 << 11;
  static final int MONTH = 1 << 12;
  static final int CLOCK = 1 << 13;
  static final int MINUTE_WORD = 1 << 14;
  static final int MONEY_WORD = 1 << 15;
  static final int DIGIT_WORD = 1 << 16;
  static final int SPELLED_AT = 1 << 17;
  static final int SPELLED_DOT = 1 << 18;
  static final int CODE_WORD = 1 << 19;
  static final int STREET = 1 << 20;
  static final int NAME_TAIL = 1 << 21;
  static final int BIRTH = 1 << 22;
  static final int ORDINAL_DAY = 1 << 23;
  static final int REFERENCE_WORD = 1 << 24;
  static final int ACCOUNT_WORD = 1 << 25;
  static final int COST_WORD = 1 << 26;

  static final int BANK_CODE = 1 << 27;

  /** What tells that an address follows, or is a part of one. */
  static final int ADDRESS_WORD = 1 << 28;

  static final int RARE_STREET = 1 << 29;
  static final int WEEKDAY = 1 << 30;
  static final int BRACKET = 1 << 31;

  private static final Map<String, Integer> WORDS = new HashMap<>();

  static {
    put(MONTH, Vocabulary.MONTH_WORDS);
    put(
        CLOCK,
        """
        am pm m o'clock oclock clock past quarter half uhr h hrs hours ish kl
        morning evening afternoon night minutes mins""");
    put(MINUTE_WORD, "thirty fifteen forty forty-five thirty-five oh");
    put(
        MONEY_WORD,
        """
        dollar dollars buck bucks euro euros pound pounds quid cent cents penny pennies pence p
        rupee rupees rs yen yuan franc francs fr peso pesos grand reais dirham dirhams riyal riyals
        lira liras shekel shekels ruble rubles rouble roubles rand rands naira kr zł zloty kronor
        kroner sterling usd eur gbp jpy cny rmb inr chf cad aud nzd sgd hkd sek nok dkk pln czk huf
        brl mxn zar aed ils thb krw ngn kes btc""");
    put(DIGIT_WORD, "zero oh o nought one two three four five six seven eight nine double triple");
    put(SPELLED_AT, "at");
    put(SPELLED_DOT, "dot");
    put(
        CODE_WORD,
        """
        order parcel delivery shipment track tracking sendungsnummer code confirmation reference booking reservation pnr locator voucher ticket case number id
        username user login screen password name""");
    put(
        STREET,
        """
        str straße strasse street st avenue ave road rd lane ln drive dr boulevard blvd court ct place pl square sq
        terrace ter way highway hwy parkway pkwy circle cir trail trl close crescent cres row mews
        grove gardens walk alley loop plaza quay rise hill park view broadway bypass pike turnpike
        expressway freeway run path point green wharf parade esplanade route rt piccadilly strand
        markt marktplatz stadtpark bahnhof hang see wald waldrand berg bach kirchberg mühlbach linden
        lindenbaum rathaus anger graben brunnen dorfplatz sportplatz schloss friedhof ufer weiher winkel
        wiesen grund feld tor kirche mühle schule hof garten gärten eichen buchen weinberg sonnenhang
        hafen kanal deich rain acker teich mall whitehall box postfach apartado postale bp gpo bag calle c avenida avda av paseo
        carrer via viale piazza corso rua travessa praça ul ulica al aleja rue bd chemin impasse passage sentier faubourg voie
        allée allee quai cours zip zipcode postcode post postal plz cp""");
    put(
        REFERENCE_WORD,
        """
        order orders ticket tickets case cases booking bookings reservation reservations
        confirmation confirm tracking invoice invoices ref reference incident incidents request
        requests claim claims shipment shipments parcel parcels package packages transaction
        transactions receipt receipts rma pnr record locator voucher coupon promo quote complaint
        complaints purchase po delivery return refund issue job appointment enquiry inquiry flight
        serial model bill awb consignment bestellung bestellnummer pedido commande itinerary
        application sr id code number sendungsnummer vorgangsnummer ticketnummer fall-nr""");
    put(
        ACCOUNT_WORD,
        """
        account accounts acct a acc c iban routing aba swift bic sort sortcode ssn social nino
        national tax tin ein vat passport license licence driver's drivers identity membership
        loyalty reward rewards flyer insurance policy meter subscriber pin passcode student
        employee patient medicare nhs mrn sin contract bank konto kontonummer cuenta compte
        customer client member user imei serial device sim""");
    put(
        COST_WORD,
        """
        cost costs price total paid pay charge charged fee refund amount bill balance owe worth
        deposit spent""");
    put(
        ADDRESS_WORD,
        """
        address adresse anschrift lieferadresse rechnungsadresse street live lives living residing
        residence ship ships shipped shipping deliver delivered delivery send sent moved moving left
        visit pick wohne habite apartment apt unit suite ste flat zimmer floor etage étage stock
        wohnung whg og ug eg piso""");
    put(RARE_STREET, StreetAddresses.RARE_WORDS);
    put(BANK_CODE, "bic swift");
    put(NAME_TAIL, "here speaking joined left");
    put(
        WEEKDAY,
        """
        monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat
        sun montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi
        vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì
        mercoledì giovedì venerdì sabato domenica segunda-feira terça-feira quarta-feira
        quinta-feira sexta-feira maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag
        tisdag onsdag torsdag fredag lördag söndag""");
    put(BIRTH, "born birth dob birthday");
    put(ORDINAL_DAY, "st nd rd th");
  }

  private static final List<String> STREET_ENDINGS =
      List.of(
          "straße",
          "strasse",
          "str",
          "gässchen",
          "steig",
          "stieg",
          "chaussee",
          "promenade",
          "weg",
          "platz",
          "allee",
          "gasse",
          "damm",
          "ufer",
          "ring",
          "straat",
          "laan",
          "gracht",
          "plein",
          "kade",
          "gatan",
          "vägen",
          "gata",
          "gate",
          "gade",
          "vej",
          "veien",
          "katu",
          "tie",
          "utca",
          "út");
  private static final int SHORTEST_STREET = 5;

  private Signs() {}

  private static void put(int sign, String words) {
    for (String word : Vocabulary.words(words)) {
      WORDS.merge(word, sign, (a, b) -> a | b);
    }
  }

  /** The sign of a character that follows {@code previous}. */
  static int of(char c, char previous) {
    boolean digit = isDigit(c);
    if (digit || isLetter(c)) {
      int sign = digit ? DIGIT : 0;
      if (previous == '.') {
        sign |= INNER_DOT;
      }
      boolean mixed = digit ? isLetter(previous) : isDigit(previous);
      return mixed ? sign | MIXED : sign;
    }
    return switch (c) {
      case ' ' -> 0;
      case '@' -> AT;
      case ':' -> COLON;
      case '/' -> SLASH;
      case '#' -> HASH;
      case '$' -> CURRENCY;
      case '(', '[', '{', '<' -> BRACKET;
      default -> c >= 0x80 && Character.getType(c) == Character.CURRENCY_SYMBOL ? CURRENCY : 0;
    };
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x80 && Character.isLetter(c));
  }

  /** The signs of so many digits in a text. */
  static int ofDigits(int count) {
    return (count >= 3 ? THREE_DIGITS : 0)
        | (count >= 4 ? FOUR_DIGITS : 0)
        | (count >= 6 ? SIX_DIGITS : 0)
        | (count >= 13 ? THIRTEEN_DIGITS : 0);
  }

  /** {@code signs} without those of words that need digits beside them and have too few. */
  static int withoutLoneWords(int signs) {
    int lone = (signs & DIGIT) == 0 ? STREET | ADDRESS_WORD | WEEKDAY : 0;
    if ((signs & (THREE_DIGITS | MIXED)) == 0) {
      lone |= REFERENCE_WORD | COST_WORD | RARE_STREET;
    }
    if ((signs & FOUR_DIGITS) == 0) {
      lone |= ACCOUNT_WORD;
    }
    return signs & ~lone;
  }

  /** The signs of a word in lower case. */
  static int of(String word) {
    Integer sign = WORDS.get(word);
    if (sign != null) {
      return sign;
    }
    return word.length() >= SHORTEST_STREET && endsLikeStreet(word) ? STREET : 0;
  }

  private static boolean endsLikeStreet(String word) {
    for (String ending : STREET_ENDINGS) {
      if (word.endsWith(ending)) {
        return true;
      }
    }
    return false;
  }
}
