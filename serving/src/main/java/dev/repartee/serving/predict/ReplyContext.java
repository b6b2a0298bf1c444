package dev.repartee.serving.predict;

import dev.repartee.engine.memory.Desk;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;

/**
 * What a session is opened for. Two callers, two conversations or two agents never share one,
 * because each has its own offers, and may be shown texts that the other must not see. Requests
 * without a conversation's id share what was read, and nothing else.
 *
 * @param caller the name of the key, or a hash of the token's subject; empty without authentication
 * @param conversationId the front end's own name for the conversation, one among this caller's
 * @param desk what else is known, such as who writes the reply
 * @param messages before the reply, oldest first
 */
public record ReplyContext(
    String caller, Optional<String> conversationId, Desk desk, List<Message> messages) {

  /** Messages of which nothing else is known. */
  public static ReplyContext of(List<Message> messages) {
    return new ReplyContext("", Optional.empty(), Desk.NONE, messages);
  }

  /** Whether both are known to be of one conversation, with the same agent. */
  boolean isOfSameConversation(ReplyContext other) {
    return conversationId.isPresent()
        && conversationId.equals(other.conversationId)
        && caller.equals(other.caller)
        && desk.agentId().equals(other.desk.agentId());
  }

  /** A conversation of a caller; requests without an id are of none, or of any. */
  record Conversation(String caller, Optional<String> id) {}

  Conversation conversation() {
    return new Conversation(caller, conversationId);
  }
}
