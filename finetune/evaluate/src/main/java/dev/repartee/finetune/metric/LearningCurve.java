package dev.repartee.finetune.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.metric.Counts.RuleCounts;
import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was saved against the conversations seen before, by an engine that learned from each after
 * it was measured ({@link TypedTextSaved#replay}). Shares are percentages, rounded to two decimals.
 *
 * @param conversations how many were measured and learned
 * @param characters of the replies, in code points
 * @param net over all conversations, as under {@link Rule#NET}
 * @param steady over all conversations, as under {@link Rule#STEADY}
 * @param wholeReplies what whole replies save alone, were the first three always shown
 * @param displays offers and whole replies shown under {@link Rule#NET}, per reply
 * @param curve one window of conversations after the other; the last may be shorter
 * @param domains how many conversations were seen before the first of each domain, in order
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record LearningCurve(
    int conversations,
    int replies,
    long characters,
    Saved net,
    Saved steady,
    Saved wholeReplies,
    double displays,
    List<Window> curve,
    Map<String, Integer> domains) {

  /** What {@link #of} needs to have been measured. */
  public static final List<Rule> RULES = List.of(Rule.NET, Rule.STEADY);

  /**
   * A share and where it lies in 95% of bootstrap resamples of conversations. The interval is of
   * the conversations: the order in which they are learned stays.
   */
  public record Saved(double saved, Interval ci95) {

    private static Saved of(Ratio ratio, long seed) {
      return new Saved(ratio.percent(), ratio.percentInterval(seed));
    }
  }

  /**
   * Some conversations in a row.
   *
   * @param conversations seen before the first of these
   * @param measured how many these are
   * @param wholeReplies as of {@link LearningCurve}, like {@code displays}
   * @param running over all conversations up to the last of these
   * @param domains of these, each with its share of them; not written where none is known
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Window(
      int conversations,
      int measured,
      int replies,
      double net,
      double steady,
      double wholeReplies,
      double displays,
      Running running,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, Double> domains) {

    public Window {
      domains = Collections.unmodifiableMap(new LinkedHashMap<>(domains));
    }
  }

  /** As in {@link LearningCurve}, of the conversations until then. */
  public record Running(double net, double steady) {

    private static Running of(Counts counts) {
      return new Running(saved(counts, Rule.NET).percent(), saved(counts, Rule.STEADY).percent());
    }
  }

  public LearningCurve {
    curve = List.copyOf(curve);
    domains = Collections.unmodifiableMap(new LinkedHashMap<>(domains));
  }

  /**
   * Refuses a width of windows that {@link #of} cannot take.
   *
   * @throws UserException (wrong usage) naming the bound
   */
  public static void checkEach(int each) {
    if (each < 1) {
      throw UserException.usage(
          "--each must be at least 1 conversation but is %d; 25 is a good width".formatted(each));
    }
  }

  /**
   * The curve of a replay.
   *
   * @param counts of the replay, under {@link #RULES}
   * @param conversations that were replayed, in that order
   * @param each how many conversations make a window
   */
  public static LearningCurve of(Counts counts, List<Conversation> conversations, int each) {
    checkEach(each);
    List<Window> curve = new ArrayList<>();
    for (int first = 0; first < conversations.size(); first += each) {
      int end = Math.min(conversations.size(), first + each);
      Counts part = counts.part(first, end);
      curve.add(
          new Window(
              first,
              end - first,
              Math.toIntExact(Counts.sum(part.replies())),
              saved(part, Rule.NET).percent(),
              saved(part, Rule.STEADY).percent(),
              wholeReplies(part).percent(),
              displays(part),
              Running.of(counts.part(0, end)),
              shares(conversations.subList(first, end))));
    }
    Map<String, Integer> domains = new LinkedHashMap<>();
    for (int c = 0; c < conversations.size(); c++) {
      int seen = c;
      conversations.get(c).domain().ifPresent(domain -> domains.putIfAbsent(domain, seen));
    }
    return new LearningCurve(
        conversations.size(),
        Math.toIntExact(Counts.sum(counts.replies())),
        Counts.sum(counts.characters()),
        Saved.of(saved(counts, Rule.NET), counts.seed()),
        Saved.of(saved(counts, Rule.STEADY), counts.seed()),
        Saved.of(wholeReplies(counts), counts.seed()),
        displays(counts),
        curve,
        domains);
  }

  private static Ratio saved(Counts counts, Rule rule) {
    return Share.SAVED.of(counts, rule.name());
  }

  private static Ratio wholeReplies(Counts counts) {
    return Share.SUGGESTIONS_SAVED.of(counts, Rule.NET.name());
  }

  private static double displays(Counts counts) {
    RuleCounts net = counts.rule(Rule.NET.name());
    double shown = Counts.sum(net.shown()) + Counts.sum(net.replies());
    return Math.round(100 * shown / Math.max(1, Counts.sum(counts.replies()))) / 100.0;
  }

  /** Of the domains, by name. */
  private static Map<String, Double> shares(List<Conversation> conversations) {
    Map<String, Integer> counts = new TreeMap<>();
    for (Conversation one : conversations) {
      one.domain().ifPresent(domain -> counts.merge(domain, 1, Integer::sum));
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    counts.forEach(
        (domain, count) ->
            shares.put(domain, Scores.percent((double) count / conversations.size())));
    return shares;
  }
}
