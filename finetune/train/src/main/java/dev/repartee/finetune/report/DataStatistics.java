package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Statistics of the data that a run is trained on.
 *
 * @param volume the amount of data
 * @param windowTokens length of the windows, tokens
 * @param replyCharacters length of the agents' messages, UTF-16 units
 * @param agents number of conversations of each known agent; ids, which may be names, become {@code
 *     agent 1} for the largest number, and so on
 * @param domains number of conversations of each known domain
 */
public record DataStatistics(
    Volume volume,
    Histogram windowTokens,
    Histogram replyCharacters,
    Map<String, Long> agents,
    Map<String, Long> domains) {

  /**
   * The amount of data.
   *
   * @param conversations number of conversations
   * @param customerMessages of all conversations
   * @param agentMessages of all conversations
   * @param cutMessages messages that were longer than a window and lost their end
   * @param windows token sequences that the conversations were cut into and that score anything
   * @param tokens of all windows, repeated context included
   * @param scoredTokens tokens that the loss counts
   */
  public record Volume(
      long conversations,
      long customerMessages,
      long agentMessages,
      long cutMessages,
      long windows,
      long tokens,
      long scoredTokens) {

    /** The share of the tokens that the loss counts, 0 to 1. */
    public double scoredShare() {
      return tokens == 0 ? 0 : (double) scoredTokens / tokens;
    }
  }

  public DataStatistics {
    requireNonNull(volume, "volume is null");
    requireNonNull(windowTokens, "windowTokens is null");
    requireNonNull(replyCharacters, "replyCharacters is null");
    agents = numbered(agents);
    domains = Collections.unmodifiableMap(new TreeMap<>(domains));
  }

  private static Map<String, Long> numbered(Map<String, Long> agents) {
    Map<String, Long> numbered = new TreeMap<>();
    agents.values().stream()
        .sorted(Comparator.reverseOrder())
        .forEach(count -> numbered.put("agent " + (numbered.size() + 1), count));
    return Collections.unmodifiableMap(numbered);
  }

  /**
   * A histogram of whole numbers.
   *
   * @param bins of equal width from 0, except the last, which holds all larger values; empty if
   *     there is no value
   * @param median the middle value
   * @param percentile95 the 95th percentile
   * @param max the largest value
   */
  public record Histogram(List<Bin> bins, int median, int percentile95, int max) {

    /** The number of values from {@code from} to {@code to}, both inclusive. */
    public record Bin(int from, int to, long count) {}

    private static final int MOST_BINS = 20;

    public Histogram {
      bins = List.copyOf(bins);
    }

    /** Counts whole numbers that are not negative. */
    public static final class Counts {
      private final NavigableMap<Integer, Long> byValue = new TreeMap<>();

      /** Counts {@code value}. */
      public void add(int value) {
        byValue.merge(value, 1L, Long::sum);
      }

      /** The histogram of what was counted so far. */
      public Histogram histogram() {
        if (byValue.isEmpty()) {
          return new Histogram(List.of(), 0, 0, 0);
        }
        // Up to the 98th percentile: a few large values would press all others into one bin.
        int width = niceWidth(percentile(0.98));
        List<Bin> bins = new ArrayList<>();
        int max = byValue.lastKey();
        for (int from = 0; from <= max; from += width) {
          int to = bins.size() == MOST_BINS - 1 ? max : Math.min(from + width - 1, max);
          bins.add(new Bin(from, to, count(from, to)));
          if (to == max) {
            break;
          }
        }
        return new Histogram(bins, percentile(0.5), percentile(0.95), max);
      }

      private long count(int from, int to) {
        return byValue.subMap(from, true, to, true).values().stream()
            .mapToLong(Long::longValue)
            .sum();
      }

      private int percentile(double share) {
        long wanted = (long) Math.ceil(share * count(0, byValue.lastKey()));
        long seen = 0;
        for (var entry : byValue.entrySet()) {
          seen += entry.getValue();
          if (seen >= wanted) {
            return entry.getKey();
          }
        }
        return byValue.lastKey();
      }

      /** The least of 1, 2, 4, 5 and 8 times a power of ten with which {@code to} fits. */
      private static int niceWidth(int to) {
        int power = 1;
        while (true) {
          for (int factor : new int[] {1, 2, 4, 5, 8}) {
            if (to < (long) factor * power * (MOST_BINS - 1)) {
              return factor * power;
            }
          }
          power *= 10;
        }
      }
    }
  }

  /** Gathers the statistics while the data is read. */
  public static final class Counter {

    private final Histogram.Counts windowTokens = new Histogram.Counts();
    private final Histogram.Counts replyCharacters = new Histogram.Counts();
    private final Map<String, Long> agents = new TreeMap<>();
    private final Map<String, Long> domains = new TreeMap<>();
    private long conversations;
    private long customerMessages;
    private long agentMessages;
    private long windows;
    private long tokens;
    private long scoredTokens;
    private long cutMessages;

    /**
     * Counts a conversation.
     *
     * @param cut its messages that were longer than a window
     */
    public void addConversation(Conversation conversation, int cut) {
      conversations++;
      for (Message message : conversation.messages()) {
        if (message.isAgent()) {
          agentMessages++;
        } else {
          customerMessages++;
        }
      }
      cutMessages += cut;
      conversation.agentTexts().forEach(text -> replyCharacters.add(text.length()));
      conversation.agentId().ifPresent(id -> agents.merge(id, 1L, Long::sum));
      conversation.domain().ifPresent(name -> domains.merge(name, 1L, Long::sum));
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

    /** The amount of data so far. */
    public Volume volume() {
      return new Volume(
          conversations,
          customerMessages,
          agentMessages,
          cutMessages,
          windows,
          tokens,
          scoredTokens);
    }

    /** The statistics of what was counted so far. */
    public DataStatistics statistics() {
      return new DataStatistics(
          volume(), windowTokens.histogram(), replyCharacters.histogram(), agents, domains);
    }
  }
}
