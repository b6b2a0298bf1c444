package dev.repartee.finetune.feedback;

import dev.repartee.text.UserException;
import java.time.LocalDate;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which answers agents took, by the feedback that a store keeps ({@code docs/feedback.md}).
 *
 * @param records how many different records were read
 * @param ids of the answers that were sent, as they stood or edited
 */
public record FeedbackUse(long records, Set<String> ids) {

  public FeedbackUse {
    ids = Set.copyOf(ids);
  }

  /**
   * Reads all feedback of a store.
   *
   * @throws UserException when there is none, or it cannot be read
   */
  public static FeedbackUse read(String uri) {
    Tallies all = Tallies.read(uri, LocalDate.MIN, LocalDate.MAX);
    return new FeedbackUse(
        all.replies(),
        all.answers().entrySet().stream()
            .filter(answer -> answer.getValue().used() > 0)
            .map(answer -> answer.getKey())
            .collect(Collectors.toSet()));
  }
}
