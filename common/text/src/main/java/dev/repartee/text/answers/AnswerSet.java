package dev.repartee.text.answers;

import dev.repartee.text.privacy.PublicFacts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The approved replies of a contact center, in a fixed order: the position of an answer is its
 * class in answer prediction. May be empty.
 *
 * @param answers each id once
 * @param facts the public values, which stay readable wherever the answers are used
 */
public record AnswerSet(List<Answer> answers, PublicFacts facts) {

  /** A set of {@code answers} from conversations in which nothing was public. */
  public AnswerSet(List<Answer> answers) {
    this(answers, PublicFacts.NONE);
  }

  public AnswerSet {
    answers = List.copyOf(answers);
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < answers.size(); i++) {
      String id = answers.get(i).id();
      Integer earlier = positions.putIfAbsent(id, i);
      if (earlier != null) {
        throw new IllegalArgumentException(
            "answers[%d].id '%s' is already used by answers[%d]".formatted(i, id, earlier));
      }
    }
  }

  public int size() {
    return answers.size();
  }
}
