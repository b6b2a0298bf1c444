package dev.repartee.engine.memory;

import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A text that agents typed since training, and that may be shown; personal data was taken out of
 * it.
 *
 * @param all whether everybody may see it
 * @param agents who may see it where not everybody may, as hashes
 * @param replies some that are worded so, in the order in which to read them
 */
public record TypedText(String text, boolean all, Set<String> agents, List<TypedReply> replies) {

  public TypedText {
    agents = Set.copyOf(agents);
    replies = List.copyOf(replies);
  }

  /**
   * A reply.
   *
   * @param key by which it is known when it comes again
   * @param agent hash of the id, where that is known
   * @param conversation hash of its id
   * @param context the latest messages before it
   */
  public record TypedReply(
      String key, Optional<String> agent, String conversation, List<Message> context, String text) {

    public TypedReply {
      context = List.copyOf(context);
    }
  }
}
