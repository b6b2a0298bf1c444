package dev.repartee.finetune.corpus;

/**
 * What a corpus holds.
 *
 * @param conversations read
 * @param customerMessages of all conversations
 * @param agentMessages of all conversations
 * @param cutMessages that were longer than a window and lost their end
 * @param windows that score anything
 * @param tokens of all windows, repeated context included
 * @param scoredTokens that the loss counts
 */
public record CorpusStatistics(
    long conversations,
    long customerMessages,
    long agentMessages,
    long cutMessages,
    long windows,
    long tokens,
    long scoredTokens) {

  static final CorpusStatistics NONE = new CorpusStatistics(0, 0, 0, 0, 0, 0, 0);

  CorpusStatistics plus(CorpusStatistics other) {
    return new CorpusStatistics(
        conversations + other.conversations,
        customerMessages + other.customerMessages,
        agentMessages + other.agentMessages,
        cutMessages + other.cutMessages,
        windows + other.windows,
        tokens + other.tokens,
        scoredTokens + other.scoredTokens);
  }
}
