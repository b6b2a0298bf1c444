package dev.repartee.clustering.count;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Where an agent's message stands and what it says.
 *
 * @param conversationId the conversation it is in
 * @param index its position among all messages of the conversation, from 0
 * @param key the key of its {@link CountedText}, empty when the message says nothing
 */
public record AgentMessage(String conversationId, int index, Optional<String> key) {

  public AgentMessage {
    requireNonNull(conversationId, "conversationId is null");
    requireNonNull(key, "key is null");
  }
}
