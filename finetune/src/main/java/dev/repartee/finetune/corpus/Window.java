package dev.repartee.finetune.corpus;

import java.util.List;

/**
 * A part of a conversation as the model is trained on it.
 *
 * @param ids its tokens
 * @param scored indices of tokens whose next token counts, rising
 * @param replies indices of the agent's markers whose replies are new here, with their texts
 */
@SuppressWarnings("ArrayRecordComponent") // read-only, and made by the hundred thousand
record Window(int[] ids, int[] scored, List<Reply> replies) {

  /**
   * An agent's reply.
   *
   * @param position of the agent's marker
   * @param text as written
   */
  record Reply(int position, String text) {}

  Window {
    replies = List.copyOf(replies);
    if (scored.length == 0 || scored[scored.length - 1] + 1 >= ids.length) {
      throw new IllegalArgumentException("scored tokens need a next token in the window");
    }
  }
}
