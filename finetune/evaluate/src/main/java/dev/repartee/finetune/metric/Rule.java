package dev.repartee.finetune.metric;

import static java.util.Objects.requireNonNull;

import java.util.List;

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
 * @param read what it costs to read an offer that did not stand there a key ago, or a whole reply;
 *     0 where reading is free
 */
public record Rule(
    String name, boolean whole, int least, boolean steady, double accept, double read) {

  /** The headline, net time saved: every text shown costs a look. */
  public static final Rule NET = new Rule("net", true, 4, false, 2, 1.5);

  /** As {@link #NET}, for an agent who needs a key's time to see an offer. */
  public static final Rule STEADY = new Rule("steady", true, 4, true, 2, 1.5);

  /** As {@link #NET}, for an agent who reads fast. */
  public static final Rule NET_READ05 = new Rule("net_read05", true, 4, false, 2, 0.5);

  /** As {@link #NET}, for an agent who reads slowly. */
  public static final Rule NET_READ25 = new Rule("net_read25", true, 4, false, 2, 2.5);

  /** Only entire offers of ten characters or more are worth looking up for; reading is free. */
  public static final Rule WHOLE10 = ofCharacters("whole10", true, 10);

  /** As in most papers; flattering, since a reader who takes four characters has read them all. */
  public static final Rule WORD4 = ofCharacters("word4", false, 4);

  public static final Rule WHOLE4 = ofCharacters("whole4", true, 4);
  public static final Rule WORD10 = ofCharacters("word10", false, 10);
  public static final Rule WHOLE20 = ofCharacters("whole20", true, 20);

  /** Those that charge for reading, the headline first. */
  static final List<Rule> CHARGED = List.of(NET, STEADY, NET_READ05, NET_READ25);

  /** Those that count characters alone. */
  static final List<Rule> FREE = List.of(WHOLE10, WORD4, WHOLE4, WORD10, WHOLE20);

  /** Every rule of the protocol, the headline first. */
  public static final List<Rule> ALL =
      List.of(NET, STEADY, NET_READ05, NET_READ25, WHOLE10, WORD4, WHOLE4, WORD10, WHOLE20);

  public Rule {
    requireNonNull(name, "name is null");
    if (least < 1) {
      throw new IllegalArgumentException("least must be at least 1 but is " + least);
    }
    if (!(accept >= 0 && read >= 0)) {
      throw new IllegalArgumentException(
          "accept and read must be at least 0 but are %s and %s".formatted(accept, read));
    }
  }

  private static Rule ofCharacters(String name, boolean whole, int least) {
    return new Rule(name, whole, least, false, 1, 0);
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
