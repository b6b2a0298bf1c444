package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;

/**
 * What a session is opened for. Two agents never share one, because each may be shown texts that
 * the other must not see.
 *
 * @param messages before the reply, oldest first
 * @param agentId who writes the reply, where that is known
 */
public record ReplyContext(List<Message> messages, Optional<String> agentId) {

  public ReplyContext {
    messages = List.copyOf(messages);
    requireNonNull(agentId, "agentId is null");
  }

  /** The first {@code size} messages, before an earlier reply of the same agent. */
  ReplyContext first(int size) {
    return new ReplyContext(messages.subList(0, size), agentId);
  }
}
