package dev.repartee.finetune.training;

import java.util.List;

/**
 * A window of a conversation as the model is trained on it.
 *
 * @param ids its tokens
 * @param scored indices of tokens whose next token counts: the agent's words and the end of them
 * @param replies indices of the agent's markers whose replies are scored here, with their texts
 */
@SuppressWarnings("ArrayRecordComponent") // read-only, and made by the hundred thousand
record Example(int[] ids, int[] scored, List<Reply> replies) {

  /**
   * An agent's reply.
   *
   * @param position of the agent's marker
   * @param text as written
   */
  record Reply(int position, String text) {}

  Example {
    replies = List.copyOf(replies);
    if (scored.length == 0 || scored[scored.length - 1] + 1 >= ids.length) {
      throw new IllegalArgumentException("scored tokens need a next token in the window");
    }
  }
}
