package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.RedactedText.Detection;
import dev.repartee.text.privacy.Spans.Span;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The values that have the form of personal data and are none, since many conversations share them:
 * opening times, prices, a hotline, a web address, names of things. A {@link ConversationRedactor}
 * that has them leaves them as they are. {@code docs/privacy.md} lists the rules by kind.
 *
 * <p>Values are compared without case and blanks. Immutable; serializable for the machines of a
 * cluster, not for files.
 */
public final class PublicFacts implements Serializable {

  private static final long serialVersionUID = 1;

  /**
   * The fewest conversations in which agents wrote a public value. A plain link ({@link
   * Links#isPlain}) is public as a text is, see {@link Sharing#isTrainedForAll}.
   */
  public static final int FEWEST_CONVERSATIONS = 10;

  /** The fewest agents who wrote it. A conversation whose agent is unknown counts as one more. */
  public static final int FEWEST_AGENTS = 3;

  private static final Comparator<Fact> LONGEST_FIRST =
      Comparator.comparingInt(fact -> -fact.value().length());

  /** Everything of the form of personal data is replaced. */
  public static final PublicFacts NONE = new PublicFacts(Map.of());

  /**
   * A public value.
   *
   * @param kind {@link PersonalData#NAME} for every name
   * @param value in the spelling that agents use most; empty while only its hash is known
   * @param conversations in which agents wrote it; 0 for a term of the team's own
   * @param agents who wrote it, those of conversations whose agent is unknown included
   */
  public record Fact(PersonalData kind, String value, int conversations, int agents)
      implements Serializable {

    /** The team's own word, which no name can be; whoever gives it vouches for it. */
    public static Fact term(String value) {
      return new Fact(PersonalData.NAME, value, 0, 0);
    }

    private boolean isTerm() {
      return conversations == 0 && !value.isEmpty();
    }

    private static final Comparator<Fact> ORDER =
        Comparator.comparing(Fact::kind)
            .thenComparing(Comparator.comparingInt(Fact::conversations).reversed())
            .thenComparing(Fact::value);

    public Fact {
      kind = one(kind);
      if (!mayBePublic(kind)) {
        throw new IllegalArgumentException(
            "kind must be one that can be public but is '" + kind.id() + "'; remove the value");
      }
    }
  }

  private final HashMap<Long, Fact> byHash;
  private final Pattern terms;

  private PublicFacts(Map<Long, Fact> byHash) {
    this.byHash = new HashMap<>(byHash);
    this.terms =
        Pattern.compile(
            byHash.values().stream()
                .filter(Fact::isTerm)
                .sorted(LONGEST_FIRST)
                .map(PublicFacts::pattern)
                .reduce((one, other) -> one + "|" + other)
                .orElse("(?!)"));
  }

  /** The facts {@code facts}, whose values are known. */
  public static PublicFacts of(Collection<Fact> facts) {
    Map<Long, Fact> byHash = new HashMap<>();
    facts.forEach(fact -> byHash.put(hash(fact.kind(), fact.value()), fact));
    return new PublicFacts(byHash);
  }

  /** By kind, of a kind the most frequent first. */
  public List<Fact> facts() {
    return byHash.values().stream().sorted(Fact.ORDER).toList();
  }

  public boolean isEmpty() {
    return byHash.isEmpty();
  }

  /** Whether {@code value} is public as a value of {@code kind}. */
  public boolean holds(PersonalData kind, String value) {
    return !isEmpty() && byHash.containsKey(hash(kind, value));
  }

  /** These facts and {@code others}. */
  public PublicFacts with(PublicFacts others) {
    Map<Long, Fact> all = new HashMap<>(byHash);
    all.putAll(others.byHash);
    return new PublicFacts(all);
  }

  /**
   * Where the team's own terms stand in {@code text}.
   *
   * @param known names of the conversation, which are no terms
   * @param numbered whether to find only terms with a digit
   */
  List<Span> terms(FoldedText text, NameDetector.KnownNames known, boolean numbered) {
    return terms
        .matcher(text.lower())
        .results()
        .filter(term -> !numbered || term.group().chars().anyMatch(Character::isDigit))
        .filter(
            term ->
                !NameDetector.KnownNames.wordsOf(term.group()).stream().allMatch(known::contains))
        .map(term -> text.inOriginal(new Span(Optional.empty(), term.start(), term.end())))
        .toList();
  }

  /** These facts without the values of {@code others}. */
  public PublicFacts without(PublicFacts others) {
    Map<Long, Fact> left = new HashMap<>(byHash);
    left.keySet().removeAll(others.byHash.keySet());
    return new PublicFacts(left);
  }

  /** Characters of scripts that put blanks between words. */
  private static final String WORD =
      "[\\p{L}\\p{N}&&[^\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\\p{IsHangul}\\p{IsThai}]]";

  /** Neither within a word nor within a number such as 7:30. */
  private static final String EDGE =
      "(?!(?<=" + WORD + ")(?=" + WORD + "))(?!(?<=\\p{N}[.,:]?)(?=[.,:]?\\p{N}))";

  /** Nor within an address, a path or a number with signs: of "info@firma.de" no "firma.de". */
  private static final String BEFORE_VALUE = "(?<![\\p{L}\\p{N}][@./-])";

  private static final String AFTER_VALUE = "(?![@/-][\\p{L}\\p{N}]|\\.[\\p{L}\\p{N}])";

  /**
   * {@code text} with a placeholder for each of these values, the longest first. Unlike a redactor,
   * it also finds names that only their conversation shows to be names.
   */
  public String replacedIn(String text) {
    String replaced = text;
    for (Fact fact : facts().stream().sorted(LONGEST_FIRST).toList()) {
      FoldedText folded = FoldedText.of(replaced, List.of());
      Matcher matcher = Pattern.compile(pattern(fact)).matcher(folded.lower());
      List<Detection> found = new ArrayList<>();
      while (matcher.find()) {
        Span span =
            folded.inOriginal(new Span(Optional.of(fact.kind()), matcher.start(), matcher.end()));
        found.add(
            new Detection(
                fact.kind(),
                replaced.substring(span.start(), span.end()),
                span.start(),
                span.end()));
      }
      replaced = Redactor.replaced(replaced, found).text();
    }
    return replaced;
  }

  /** What matches the value in a text that is folded and in lower case. */
  private static String pattern(Fact fact) {
    String value =
        plain(fact.value())
            .codePoints()
            .mapToObj(c -> Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining("\\s*"));
    return isName(fact.kind())
        ? EDGE + value + EDGE
        : EDGE + BEFORE_VALUE + value + EDGE + AFTER_VALUE;
  }

  /**
   * These facts with values in place of hashes; a fact without a spelling is dropped.
   *
   * @param uses how often each value stands in the agents' messages
   */
  public PublicFacts named(Map<Spelling, Long> uses) {
    Map<Long, Fact> named = new HashMap<>(byHash);
    named.values().removeIf(fact -> !fact.isTerm());
    uses.entrySet().stream()
        .sorted(Map.Entry.<Spelling, Long>comparingByValue().thenComparing(Map.Entry::getKey))
        .forEach(
            entry -> {
              Spelling spelling = entry.getKey();
              long hash = hash(spelling.kind(), spelling.value());
              Fact fact = byHash.get(hash);
              if (fact != null) {
                named.put(
                    hash,
                    new Fact(fact.kind(), spelling.value(), fact.conversations(), fact.agents()));
              }
            });
    return new PublicFacts(named);
  }

  /** A way to write a value. */
  public record Spelling(PersonalData kind, String value) implements Comparable<Spelling> {

    @Override
    public int compareTo(Spelling other) {
      int order = kind.compareTo(other.kind);
      return order != 0 ? order : value.compareTo(other.value);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicFacts facts && byHash.equals(facts.byHash);
  }

  @Override
  public int hashCode() {
    return byHash.hashCode();
  }

  @Override
  public String toString() {
    return facts().toString();
  }

  // What the rules say of each kind.

  static boolean isName(PersonalData kind) {
    return one(kind) == PersonalData.NAME;
  }

  /** All names are of one kind here: who bears a name differs from conversation to conversation. */
  private static PersonalData one(PersonalData kind) {
    return switch (kind) {
      case CUSTOMER_NAME, AGENT_NAME -> PersonalData.NAME;
      default -> kind;
    };
  }

  private static boolean mayBePublic(PersonalData kind) {
    return switch (kind) {
      case CARD, ACCOUNT, REFERENCE -> false;
      default -> true;
    };
  }

  /** Whether a value that the customer wrote first is the customer's. */
  private static boolean isContact(PersonalData kind) {
    return switch (kind) {
      case PHONE, EMAIL, URL, ADDRESS -> true;
      default -> false;
    };
  }

  /** Whether a value leads whoever receives it to somebody: to write, to call, to pay. */
  static boolean leads(PersonalData kind) {
    return isContact(kind) || kind == PersonalData.ACCOUNT;
  }

  /** Whether a value that the agent only repeats, such as a date of birth, does not count. */
  private static boolean countsWhenSaidFirst(PersonalData kind) {
    return isContact(kind) || kind == PersonalData.DATE || kind == PersonalData.NUMBER;
  }

  private static final Pattern BLANKS = Pattern.compile("[\\s\\p{Z}]+");

  private static long hash(PersonalData kind, String value) {
    return hash(one(kind).id() + " " + plain(value));
  }

  private static long hash(String text) {
    return Long.parseUnsignedLong(Sha256.of(text).substring(0, 16), 16);
  }

  /** The form in which values are compared. */
  static String plain(String value) {
    return BLANKS.matcher(FoldedText.lower(value)).replaceAll("");
  }

  /**
   * Counts values over conversations, without keeping any: of each there is a hash and who wrote
   * it. Counters merge in any order and grouping with the same result. For one thread at a time.
   *
   * <p>Of more than {@value #MOST_VALUES} different values those with the smallest hashes are
   * counted, so that memory is bounded; the others stay private.
   */
  public static final class Counter implements Serializable {

    private static final long serialVersionUID = 1;

    static final int MOST_VALUES = 1_000_000;

    /** Of 100 conversations that hold a hotline, one customer may have written it first. */
    private static final int CONVERSATIONS_FOR_A_CUSTOMER = 100;

    private static final long[] EMPTY = {};

    private static final class Tally implements Serializable {
      private static final long serialVersionUID = 1;
      private final PersonalData kind;
      private int conversations;
      private int unknownAgents;
      private int customers; // conversations in which it is the customer's, in any form
      private boolean person;
      private boolean plainLink;
      private long[] agents = EMPTY; // ascending
      private long[] related = EMPTY; // hashes of tallies that can make it private, ascending

      Tally(PersonalData kind) {
        this.kind = kind;
      }

      private void addAgent(long agent) {
        agents = with(agents, agent);
      }

      private void addRelated(long hash) {
        related = with(related, hash);
      }

      private static long[] with(long[] ascending, long one) {
        int found = Arrays.binarySearch(ascending, one);
        if (found >= 0) {
          return ascending;
        }
        int at = -found - 1;
        long[] more = Arrays.copyOf(ascending, ascending.length + 1);
        System.arraycopy(ascending, at, more, at + 1, ascending.length - at);
        more[at] = one;
        return more;
      }

      private void add(Tally other) {
        conversations += other.conversations;
        unknownAgents += other.unknownAgents;
        customers += other.customers;
        person |= other.person;
        plainLink |= other.plainLink;
        for (long agent : other.agents) {
          addAgent(agent);
        }
        for (long hash : other.related) {
          addRelated(hash);
        }
      }

      private int speakers() {
        return agents.length + unknownAgents;
      }

      private Fact fact() {
        return new Fact(kind, "", conversations, speakers());
      }

      private boolean isFrequent() {
        return plainLink
            ? Sharing.isTrainedForAll(conversations, speakers(), false)
            : conversations >= FEWEST_CONVERSATIONS && speakers() >= FEWEST_AGENTS;
      }
    }

    private final int most;
    private final TreeMap<Long, Tally> tallies =
        new TreeMap<>((Comparator<Long> & Serializable) Long::compareUnsigned);

    public Counter() {
      this(MOST_VALUES);
    }

    /**
     * @param most the largest number of values that are counted
     */
    Counter(int most) {
      this.most = most;
    }

    /**
     * Counts a conversation.
     *
     * @param redacted what a redactor without facts made of {@code conversation}
     */
    public void add(Conversation conversation, RedactedConversation redacted) {
      Map<String, Boolean> agentWroteFirst = new HashMap<>(); // by loose key
      Set<String> customers = new HashSet<>();
      Set<Long> counted = new HashSet<>();
      List<Message> messages = conversation.messages();
      for (int i = 0; i < messages.size(); i++) {
        Message message = messages.get(i);
        for (Detection found : redacted.detections().get(i)) {
          PersonalData kind = one(found.kind());
          boolean agents =
              message.isAgent()
                  && mayBePublic(kind)
                  && !CustomerCues.areBeside(found, message.text());
          String key = looseKey(kind, found.text());
          boolean agentFirst = agentWroteFirst.computeIfAbsent(key, unseen -> agents);
          if (agents && (agentFirst || !countsWhenSaidFirst(kind))) {
            long hash = hash(kind, found.text());
            if (counted.add(hash)) {
              addUse(hash, kind, found.text(), conversation.agentOf(message));
            }
          }
          if (!agentFirst && isContact(kind) && customers.add(key)) {
            tally(looseHash(key), kind).ifPresent(tally -> tally.customers++);
          }
          if (isName(kind) && isPerson(found, redacted.persons())) {
            addPerson(found.text());
          }
        }
      }
      redacted.persons().forEach(this::addPerson);
    }

    private void addUse(long hash, PersonalData kind, String value, Optional<String> agent) {
      tally(hash, kind)
          .ifPresent(
              tally -> {
                tally.conversations++;
                tally.plainLink |= kind == PersonalData.URL && Links.isPlain(value);
                if (isName(kind)) {
                  NameDetector.KnownNames.wordsOf(FoldedText.lower(value))
                      .forEach(word -> tally.addRelated(hash(kind, word)));
                }
                if (isContact(kind)) {
                  tally.addRelated(looseHash(looseKey(kind, value)));
                }
                agent.ifPresentOrElse(id -> tally.addAgent(hash(id)), () -> tally.unknownAgents++);
              });
    }

    private void addPerson(String name) {
      tally(hash(PersonalData.NAME, name), PersonalData.NAME)
          .ifPresent(tally -> tally.person = true);
    }

    /** Empty for a value that is not counted since there are too many. */
    private Optional<Tally> tally(long hash, PersonalData kind) {
      Tally tally = tallies.computeIfAbsent(hash, unseen -> new Tally(kind));
      return dropMost() && !tallies.containsKey(hash) ? Optional.empty() : Optional.of(tally);
    }

    private boolean dropMost() {
      boolean dropped = false;
      while (tallies.size() > most) {
        tallies.pollLastEntry();
        dropped = true;
      }
      return dropped;
    }

    // Who wrote a value first: a customer's "4125550123" is the agent's "412-555-0123".

    private static final int LAST_DIGITS = 8;

    private static final Pattern EXTENSION =
        Pattern.compile("(?<=\\d[ ,.(]{0,3})(?:ext|x|#|durchwahl)\\D{0,12}\\d+\\W*$");

    private static final Pattern DIGITS = Pattern.compile("\\d+");

    private static final Pattern WORDS = Pattern.compile("\\p{L}{2,}");

    /** The figure of each spelled digit. */
    private static final Map<String, Integer> FIGURES =
        IntStream.range(0, 10)
            .boxed()
            .flatMap(
                figure ->
                    Lexicon.phrases("digit-" + figure).stream().map(w -> Map.entry(w, figure)))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private static final Pattern DIGIT_WORD =
        Pattern.compile(
            "\\b(?:" + String.join("|", FIGURES.keySet()) + ")\\b",
            Pattern.UNICODE_CHARACTER_CLASS);

    /** The signs of an address as words, or in brackets. */
    private static final Pattern AT =
        RuleTable.pattern("\\s*[(\\[{<]\\s*(?:%{AT_WORD}|@)\\s*[)\\]}>]\\s*|\\s+%{AT_WORD}\\s+");

    private static final Pattern DOT =
        RuleTable.pattern(
            "\\s*[(\\[{<]\\s*(?:%{DOT_WORD}|\\.)\\s*[)\\]}>]\\s*|\\s+%{DOT_WORD}\\s+");

    private static final Pattern BARE_LINK = Pattern.compile("^(?:https?://)?(?:www\\.)?|/+$");

    private static final Pattern UNIT =
        Pattern.compile("^(?:flat|apartment|apt|unit|suite|ste|room)\\W{1,3}\\w+\\W+(?=\\d)");

    private static final Set<String> STREET_TYPES =
        Lexicon.set("street-types-before-name", "street-types-after-house");

    /** How the names of the months in {@code words.txt} begin. */
    private static final List<Pattern> MONTHS =
        Stream.of(
                "jan|gen|ene",
                "feb|fev|fév",
                "mar|mär|mrt|maa",
                "apr|avr|abr",
                "may|mai|mag",
                "jun|juin|giu",
                "jul|juil|lug",
                "aug|ao[uû]|ago",
                "sep|set",
                "oct|okt|ott|out",
                "nov",
                "dec|dez|dic|déc")
            .map(Pattern::compile)
            .toList();

    private static long looseHash(String key) {
      return hash("loose " + key);
    }

    /** Equal for the ways to write a value, and sometimes for two values. */
    static String looseKey(PersonalData kind, String value) {
      String lower = FoldedText.lower(value);
      String key =
          switch (kind) {
            case PHONE -> lastDigits(EXTENSION.matcher(lower).replaceAll(""));
            case NUMBER, CARD, ACCOUNT, REFERENCE -> lastDigits(lower);
            case EMAIL -> DOT.matcher(AT.matcher(lower).replaceAll("@")).replaceAll(".");
            case URL -> BARE_LINK.matcher(lower).replaceAll("");
            case ADDRESS -> houseAndStreet(UNIT.matcher(lower).replaceAll(""));
            case DATE -> dayAndMonth(lower);
            default -> "";
          };
      return key.isEmpty() ? kind.id() + " " + plain(value) : plain(key);
    }

    private static String lastDigits(String lower) {
      String figures =
          DIGIT_WORD
              .matcher(lower)
              .replaceAll(word -> "" + FIGURES.get(word.group()))
              .replaceAll("\\D", "");
      return figures.substring(Math.max(0, figures.length() - LAST_DIGITS));
    }

    /** The first number, and the first word that is no type such as "rue". */
    private static String houseAndStreet(String lower) {
      Matcher house = DIGITS.matcher(lower);
      Optional<String> street =
          WORDS
              .matcher(lower)
              .results()
              .map(MatchResult::group)
              .filter(word -> !STREET_TYPES.contains(word) && !Lexicon.PARTICLES.contains(word))
              .findFirst();
      return house.find() && street.isPresent() ? house.group() + "/" + street.get() : "";
    }

    /** In ascending order, since 3/4 is March or April. */
    private static String dayAndMonth(String lower) {
      List<Integer> numbers = new ArrayList<>();
      WORDS
          .matcher(lower)
          .results()
          .map(word -> month(word.group()))
          .filter(month -> month > 0)
          .reduce((weekday, month) -> month) // "martes 3 de abril"
          .ifPresent(numbers::add);
      DIGITS
          .matcher(lower)
          .results()
          .filter(number -> number.group().length() <= 2)
          .limit(2 - numbers.size())
          .forEach(number -> numbers.add(Integer.valueOf(number.group())));
      return numbers.size() < 2
          ? ""
          : Collections.min(numbers) + "." + Collections.max(numbers) + ".";
    }

    /** From 1 on; 0 for a word that is no month. */
    private static int month(String word) {
      for (int month = 1; month <= MONTHS.size(); month++) {
        if (MONTHS.get(month - 1).matcher(word).lookingAt()) {
          return month;
        }
      }
      return 0;
    }

    /** Adds the counts of {@code other}, which must not be used afterwards. */
    public void merge(Counter other) {
      other.tallies.forEach(
          (hash, tally) -> {
            Tally known = tallies.putIfAbsent(hash, tally);
            if (known != null) {
              known.add(tally);
            }
          });
      dropMost();
    }

    /** The values that enough conversations and agents share, by their hashes. */
    public PublicFacts facts() {
      Map<Long, Fact> facts = new HashMap<>();
      tallies.forEach(
          (hash, tally) -> {
            if (tally.isFrequent() && !isPrivate(tally)) {
              facts.put(hash, tally.fact());
            }
          });
      return new PublicFacts(facts);
    }

    /** Whether it is a person's or a customer's, or may be since a related tally was dropped. */
    private boolean isPrivate(Tally tally) {
      boolean person = tally.person;
      long customers = 0;
      for (long hash : tally.related) {
        Tally related = tallies.get(hash);
        if (related != null) {
          person |= related.person;
          customers += related.customers;
        } else if (isDropped(hash)) {
          return true;
        }
      }
      // Customers write well-known links, too, and nothing in a plain one can be theirs.
      int each = tally.plainLink ? 1 : CONVERSATIONS_FOR_A_CUSTOMER;
      return person || customers * each > tally.conversations;
    }

    private boolean isDropped(long hash) {
      return tallies.size() >= most && Long.compareUnsigned(hash, tallies.lastKey()) > 0;
    }
  }

  /**
   * Whether a name that was found is a person's: by a cue in its conversation, or since it is a
   * common first name.
   */
  static boolean isPerson(Detection name, Set<String> persons) {
    return name.kind() != PersonalData.NAME
        || NameDetector.KnownNames.wordsOf(FoldedText.lower(name.text())).stream()
            .anyMatch(word -> persons.contains(word) || Lexicon.shared().isCommonGiven(word));
  }
}
