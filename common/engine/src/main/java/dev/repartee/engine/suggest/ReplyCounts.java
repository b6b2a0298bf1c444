package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Which tokens followed which in agents' replies, for matches of up to {@value #LONGEST} tokens:
 * all places in the replies, sorted by the tokens before them, last first, so that those after the
 * same tokens are neighbours (Liu et al. 2024, "Infini-gram"). A word that too few conversations
 * hold counts, and is neither named nor matched. Immutable.
 */
final class ReplyCounts {

  /** Tokens before the next one that are compared. */
  static final int LONGEST = 10;

  /** In the place of each word that must not be named. */
  static final int OTHER = -1;

  private static final int START = -2;

  /** An agent's own replies count so many times for them. */
  private static final int OWN_WEIGHT = 3;

  /**
   * A reply.
   *
   * @param tokens the last of which is the end marker
   * @param agent a number of who wrote it, or -1
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Reply(int[] tokens, int agent) {}

  /**
   * What followed the same last tokens.
   *
   * @param length how many tokens are the same, the reply's beginning counted as one
   * @param counts of each token that followed
   * @param total of these counts, and of those that are not named
   */
  record Match(int length, Map<Integer, Integer> counts, int total) {

    /** How many different tokens followed; all that are not named are one. */
    int kinds() {
      return counts.size();
    }
  }

  private final int[] stream; // the replies end to end, each after its START
  private final int[] agents; // of each reply's tokens
  private final int[] places; // in the stream

  ReplyCounts(List<Reply> replies) {
    int size = replies.stream().mapToInt(reply -> reply.tokens().length + 1).sum();
    stream = new int[size];
    agents = new int[size];
    int at = 0;
    for (Reply reply : replies) {
      stream[at++] = START;
      for (int token : reply.tokens()) {
        agents[at] = reply.agent();
        stream[at++] = token;
      }
    }
    places =
        IntStream.range(0, size)
            .filter(place -> stream[place] != START)
            .boxed()
            .sorted(this::compare)
            .mapToInt(Integer::intValue)
            .toArray();
  }

  private int compare(int one, int other) {
    for (int back = 1; back <= LONGEST; back++) {
      int order = Integer.compare(stream[one - back], stream[other - back]);
      if (order != 0 || stream[one - back] == START) {
        return order;
      }
    }
    return 0;
  }

  /**
   * What followed the last tokens of a reply, shorter matches first.
   *
   * @param begun its tokens so far
   * @param agent a number of who writes it, or -1
   */
  List<Match> after(int[] begun, int agent) {
    List<Match> matches = new ArrayList<>();
    int from = 0;
    int to = places.length;
    for (int back = 1; back <= Math.min(LONGEST, begun.length + 1); back++) {
      int token = back > begun.length ? START : begun[begun.length - back];
      from = first(from, to, back, token);
      to = first(from, to, back, token + 1);
      if (from == to) {
        break;
      }
      matches.add(match(back, from, to, agent));
    }
    return matches;
  }

  /** The first of these places before which, so far back, no lower token than {@code token} is. */
  private int first(int from, int to, int back, int token) {
    int low = from;
    int high = to;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (stream[places[middle] - back] < token) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private Match match(int length, int from, int to, int agent) {
    Map<Integer, Integer> counts = new TreeMap<>();
    int total = 0;
    for (int i = from; i < to; i++) {
      int place = places[i];
      int weight = agent >= 0 && agents[place] == agent ? OWN_WEIGHT : 1;
      counts.merge(stream[place], weight, Integer::sum);
      total += weight;
    }
    return new Match(length, counts, total);
  }
}
