package dev.repartee.engine.memory;

import static dev.repartee.engine.memory.Writer.UNKNOWN;
import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * The queues of the training conversations, those that enough conversations have.
 *
 * @param hashes of their names, in the order of their numbers
 * @param conversations of each
 * @param all conversations, those of other queues and of none included
 */
record Queues(List<String> hashes, List<Integer> conversations, int all) {
  static final Queues NONE = new Queues(List.of(), List.of(), 0);

  /** Others had the chance to use a text if it would have come up so many times with them. */
  private static final int CHANCES = 5;

  Queues {
    hashes = List.copyOf(requireNonNull(hashes, "queues.hashes is null"));
    conversations = List.copyOf(requireNonNull(conversations, "queues.conversations is null"));
    if (hashes.size() != conversations.size()) {
      throw new IllegalArgumentException(
          "queues.conversations must be %d numbers but are %d"
              .formatted(hashes.size(), conversations.size()));
    }
  }

  int number(String hash) {
    return hashes.indexOf(hash);
  }

  /**
   * The queue whose own a text is: it stands in no other, though others had the chance.
   *
   * @param queue the only one in which it stands, or {@link Writer#UNKNOWN}
   * @param held conversations that hold it
   */
  Optional<Integer> owner(int queue, int held) {
    boolean own =
        queue != UNKNOWN
            && (long) held * (all - conversations.get(queue))
                >= (long) CHANCES * conversations.get(queue);
    return own ? Optional.of(queue) : Optional.empty();
  }
}
