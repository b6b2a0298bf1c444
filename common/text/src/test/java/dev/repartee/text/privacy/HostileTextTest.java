package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The work on a text grows no faster than its length, whatever it holds. Counted, not timed: the
 * characters that the rules and the name detector read, and the letters of the words that they look
 * up.
 */
class HostileTextTest {

  private static final int QUICK_LENGTH = 600;
  private static final int SLOW_LENGTH = 1500;

  /** Twice, with some room for what a text has once. */
  private static final double MOST_GROWTH = 2.2;

  /** Fewer reads a character are those of a few matches, not of the length. */
  private static final int FEW_READS = 3;

  /** Units that make long hostile texts; a bar separates a beginning that stands once. */
  private static final List<String> UNITS =
      List.of(
          "111 ",
          "1/2 ",
          "cvv the ",
          "code on the back ",
          "password for the wifi is ",
          "password aaa",
          "booking is number ",
          "plate of the ",
          "plate ab 1 ",
          "0a:",
          "0a0a.",
          "AKIA",
          "ghp_",
          "eyJaaaaaaaa.",
          "a.b.click/",
          "xn--a.",
          "live at 1 a a ",
          "live at rue de la a ",
          "adresse aaaa ",
          "ALL 1 ",
          "$x |111 ",
          "$1|,111",
          "1 a st ",
          "999,999.",
          "a",
          "A",
          "aA",
          "x-",
          "a.",
          ".",
          ",",
          "-",
          "- ",
          "*",
          "#",
          "(",
          "{",
          "[",
          "<",
          "@",
          "\"a",
          "a@",
          "a@a.",
          "a@a.b, ",
          "a at b dot ",
          "a dot b dot ",
          "a(at)a(dot)",
          "http://",
          "http://?",
          "www.",
          "www.a?",
          "a.com/",
          "a.com?!",
          "it.is/",
          "1.1.1.",
          "1.1.1.1:",
          "1",
          "1 ",
          "1-",
          "1/",
          "1.",
          "1,",
          "1 1 1 1 ",
          "1111 ",
          "1111 1111 1111 1111 1111 ",
          "1234567890",
          "12-34-",
          "+1 ",
          "(1)",
          "1 x1",
          "800 a-",
          "8-800-",
          "ending in ",
          "last 4 of my a a a card ",
          "cvv code ",
          "AA11 AAAA ",
          "AB12AAAA",
          "account is number ",
          "account 1 11 ",
          "account 1a-",
          "password a",
          "username ab.a ",
          "username aaaa",
          "bic code ",
          "order ",
          "order number ",
          "order a1-",
          "order 1 111 ",
          "ref ref ",
          "#a-",
          "#1-",
          "a1-b2-",
          "a1/",
          "aaaaa1 ",
          "1z",
          "number number ",
          "$1,",
          "$1'",
          "$ ",
          "$1 ",
          "usd 1 ",
          "1 usd",
          "one hundred and a ",
          "five ",
          "cost is for me ",
          "jan ",
          "jan 1 ",
          "mon 1 ",
          "the 1st of ",
          "the 1st to the ",
          "born aaaa ",
          "2020-01-01 at 1",
          "10:10:",
          "five to ",
          "half past ",
          "five-oh-",
          "10h ",
          "1 1st ",
          "1 Aa Bb Cc Dd ",
          "12 Aa St, ",
          "N 12 Aa ",
          "Apt 1, 1 Aa St Apt 1",
          "123 a b ",
          "1234 Aa Aa place ",
          "Aa-",
          "Aa. ",
          "A.A. ",
          "Aa ",
          "Aastr. 1 ",
          "Aa Aa Aa 1, ",
          "Aa Aa Aa 1 1234 Aa ",
          "1 rue Aa ",
          "Calle de la Aa ",
          "rue de l'",
          "p.o. box 1, a a ",
          "1234 AA ",
          "AA 12345 ",
          "zip code: ",
          "Im Aa 5\n12345 ",
          "live at 1 Aa Aa ",
          "address is is in ",
          "\uFFFC, Aa 1 ",
          "{name} 12345 Aa ",
          "one two ",
          "double one ",
          "4 2 ",
          "4-2-",
          "1-1-1-1111-",
          "-1.1",
          "my name is ",
          "name: ",
          "Hi John, ",
          "hi abcdefgh, ",
          "thanks abcdefghijklmn\n",
          "sure abcdefgh, ",
          "Mr. ",
          "van der ",
          "Van Den ",
          "John ",
          "john smith ",
          "al-al-",
          "Jean-",
          "\u0301",
          "e\u0301",
          "1\u0301",
          "é",
          "Ａ１",
          "\uD83D\uDE00",
          " ",
          "\n",
          "\u200B",
          "hi xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, ");

  private static final class Reads {
    private long count;
  }

  /** Counts the characters that are read through it. */
  private static final class Counted implements CharSequence {

    private final char[] text;
    private long reads;

    Counted(CharSequence text) {
      this.text = text.toString().toCharArray();
    }

    @Override
    public int length() {
      return text.length;
    }

    @Override
    public char charAt(int index) {
      reads++;
      return text[index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      reads += end - start;
      return new String(text, start, end - start);
    }

    @Override
    public String toString() {
      reads += text.length;
      return new String(text);
    }
  }

  /** Counts the letters of the words that are looked up. */
  private static final class CountedLexicon extends Lexicon {

    private final Reads reads;

    CountedLexicon(Reads reads) {
      this.reads = reads;
    }

    @Override
    boolean isCommon(String word) {
      reads.count += word.length();
      return super.isCommon(word);
    }

    @Override
    boolean isGiven(String word) {
      reads.count += word.length();
      return super.isGiven(word);
    }

    @Override
    boolean isSurname(String word) {
      reads.count += word.length();
      return super.isSurname(word);
    }
  }

  private static final Reads LEXICON_READS = new Reads();
  private static final Lexicon LEXICON = new CountedLexicon(LEXICON_READS);
  private final Redactor redactor = new Redactor();

  /** The hostile texts by their length, folded once for all kinds. */
  private static final Map<Integer, List<FoldedText>> FOLDED = new ConcurrentHashMap<>();

  private static List<FoldedText> folded(int length) {
    return FOLDED.computeIfAbsent(
        length, all -> texts(all).stream().map(text -> FoldedText.of(text, List.of())).toList());
  }

  private static List<String> texts(int length) {
    List<String> texts = new ArrayList<>();
    for (String unit : UNITS) {
      int bar = unit.indexOf('|');
      String start = unit.substring(0, Math.max(bar, 0));
      String repeated = unit.substring(bar + 1);
      texts.add((start + repeated.repeat(length)).substring(0, length));
      // What makes the end of a long run decide.
      texts.add((start + repeated.repeat(length)).substring(0, length) + "² x");
    }
    return texts;
  }

  /** All rules of {@code kind}, each once: several languages have some of them in common. */
  private static Collection<PatternRule> rules(PersonalData kind) {
    Map<List<Object>, PatternRule> rules = new LinkedHashMap<>();
    Stream.concat(
            Redactor.STAGES.stream(),
            LanguageRules.LANGUAGES.stream()
                .flatMap(language -> LanguageRules.of(Optional.of(language)).stream())
                .flatMap(one -> one.stages().stream()))
        .flatMap(List::stream)
        .filter(detector -> detector.kind() == kind)
        .flatMap(detector -> detector.rules().stream())
        .forEach(
            rule ->
                rules.putIfAbsent(
                    List.of(rule.pattern().pattern(), rule.cased(), rule.end().getClass()), rule));
    return rules.values();
  }

  /** The reads of {@code rules}, or of the name detector. */
  private static long reads(PersonalData kind, Collection<PatternRule> rules, FoldedText folded) {
    Counted typed = new Counted(folded.folded());
    Counted lower = new Counted(folded.lower());
    FoldedText counted = new FoldedText(typed, lower, new int[0], 0);
    if (kind == PersonalData.NAME) {
      LEXICON_READS.count = 0;
      NameDetector.Context asked =
          new NameDetector.Context(
              true, new NameDetector.KnownNames(), (name, evidence) -> {}, Optional.empty());
      new NameDetector(counted, asked, LEXICON).find(new Spans());
      return typed.reads + lower.reads + LEXICON_READS.count;
    }
    rules.forEach(rule -> rule.find(kind, counted, new Spans()));
    return typed.reads + lower.reads;
  }

  @ParameterizedTest
  @EnumSource(
      value = PersonalData.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CUSTOMER_NAME", "AGENT_NAME"})
  void readsGrowNoFasterThanTheText(PersonalData kind) {
    assertReadsGrowNoFasterThanTheText(kind, QUICK_LENGTH);
  }

  @Tag("slow")
  @ParameterizedTest
  @EnumSource(
      value = PersonalData.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"CUSTOMER_NAME", "AGENT_NAME"})
  void readsGrowNoFasterThanALongText(PersonalData kind) {
    assertReadsGrowNoFasterThanTheText(kind, SLOW_LENGTH);
  }

  private void assertReadsGrowNoFasterThanTheText(PersonalData kind, int length) {
    Collection<PatternRule> rules = rules(kind);
    List<String> beginnings = texts(length);
    List<FoldedText> texts = folded(length);
    List<FoldedText> doubled = folded(2 * length);
    for (int i = 0; i < texts.size(); i++) {
      long reads = reads(kind, rules, texts.get(i));
      long twice = reads(kind, rules, doubled.get(i));
      assertThat((double) twice)
          .as(
              "%s in '%s'...: %d reads of %d characters",
              kind, beginnings.get(i).substring(0, 20), reads, length)
          .isLessThanOrEqualTo(MOST_GROWTH * Math.max(reads, (long) FEW_READS * length));
    }
  }

  /** Values longer than any real one, each of which a bound in a pattern could cut. */
  private static Stream<String> longValues() {
    return Stream.of(
        "write to {email} ok|" + "a".repeat(70) + "@mail.com",
        "write to {email} ok|jo@" + "b".repeat(70) + ".com",
        "write to {email} ok|jo@a.b.c.d.e.f.g.h.com",
        "write to {email} ok|\"" + "q".repeat(50) + "\"@mail.com",
        "write to {email} ok|a dot b dot c dot d dot e at mail dot com",
        "see {url} ok|https://x.org/" + "a".repeat(2500),
        "see {url} ok|a.b.c.d.e.f.g.h.com",
        "see {url} ok|" + "w".repeat(70) + ".com",
        "call {phone} ok|+49 170 1234567 89012 34567 89",
        "account {account} ok|1" + "a7".repeat(30),
        "account {account} ok|1" + " 23".repeat(12),
        "account {account} ok|12" + "-34".repeat(12),
        "username: {account} ok|" + "jd8".repeat(20),
        "order {reference} ok|A" + "B7".repeat(40),
        "order {reference} ok|" + "q".repeat(30) + "77",
        "order {reference} ok|123" + " 456".repeat(9),
        "see {reference} ok|#a1" + "-b2".repeat(10),
        "see {reference} ok|" + "X9".repeat(50),
        "see {reference} ok|" + "1111 ".repeat(9) + "11",
        "pay {money} ok|$1" + ",111".repeat(60),
        "pay {money} ok|$" + "111 ".repeat(60) + "111",
        "pay {money} ok|" + "111 ".repeat(60) + "dollars",
        "is {number} ok|1" + ",111".repeat(12),
        "is {number} ok|7" + " 7".repeat(150),
        "is {number} ok|" + "9".repeat(100),
        "is {number} ok|one" + " two".repeat(100),
        "is {number} ok|1." + "7".repeat(30),
        "is {number} ok|12-3456" + "-7".repeat(9),
        "at {address} ok|12 Q" + "u".repeat(40) + " Street",
        "at {address} ok|Q" + "u".repeat(50) + "straße 5",
        "at {address} ok|5 Main Street, Q" + "u".repeat(50),
        "hi {name}, ok|" + "z".repeat(70),
        "my name is {name}, ok|Z" + "o".repeat(90),
        "my name is {name} {name}, ok|Zorvan Quillmere Vossberg Xolani Duco Soraia Thabo Kestrel");
  }

  @ParameterizedTest
  @MethodSource("longValues")
  void longValuesAreMaskedWhole(String expectedAndValue) {
    int bar = expectedAndValue.indexOf('|');
    String expected = expectedAndValue.substring(0, bar);
    String value = expectedAndValue.substring(bar + 1);
    String text = expected.replaceFirst("\\{.*\\}", Matcher.quoteReplacement(value));
    assertThat(redactor.redact(text).text()).isEqualTo(expected);
  }

  /** Each card that is left for the next round would cost another look at the whole text. */
  @Test
  void cardsInARowAreFoundAtOnce() {
    Spans found = new Spans();
    FoldedText text = FoldedText.of("4111 1111 1111 1111 ".repeat(20), List.of());
    Redactor.STAGES.stream()
        .flatMap(List::stream)
        .filter(detector -> detector.kind() == PersonalData.CARD)
        .flatMap(detector -> detector.rules().stream())
        .forEach(rule -> rule.find(PersonalData.CARD, text, found));
    assertThat(found.withoutOverlaps()).hasSize(20);
  }

  /** Of a text of fractions few rules read anything, and each character a few times only. */
  @Test
  void fractionsAreReadAFewTimes() {
    String text = "1/2 ".repeat(QUICK_LENGTH / 4);
    long signs = FoldedText.of(text, List.of()).signs();
    Counted typed = new Counted(text);
    Counted lower = new Counted(text);
    FoldedText counted = new FoldedText(typed, lower, new int[0], signs);
    Redactor.STAGES.stream()
        .flatMap(List::stream)
        .flatMap(detector -> detector.rules().stream())
        .filter(rule -> (rule.signs() & signs) != 0)
        .forEach(rule -> rule.find(PersonalData.NUMBER, counted, new Spans()));
    assertThat(typed.reads + lower.reads).isLessThan(50L * text.length());
  }

  @Test
  void braceRunsAreReadOnce() {
    String text = "{".repeat(200_000) + "}";
    assertThat(redactor.redact(text).text()).isEqualTo(text);
  }
}
