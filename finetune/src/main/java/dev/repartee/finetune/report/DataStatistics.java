package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a run was trained on.
 *
 * @param volume how much
 * @param windowTokens length of the windows, tokens
 * @param replyCharacters length of the agents' messages, UTF-16 units
 * @param agents conversations of each agent that is known
 * @param domains conversations of each domain that is known
 */
public record DataStatistics(
    Volume volume,
    Histogram windowTokens,
    Histogram replyCharacters,
    Map<String, Long> agents,
    Map<String, Long> domains) {

  /**
   * How much data there is.
   *
   * @param conversations read
   * @param messages of both sides
   * @param windows token sequences that they were cut into
   * @param tokens of the windows
   * @param scoredTokens of them that the loss counts
   * @param truncatedMessages that did not fit a window as a whole
   * @param batchCells tokens of the batches, padding included; 0 where not known
   */
  public record Volume(
      long conversations,
      long messages,
      long windows,
      long tokens,
      long scoredTokens,
      long truncatedMessages,
      long batchCells) {

    /** The share of the tokens that the loss counts, 0 to 1. */
    public double scoredShare() {
      return tokens == 0 ? 0 : (double) scoredTokens / tokens;
    }

    /** The share of the batches that is padding, 0 to 1. */
    public double paddingShare() {
      return batchCells == 0 ? 0 : Math.max(0, 1 - (double) tokens / batchCells);
    }
  }

  public DataStatistics {
    requireNonNull(volume, "volume is null");
    requireNonNull(windowTokens, "windowTokens is null");
    requireNonNull(replyCharacters, "replyCharacters is null");
    agents = Collections.unmodifiableMap(new TreeMap<>(agents));
    domains = Collections.unmodifiableMap(new TreeMap<>(domains));
  }

  /** Counts while the data is read. */
  public static final class Counter {

    private final Histogram.Counts windowTokens = new Histogram.Counts();
    private final Histogram.Counts replyCharacters = new Histogram.Counts();
    private final Map<String, Long> agents = new TreeMap<>();
    private final Map<String, Long> domains = new TreeMap<>();
    private long conversations;
    private long messages;
    private long windows;
    private long tokens;
    private long scoredTokens;
    private long truncatedMessages;
    private long batchCells;

    /** Counts a conversation of {@code messageCount} messages. */
    public void addConversation(int messageCount, Optional<String> agent, Optional<String> domain) {
      conversations++;
      messages += messageCount;
      agent.ifPresent(id -> agents.merge(id, 1L, Long::sum));
      domain.ifPresent(name -> domains.merge(name, 1L, Long::sum));
    }

    /** Counts an agent's message of so many UTF-16 units. */
    public void addReply(int characters) {
      replyCharacters.add(characters);
    }

    /** Counts a message that had to be cut. */
    public void addTruncatedMessage() {
      truncatedMessages++;
    }

    /** Counts a window. */
    public void addWindow(int windowTokenCount, int scoredTokenCount) {
      if (scoredTokenCount > windowTokenCount) {
        throw new IllegalArgumentException(
            "scoredTokenCount must be at most the window's %d tokens but is %d"
                .formatted(windowTokenCount, scoredTokenCount));
      }
      windows++;
      tokens += windowTokenCount;
      scoredTokens += scoredTokenCount;
      windowTokens.add(windowTokenCount);
    }

    /** Counts the tokens of one batch of an epoch, padding included. */
    public void addBatch(long cells) {
      batchCells += cells;
    }

    /** What was counted so far. */
    public DataStatistics statistics() {
      return new DataStatistics(
          new Volume(
              conversations,
              messages,
              windows,
              tokens,
              scoredTokens,
              truncatedMessages,
              batchCells),
          windowTokens.histogram(),
          replyCharacters.histogram(),
          agents,
          domains);
    }
  }
}
