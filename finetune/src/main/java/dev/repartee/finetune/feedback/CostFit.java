package dev.repartee.finetune.feedback;

import dev.repartee.finetune.metric.Costs;
import dev.repartee.finetune.metric.Costs.Cost;
import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.Action;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.text.Quantiles;
import dev.repartee.text.UserException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
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

  /** The columns of a reply: the three costs' counts, what was typed, and the time. */
  private static final int COSTS = 3;

  private static final int TYPED = COSTS;
  private static final int TIME = COSTS + 1;
  private static final int COLUMNS = COSTS + 2;

  private static final int FEWEST_REPLIES = 30; // of an agent
  private static final int FEWEST_OF_ALL = 200;

  /** An interval that reaches further to either side says too little. */
  private static final double WIDEST = 1.0;

  private static final int ROUNDS = 200;
  private static final double STAYS = 1e-9;

  /** Sums of the columns and of their products. */
  private static final class Sums {
    private double count;
    private final double[] sums = new double[COLUMNS];
    private final double[][] products = new double[COLUMNS][COLUMNS];

    void add(double[] columns) {
      count++;
      for (int i = 0; i < COLUMNS; i++) {
        sums[i] += columns[i];
        for (int j = 0; j < COLUMNS; j++) {
          products[i][j] += columns[i] * columns[j];
        }
      }
    }

    void add(Sums other, double sign) {
      count += sign * other.count;
      for (int i = 0; i < COLUMNS; i++) {
        sums[i] += sign * other.sums[i];
        for (int j = 0; j < COLUMNS; j++) {
          products[i][j] += sign * other.products[i][j];
        }
      }
    }

    /** Products of the deviations from the means, by which the start drops out. */
    double[][] centred() {
      double[][] centred = new double[COLUMNS][COLUMNS];
      for (int i = 0; i < COLUMNS; i++) {
        for (int j = 0; j < COLUMNS; j++) {
          centred[i][j] = products[i][j] - sums[i] * sums[j] / count;
        }
      }
      return centred;
    }
  }

  private final Map<String, Sums[]> agents = new TreeMap<>(); // by group of conversations
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
    columns[0] = reply.taken();
    for (Action action : events.orElseThrow().actions()) {
      if (action.action() == What.DISPLAYED) {
        columns[action.kind().map("answer"::equals).orElse(action.id().isPresent()) ? 2 : 1]++;
      }
    }
    columns[TYPED] = reply.charactersTyped();
    columns[TIME] = time.getAsLong();
    named |= reply.agent().isPresent();
    replies++;
    sums(reply.agent().or(reply::caller).orElse(""))[
        Math.floorMod(reply.conversationId().hashCode(), Tallies.GROUPS)]
        .add(columns);
  }

  private Sums[] sums(String agent) {
    return agents.computeIfAbsent(
        agent,
        _ -> {
          Sums[] groups = new Sums[Tallies.GROUPS];
          Arrays.setAll(groups, _ -> new Sums());
          return groups;
        });
  }

  private void merge(CostFit other) {
    replies += other.replies;
    named |= other.named;
    other.agents.forEach(
        (agent, groups) -> {
          Sums[] all = sums(agent);
          for (int i = 0; i < groups.length; i++) {
            all[i].add(groups[i], 1);
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
    double[] all = estimate(-1);
    List<double[]> without = IntStream.range(0, Tallies.GROUPS).mapToObj(this::estimate).toList();
    long groups =
        IntStream.range(0, Tallies.GROUPS)
            .filter(group -> agents.values().stream().anyMatch(own -> own[group].count > 0))
            .count();
    List<Cost> costs = new ArrayList<>();
    for (int i = 0; i < COSTS; i++) {
      int cost = i;
      costs.add(
          UsageReport.jackknife(groups, group -> group < 0 ? all[cost] : without.get(group)[cost])
              .map(ci95 -> cost(all[cost], ci95))
              .orElse(Cost.UNKNOWN));
    }
    double[] keys = keyTimes(all);
    return new Costs(
        replies,
        named ? Optional.of(agents.size()) : Optional.empty(),
        Quantiles.median(keys),
        costs.get(0),
        costs.get(1),
        costs.get(2),
        spread());
  }

  private static Cost cost(double keystrokes, Interval ci95) {
    boolean enough = ci95.high() - keystrokes <= WIDEST;
    return new Cost(Optional.of(keystrokes), Optional.of(ci95), enough);
  }

  /** The products of each agent with enough replies, without one group. */
  private List<double[][]> centred(int without) {
    List<double[][]> centred = new ArrayList<>();
    for (Sums[] groups : agents.values()) {
      Sums sum = new Sums();
      for (int i = 0; i < groups.length; i++) {
        if (i != without) {
          sum.add(groups[i], 1);
        }
      }
      if (sum.count >= FEWEST_REPLIES && sum.centred()[TYPED][TYPED] > 0) {
        centred.add(sum.centred());
      }
    }
    return centred;
  }

  private double[] estimate(int without) {
    List<double[][]> products = centred(without);
    if (products.isEmpty()) {
      throw new UserException(
          "no agent has %d replies with different numbers of characters typed: nothing can be estimated"
              .formatted(FEWEST_REPLIES));
    }
    return estimate(products);
  }

  /** The costs; NaN for one that nothing was counted of. */
  private static double[] estimate(List<double[][]> agents) {
    double[] costs = {2, 1.5, 1.5};
    for (int i = 0; i < COSTS; i++) {
      int column = i;
      if (agents.stream().mapToDouble(one -> one[column][column]).sum() == 0) {
        costs[i] = Double.NaN;
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      double[][] normal = new double[COSTS][COSTS + 1];
      for (double[][] one : agents) {
        double key = keyTime(one, costs);
        if (key > 0) {
          for (int i = 0; i < COSTS; i++) {
            for (int j = 0; j < COSTS; j++) {
              normal[i][j] += one[i][j];
            }
            normal[i][COSTS] += one[i][TIME] / key - one[i][TYPED];
          }
        }
      }
      double[] next = solve(normal, costs);
      double change = 0;
      for (int i = 0; i < COSTS; i++) {
        change = Double.isNaN(costs[i]) ? change : Math.max(change, Math.abs(next[i] - costs[i]));
      }
      costs = next;
      if (change < STAYS) {
        break;
      }
    }
    return costs;
  }

  /** The slope of the time over the keystrokes that these costs make. */
  private static double keyTime(double[][] products, double[] costs) {
    double[] weights = new double[COSTS + 1];
    for (int i = 0; i < COSTS; i++) {
      weights[i] = Double.isNaN(costs[i]) ? 0 : costs[i];
    }
    weights[TYPED] = 1;
    double over = 0;
    double under = 0;
    for (int i = 0; i <= COSTS; i++) {
      over += weights[i] * products[i][TIME];
      for (int j = 0; j <= COSTS; j++) {
        under += weights[i] * weights[j] * products[i][j];
      }
    }
    return over / under;
  }

  /** By Gaussian elimination with pivoting; costs that are NaN stay so and count for nothing. */
  private static double[] solve(double[][] normal, double[] costs) {
    for (int i = 0; i < COSTS; i++) {
      if (Double.isNaN(costs[i])) {
        for (int j = 0; j < COSTS; j++) {
          normal[i][j] = 0;
          normal[j][i] = 0;
        }
        normal[i][i] = 1;
        normal[i][COSTS] = 0;
      }
    }
    for (int column = 0; column < COSTS; column++) {
      int pivot = column;
      for (int row = column + 1; row < COSTS; row++) {
        pivot = Math.abs(normal[row][column]) > Math.abs(normal[pivot][column]) ? row : pivot;
      }
      double[] swapped = normal[column];
      normal[column] = normal[pivot];
      normal[pivot] = swapped;
      for (int row = 0; row < COSTS; row++) {
        if (row != column) {
          double factor = normal[row][column] / normal[column][column];
          for (int j = column; j <= COSTS; j++) {
            normal[row][j] -= factor * normal[column][j];
          }
        }
      }
    }
    double[] solved = new double[COSTS];
    for (int i = 0; i < COSTS; i++) {
      solved[i] = Double.isNaN(costs[i]) ? Double.NaN : normal[i][COSTS] / normal[i][i];
    }
    return solved;
  }

  private double[] keyTimes(double[] costs) {
    return centred(-1).stream().mapToDouble(one -> keyTime(one, costs)).sorted().toArray();
  }

  /** Of the agents' own costs, where so many agents are known that none stands alone. */
  private Optional<Costs.Spread> spread() {
    List<double[]> own =
        centred(-1).stream().map(one -> estimate(List.<double[][]>of(one))).toList();
    if (!named || own.size() < UsageReport.FEWEST_AGENTS) {
      return Optional.empty();
    }
    return Optional.of(
        new Costs.Spread(own.size(), quartiles(own, 0), quartiles(own, 1), quartiles(own, 2)));
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
