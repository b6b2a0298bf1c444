package dev.repartee.engine.memory;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the desk that asks knows of a reply beside the conversation.
 *
 * @param agentId who writes the reply, where that is known
 * @param queue the queue or subject area of the conversation
 * @param language the language that the reply is to be in, as the primary tag of BCP 47: "de"
 * @param metadata values for placeholders by name, such as {@code customer_name}
 */
public record Desk(
    Optional<String> agentId,
    Optional<String> queue,
    Optional<String> language,
    Map<String, String> metadata) {

  /** The key of the customer's name in {@link #metadata}. */
  public static final String CUSTOMER_NAME = "customer_name";

  /** The key of the agent's name in {@link #metadata}. */
  public static final String AGENT_NAME = "agent_name";

  /** A desk of which nothing is known. */
  public static final Desk NONE = ofAgent(Optional.empty());

  public Desk {
    metadata = Map.copyOf(metadata);
  }

  /** A desk of which at most the agent is known. */
  public static Desk ofAgent(Optional<String> agentId) {
    return new Desk(agentId, Optional.empty(), Optional.empty(), Map.of());
  }

  /**
   * The desk at which {@code reply} was written in {@code conversation}: its agent, the queue, and
   * the names that are known.
   */
  public static Desk of(Conversation conversation, Message reply) {
    Map<String, String> names = new HashMap<>();
    conversation.customerName().ifPresent(name -> names.put(CUSTOMER_NAME, name));
    conversation.agentName().ifPresent(name -> names.put(AGENT_NAME, name));
    return new Desk(conversation.agentOf(reply), conversation.domain(), Optional.empty(), names);
  }

  /** A text with placeholders, filled by what the desk knows. */
  public FilledText fill(String template) {
    return new Placeholders(metadata, List::of).fill(template);
  }

  /** Without values, which are personal data and must not reach a log. */
  @Override
  public String toString() {
    return "Desk[agent %s, queue %s, language %s, %d metadata]"
        .formatted(
            known(agentId.isPresent()),
            known(queue.isPresent()),
            known(language.isPresent()),
            metadata.size());
  }

  private static String known(boolean present) {
    return present ? "known" : "unknown";
  }
}
