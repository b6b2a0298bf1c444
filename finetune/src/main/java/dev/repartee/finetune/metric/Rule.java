package dev.repartee.finetune.metric;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * When the simulated agent takes an inline offer.
 *
 * @param name names the rule's figures, such as {@code whole10}
 * @param whole an offer is taken only when all of it is right; otherwise its longest right part
 *     that ends at a word boundary is
 * @param least characters that must be taken at once, at least 1; also what counts as an offer
 *     shown
 */
public record Rule(String name, boolean whole, int least) {

  /** The headline: only entire offers of ten characters or more are worth looking up for. */
  public static final Rule WHOLE10 = new Rule("whole10", true, 10);

  /** As in most papers; flattering, since a reader who takes four characters has read them all. */
  public static final Rule WORD4 = new Rule("word4", false, 4);

  public static final Rule WHOLE4 = new Rule("whole4", true, 4);
  public static final Rule WORD10 = new Rule("word10", false, 10);
  public static final Rule WHOLE20 = new Rule("whole20", true, 20);

  /** Every rule of the protocol, the headline first. */
  public static final List<Rule> ALL = List.of(WHOLE10, WORD4, WHOLE4, WORD10, WHOLE20);

  public Rule {
    requireNonNull(name, "name is null");
    if (least < 1) {
      throw new IllegalArgumentException("least must be at least 1 but is " + least);
    }
  }
}
