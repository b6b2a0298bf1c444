package dev.repartee.finetune.metric;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Stream;

/**
 * When the simulated agent takes an inline offer, and what its work costs. All costs are in
 * keystrokes: a rule saves {@code 1 - (typed + accept x actions + read x shown) / characters}.
 *
 * @param name names the rule's figures, such as {@code net}
 * @param whole an offer is taken only when all of it is right; otherwise its longest right part
 *     that ends at a word boundary is
 * @param least characters that must be taken at once, at least 1
 * @param steady an offer is taken only when the same whole text, draft and offer together, stood
 *     there one key earlier
 * @param accept what it costs to decide for an offer or a whole reply and to press a key
 * @param read what it costs to read an offer that did not stand there a key ago; 0 where reading is
 *     free
 * @param readReply what it costs to read a whole reply
 */
public record Rule(
    String name,
    boolean whole,
    int least,
    boolean steady,
    double accept,
    double read,
    double readReply) {

  /** The headline, net time saved: every text shown costs a look. */
  public static final Rule NET = charged("net", false, 1.5);

  /** As {@link #NET}, for an agent who needs a key's time to see an offer. */
  public static final Rule STEADY = charged("steady", true, 1.5);

  /** As {@link #NET}, for an agent who reads fast. */
  public static final Rule NET_READ05 = charged("net_read05", false, 0.5);

  /** As {@link #NET}, for an agent who reads slowly. */
  public static final Rule NET_READ25 = charged("net_read25", false, 2.5);

  /**
   * As {@link #NET}; whole replies stand in a place of their own, where an agent who does not want
   * them does not read them.
   */
  public static final Rule NET_ASIDE = new Rule("net_aside", true, 4, false, 2, 1.5, 0);

  /** Only entire offers of ten characters or more are worth looking up for; reading is free. */
  public static final Rule WHOLE10 = ofCharacters("whole10", true, 10);

  /** As in most papers; flattering, since a reader who takes four characters has read them all. */
  public static final Rule WORD4 = ofCharacters("word4", false, 4);

  public static final Rule WHOLE4 = ofCharacters("whole4", true, 4);
  public static final Rule WORD10 = ofCharacters("word10", false, 10);
  public static final Rule WHOLE20 = ofCharacters("whole20", true, 20);

  /** Those that charge for reading, the headline first. */
  static final List<Rule> CHARGED = List.of(NET, STEADY, NET_READ05, NET_READ25, NET_ASIDE);

  /** Those that count characters alone. */
  static final List<Rule> FREE = List.of(WHOLE10, WORD4, WHOLE4, WORD10, WHOLE20);

  /** Every rule of the protocol, the headline first. */
  public static final List<Rule> ALL = Stream.concat(CHARGED.stream(), FREE.stream()).toList();

  public Rule {
    requireNonNull(name, "name is null");
    if (least < 1) {
      throw new IllegalArgumentException("least must be at least 1 but is " + least);
    }
    if (!(accept >= 0 && read >= 0 && readReply >= 0)) {
      throw new IllegalArgumentException(
          "costs must be at least 0 but are %s, %s and %s".formatted(accept, read, readReply));
    }
  }

  /** A rule of the headline's kind with another price of reading. */
  static Rule charged(String name, boolean steady, double read) {
    return new Rule(name, true, 4, steady, 2, read, read);
  }

  private static Rule ofCharacters(String name, boolean whole, int least) {
    return new Rule(name, whole, least, false, 1, 0, 0);
  }

  /** Whether reading is charged for. */
  boolean charges() {
    return read > 0;
  }

  /** Whether the agent works the same under both, so that only the charges differ. */
  boolean worksLike(Rule other) {
    return whole == other.whole
        && least == other.least
        && steady == other.steady
        && charges() == other.charges();
  }
}
