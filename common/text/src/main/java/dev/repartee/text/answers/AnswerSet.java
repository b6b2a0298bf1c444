package dev.repartee.text.answers;

import dev.repartee.text.privacy.PublicFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The approved replies of a contact center, in a fixed order: the position of an answer is its
 * class in answer prediction. May be empty. Equal sets hold equal answers in the same order, and
 * the same public facts.
 */
public final class AnswerSet {

  private final List<Answer> answers;
  private final PublicFacts facts;
  private final Map<String, Integer> positions = new HashMap<>();

  /**
   * Makes a set of {@code answers} from conversations in which nothing was public.
   *
   * @throws IllegalArgumentException when two of them have the same id
   */
  public AnswerSet(List<Answer> answers) {
    this(answers, PublicFacts.NONE);
  }

  /**
   * Makes a set of {@code answers}.
   *
   * @param facts the public values that stayed in the conversations
   * @throws IllegalArgumentException when two answers have the same id
   */
  public AnswerSet(List<Answer> answers, PublicFacts facts) {
    this.answers = List.copyOf(answers);
    this.facts = facts;
    for (int i = 0; i < this.answers.size(); i++) {
      String id = this.answers.get(i).id();
      Integer earlier = positions.putIfAbsent(id, i);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "answers[%d].id '%s' is already used by answers[%d]".formatted(i, id, earlier));
      }
    }
  }

  /** All answers in order, unmodifiable. */
  public List<Answer> answers() {
    return answers;
  }

  /** What stays readable in conversations, wherever the answers are used. */
  public PublicFacts facts() {
    return facts;
  }

  public int size() {
    return answers.size();
  }

  /** The answer with this id. */
  public Optional<Answer> find(String id) {
    return Optional.ofNullable(positions.get(id)).map(answers::get);
  }

  /** The position in {@link #answers} of the answer with this id. */
  public OptionalInt positionOf(String id) {
    Integer position = positions.get(id);
    return position == null ? OptionalInt.empty() : OptionalInt.of(position);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AnswerSet set && answers.equals(set.answers) && facts.equals(set.facts);
  }

  @Override
  public int hashCode() {
    return answers.hashCode();
  }

  @Override
  public String toString() {
    return "AnswerSet" + answers;
  }
}
