package dev.repartee.finetune.conversations;

import dev.repartee.text.Quantiles;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds agents who may be bots: they write the same few texts again and again, which the other
 * agents do not. Where a desk does not mark its bots, they would be learned like persons.
 */
final class Repeats {

  /** Shorter texts, such as thanks, everybody repeats. */
  private static final int LEAST_CHARACTERS = 20;

  /** Of fewer messages nothing is said. */
  private static final int LEAST_MESSAGES = 20;

  /** A text that somebody wrote so often is repeated. */
  private static final int LEAST_TIMES = 3;

  /** A bot repeats this share of its messages at least, and this many times the others' share. */
  private static final double LEAST_SHARE = 0.6;

  private static final double LEAST_RATIO = 2;

  /**
   * An agent who may be a bot.
   *
   * @param share of the messages that are repeated texts
   * @param others the median of that share of the other agents
   */
  record Repeating(String agent, long messages, double share, double others) {

    private static Repeating of(String agent, Collection<Integer> timesOfTexts) {
      long messages = timesOfTexts.stream().mapToLong(times -> times).sum();
      long repeated =
          timesOfTexts.stream().filter(times -> times >= LEAST_TIMES).mapToLong(t -> t).sum();
      return new Repeating(agent, messages, (double) repeated / messages, 0);
    }

    private Repeating beside(List<Repeating> all) {
      double[] shares =
          all.stream()
              .filter(one -> !one.agent.equals(agent))
              .mapToDouble(Repeating::share)
              .toArray();
      return new Repeating(agent, messages, share, Quantiles.median(shares));
    }

    /**
     * What it is, for people, behind the number of messages.
     *
     * @param column the one with the agent in CSV
     */
    String text(String column) {
      return String.format(
          Locale.ROOT,
          "messages of agent '%s' are word by word the same texts to %.0f%%, other agents' to"
              + " %.0f%%; if it is a bot, import with --roles '%1$s=bot', or CSV with --skip"
              + " '%4$s=%1$s'",
          agent,
          100 * share,
          100 * others,
          column);
    }
  }

  private final Map<String, Map<Integer, Integer>> counts = new HashMap<>(); // by agent and hash

  /** Adds a message of an agent. */
  void add(Optional<String> agent, String text) {
    if (agent.isPresent() && text.length() >= LEAST_CHARACTERS) {
      counts
          .computeIfAbsent(agent.get(), unseen -> new HashMap<>())
          .merge(text.hashCode(), 1, Integer::sum);
    }
  }

  /** Those found, by the number of their messages. */
  List<Repeating> found() {
    List<Repeating> all =
        counts.entrySet().stream()
            .map(one -> Repeating.of(one.getKey(), one.getValue().values()))
            .filter(one -> one.messages >= LEAST_MESSAGES)
            .toList();
    return all.stream()
        .filter(one -> one.share >= LEAST_SHARE && all.size() > 1)
        .map(one -> one.beside(all))
        .filter(one -> one.share >= LEAST_RATIO * one.others)
        .sorted(Comparator.comparingLong(Repeating::messages).reversed())
        .toList();
  }
}
