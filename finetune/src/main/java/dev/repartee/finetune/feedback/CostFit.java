package dev.repartee.finetune.feedback;

import dev.repartee.finetune.metric.Costs;
import dev.repartee.finetune.metric.Costs.Cost;
import dev.repartee.finetune.metric.Interval;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Action;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.text.Quantiles;
import dev.repartee.text.UserException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Estimates what it costs agents to read and to take a suggestion, in keystrokes, from how long
 * they composed. The model: a reply of agent {@code i} takes
 *
 * <pre>start(i) + key(i) x (typed + accept x taken + read x completions + readReply x replies)
 * </pre>
 *
 * with the completions and whole replies that were displayed. Each agent's start and key time and
 * the common costs are least-squares estimates, found in turn until they stay. Intervals leave out
 * one of twenty groups of conversations after the other (delete-a-group jackknife), so that the
 * replies of a conversation need not be independent.
 */
final class CostFit implements FeedbackReader.Counter {

  /** The columns of a reply: a one, the counts of the three costs, what was typed, the time. */
  private static final int COSTS = 3;

  private static final int TYPED = COSTS + 1;
  private static final int TIME = COSTS + 2;
  private static final int COLUMNS = COSTS + 3;

  private static final int FEWEST_REPLIES = 30; // of an agent
  private static final int FEWEST_OF_ALL = 200;

  /** An interval that reaches further to either side says too little. */
  private static final double WIDEST = 1.0;

  private static final int ROUNDS = 1000;
  private static final double STAYS = 1e-9;

  /** Sums of the products of columns, of each agent by group of conversations. */
  private final Map<String, double[][][]> agents = new TreeMap<>();

  private long replies;
  private boolean named;

  /** A fit to all feedback. */
  static Costs fit(FeedbackReader feedback) {
    CostFit all = new CostFit();
    feedback.read(LocalDate.MIN, LocalDate.MAX, CostFit::new, all::merge);
    return all.costs();
  }

  /** Replies that were searched for, pasted or partly not recorded say nothing about the costs. */
  @Override
  public void add(FeedbackRecord reply, LocalDate day) {
    Optional<ReplyEvents> events =
        reply
            .events()
            .filter(all -> all.count(What.SEARCHED) + all.count(What.PASTED) == 0)
            .filter(all -> all.dropped().orElse(0) == 0);
    OptionalLong time = events.map(ReplyEvents::composingMs).orElse(OptionalLong.empty());
    if (time.isEmpty()) {
      return;
    }
    double[] columns = new double[COLUMNS];
    columns[0] = 1;
    columns[1] = reply.taken();
    for (Action action : events.orElseThrow().actions()) {
      if (action.action() == What.DISPLAYED) {
        columns[action.kind().map("answer"::equals).orElse(action.id().isPresent()) ? 3 : 2]++;
      }
    }
    columns[TYPED] = reply.charactersTyped();
    columns[TIME] = time.getAsLong();
    named |= reply.agent().isPresent();
    replies++;
    double[][] products =
        products(reply.agent().or(reply::caller).orElse(""))[
            Math.floorMod(reply.conversationId().hashCode(), Tallies.GROUPS)];
    for (int i = 0; i < COLUMNS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        products[i][j] += columns[i] * columns[j];
      }
    }
  }

  private double[][][] products(String agent) {
    return agents.computeIfAbsent(agent, _ -> new double[Tallies.GROUPS][COLUMNS][COLUMNS]);
  }

  private static void add(double[][] sum, double[][] more) {
    for (int i = 0; i < COLUMNS; i++) {
      for (int j = 0; j < COLUMNS; j++) {
        sum[i][j] += more[i][j];
      }
    }
  }

  private void merge(CostFit other) {
    replies += other.replies;
    named |= other.named;
    other.agents.forEach(
        (agent, groups) -> {
          double[][][] all = products(agent);
          for (int i = 0; i < groups.length; i++) {
            add(all[i], groups[i]);
          }
        });
  }

  private Costs costs() {
    if (replies < FEWEST_OF_ALL) {
      throw new UserException(
          ("%d replies have times and what was displayed; an estimate needs %d and more: the front"
                  + " end sends 'events' with feedback")
              .formatted(replies, FEWEST_OF_ALL));
    }
    List<double[][]> products = centred(-1);
    double[] all = estimate(products);
    List<double[]> without =
        IntStream.range(0, Tallies.GROUPS).mapToObj(group -> estimate(centred(group))).toList();
    return new Costs(
        replies,
        named ? Optional.of(agents.size()) : Optional.empty(),
        Quantiles.median(products.stream().mapToDouble(one -> keyTime(one, all)).toArray()),
        cost(1, all, without),
        cost(2, all, without),
        cost(3, all, without),
        spread(products));
  }

  /**
   * With an interval by the delete-a-group jackknife (Kott 2001).
   *
   * @param without the estimates without each of the groups
   */
  private Cost cost(int column, double[] all, List<double[]> without) {
    long groups =
        IntStream.range(0, Tallies.GROUPS)
            .filter(group -> agents.values().stream().anyMatch(own -> own[group][0][0] > 0))
            .count();
    double keystrokes = all[column];
    double squares =
        without.stream().mapToDouble(one -> Math.pow(one[column] - keystrokes, 2)).sum();
    double half = Tallies.T95 * Math.sqrt(squares * (Tallies.GROUPS - 1) / Tallies.GROUPS);
    return groups < Interval.LEAST_CONVERSATIONS || Double.isNaN(half)
        ? Cost.UNKNOWN
        : new Cost(
            Optional.of(keystrokes),
            Optional.of(new Interval(keystrokes - half, keystrokes + half)),
            half <= WIDEST);
  }

  /**
   * The products of the deviations from the means, by which the start drops out, of each agent with
   * enough replies, without one group.
   */
  private List<double[][]> centred(int without) {
    List<double[][]> centred = new ArrayList<>();
    for (double[][][] groups : agents.values()) {
      double[][] sum = new double[COLUMNS][COLUMNS];
      for (int i = 0; i < groups.length; i++) {
        if (i != without) {
          add(sum, groups[i]);
        }
      }
      double[] sums = sum[0].clone();
      for (int i = 0; i < COLUMNS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          sum[i][j] -= sums[i] * sums[j] / sums[0];
        }
      }
      if (sums[0] >= FEWEST_REPLIES && sum[TYPED][TYPED] > 0) {
        centred.add(sum);
      }
    }
    if (centred.isEmpty()) {
      throw new UserException(
          "no agent has %d replies with different numbers of characters typed: nothing can be estimated"
              .formatted(FEWEST_REPLIES));
    }
    return centred;
  }

  /** The costs, by column; NaN for one that nothing was counted of. */
  private static double[] estimate(List<double[][]> agents) {
    double[] costs = {0, 2, 1.5, 1.5, 1}; // a typed character costs itself
    for (int i = 1; i <= COSTS; i++) {
      int column = i;
      if (agents.stream().mapToDouble(one -> one[column][column]).sum() == 0) {
        costs[i] = Double.NaN;
      }
    }
    double change = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS && change >= STAYS; round++) {
      double[][] normal = new double[TYPED][TYPED];
      for (double[][] one : agents) {
        double key = keyTime(one, costs);
        for (int i = 1; i <= COSTS && key > 0; i++) {
          normal[i][0] += one[i][TIME] / key - one[i][TYPED];
          for (int j = 1; j <= COSTS; j++) {
            normal[i][j] += one[i][j];
          }
        }
      }
      change = improve(costs, normal);
    }
    return costs;
  }

  /** Solves each normal equation for its cost (Gauss-Seidel), and returns the largest change. */
  private static double improve(double[] costs, double[][] normal) {
    double change = 0;
    for (int i = 1; i <= COSTS; i++) {
      if (!Double.isNaN(costs[i])) {
        double rest = normal[i][0];
        for (int j = 1; j <= COSTS; j++) {
          rest -= j == i ? 0 : normal[i][j] * known(costs[j]);
        }
        double next = rest / normal[i][i];
        change = Math.max(change, Math.abs(next - costs[i]));
        costs[i] = next;
      }
    }
    return change;
  }

  /** The slope of the time over the keystrokes that these costs make. */
  private static double keyTime(double[][] products, double[] costs) {
    double over = 0;
    double under = 0;
    for (int i = 1; i <= TYPED; i++) {
      over += known(costs[i]) * products[i][TIME];
      for (int j = 1; j <= TYPED; j++) {
        under += known(costs[i]) * known(costs[j]) * products[i][j];
      }
    }
    return over / under;
  }

  private static double known(double cost) {
    return Double.isNaN(cost) ? 0 : cost;
  }

  /** Of the agents' own costs, where so many agents are known that none stands alone. */
  private Optional<Costs.Spread> spread(List<double[][]> products) {
    List<double[]> own = products.stream().map(one -> estimate(List.<double[][]>of(one))).toList();
    if (!named || own.size() < UsageReport.FEWEST_AGENTS) {
      return Optional.empty();
    }
    return Optional.of(
        new Costs.Spread(own.size(), quartiles(own, 1), quartiles(own, 2), quartiles(own, 3)));
  }

  private static List<Double> quartiles(List<double[]> own, int cost) {
    double[] sorted =
        own.stream().mapToDouble(one -> one[cost]).filter(Double::isFinite).sorted().toArray();
    return sorted.length < UsageReport.FEWEST_AGENTS
        ? List.of()
        : List.of(
            Quantiles.linear(sorted, 0.25),
            Quantiles.linear(sorted, 0.5),
            Quantiles.linear(sorted, 0.75));
  }
}
