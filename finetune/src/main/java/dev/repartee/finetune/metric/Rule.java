package dev.repartee.finetune.metric;

import java.util.List;

/**
 * When the simulated agent takes an inline offer, and what its work costs. All costs are in
 * keystrokes: a rule saves {@code 1 - (typed + accept x actions + read x shown) / characters}.
 *
 * @param name names the rule's figures, such as {@code net}
 * @param steady an offer is taken only when the same whole text, draft and offer together, stood
 *     there one key earlier
 * @param accept what it costs to decide for an offer or a whole reply and to press a key
 * @param read what it costs to read an offer that did not stand there a key ago
 * @param readReply what it costs to read a whole reply
 */
public record Rule(String name, boolean steady, double accept, double read, double readReply) {

  /** The headline, net time saved: every text shown costs a look. */
  public static final Rule NET = new Rule("net", false, 2, 1.5, 1.5);

  /** As {@link #NET}, for an agent who needs a key's time to see an offer. */
  public static final Rule STEADY = new Rule("steady", true, 2, 1.5, 1.5);

  /** Every rule of the protocol, the headline first. */
  public static final List<Rule> ALL = List.of(NET, STEADY);

  /** What a reply costs, or several together, in keystrokes. */
  public double cost(long typed, long actions, long offersShown, long repliesShown) {
    return typed + accept * actions + read * offersShown + readReply * repliesShown;
  }

  public Rule {
    if (!(accept >= 0 && read >= 0 && readReply >= 0)) {
      throw new IllegalArgumentException(
          "costs must be at least 0 but are %s, %s and %s".formatted(accept, read, readReply));
    }
  }

  /**
   * What one reply cost.
   *
   * @param typed keys pressed, those that delete included
   * @param actions suggestions and offers taken
   * @param offersShown offers that did not stand there a key ago
   * @param repliesShown whole replies shown before the first keystroke
   */
  public record Cost(int typed, int actions, int offersShown, int repliesShown) {

    /** A suggestion was taken before the first keystroke. */
    public static Cost ofSuggestion(int repliesShown) {
      return new Cost(0, 1, 0, repliesShown);
    }

    /** In keystrokes, at the charges of {@code rule}. */
    public double total(Rule rule) {
      return rule.cost(typed, actions, offersShown, repliesShown);
    }
  }
}
