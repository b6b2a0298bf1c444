package dev.repartee.text.conversation;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ordered messages of a customer and an agent.
 *
 * @param id unique within a data set
 * @param agentId the agent who wrote the replies that name no other, if known
 * @param domain the subject area or queue, if known
 * @param customerName the name of the customer, if the export has it
 * @param agentName the name of the agent, if the export has it
 * @param startedAt the time of the first message, if the export has it
 * @param messages in the order in which they were sent
 */
public record Conversation(
    String id,
    Optional<String> agentId,
    Optional<String> domain,
    Optional<String> customerName,
    Optional<String> agentName,
    Optional<Instant> startedAt,
    List<Message> messages) {

  public Conversation {
    messages = List.copyOf(messages);
  }

  /** A conversation without names and of unknown time. */
  public Conversation(
      String id, Optional<String> agentId, Optional<String> domain, List<Message> messages) {
    this(id, agentId, domain, Optional.empty(), Optional.empty(), Optional.empty(), messages);
  }

  /** A conversation of which nothing else is known. */
  public Conversation(String id, List<Message> messages) {
    this(id, Optional.empty(), Optional.empty(), messages);
  }

  /** The same conversation with other messages. */
  public Conversation withMessages(List<Message> others) {
    return new Conversation(id, agentId, domain, customerName, agentName, startedAt, others);
  }

  /** The agent who wrote {@code reply}, if known. */
  public Optional<String> agentOf(Message reply) {
    return reply.agentId().or(() -> agentId);
  }

  /** A reply of the agent that may be learned from, and the messages before it. */
  public record Reply(List<Message> context, Message message) {}

  /** The agent's replies that may be learned from, in order. */
  public List<Reply> replies() {
    return IntStream.range(0, messages.size())
        .filter(i -> messages.get(i).isLearned())
        .mapToObj(i -> new Reply(messages.subList(0, i), messages.get(i)))
        .toList();
  }

  /** Their texts. */
  public Stream<String> agentTexts() {
    return messages.stream().filter(Message::isLearned).map(Message::text);
  }
}
