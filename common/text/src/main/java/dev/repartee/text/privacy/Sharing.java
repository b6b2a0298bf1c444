package dev.repartee.text.privacy;

/**
 * When a text that agents wrote may be shown. To everybody when {@value #CONVERSATIONS}
 * conversations of {@value #AGENTS} agents hold it, to one agent when {@value #CONVERSATIONS} of
 * their own conversations do. However often a conversation holds it, it counts once.
 */
public final class Sharing {

  /** Conversations that hold a text before it is shown. */
  public static final int CONVERSATIONS = 3;

  /** Agents who use a text before others see it. */
  public static final int AGENTS = 2;

  /** Conversations that hold a typed text before it is shown, where nobody knows who typed it. */
  public static final int OF_UNKNOWN_AGENTS = 5;

  private Sharing() {}

  /** Whether an agent may see a text that so many of their own conversations hold. */
  public static boolean isOwn(int conversations) {
    return conversations >= CONVERSATIONS;
  }

  /**
   * Whether everybody may see a text of training conversations, which a center exports itself: the
   * conversations suffice where agents are not known.
   *
   * @param conversations that hold it
   * @param agents who wrote it
   * @param unknown whether the agents of some of the conversations are not known
   */
  public static boolean isTrainedForAll(int conversations, int agents, boolean unknown) {
    return conversations >= CONVERSATIONS && (unknown || agents >= AGENTS);
  }

  /**
   * Whether everybody may see a text that was typed at a service. Where agents are not known, the
   * callers that sent it count as agents, since who has one key can make up conversations; where
   * neither are, it takes {@value #OF_UNKNOWN_AGENTS} conversations: nobody can say that one agent
   * did not write them all.
   *
   * @param conversations that hold it
   * @param agents who wrote it; where more callers sent it whose agents are not known, these
   * @param ofUnknownAgents those of the conversations that neither an agent nor a caller is known
   *     of
   */
  public static boolean isTypedForAll(int conversations, int agents, int ofUnknownAgents) {
    return (conversations >= CONVERSATIONS && agents >= AGENTS)
        || ofUnknownAgents >= OF_UNKNOWN_AGENTS;
  }
}
