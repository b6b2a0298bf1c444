package dev.repartee.clustering.count;

/**
 * Where in conversations a text is the whole of an agent's message.
 *
 * @param opening as the agent's first message of the conversation, also when it is the only one
 * @param middle neither first nor last
 * @param closing as the agent's last message
 */
public record Positions(long opening, long middle, long closing) {}
