package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Rule.Cost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was counted in each conversation, in the order in which they were measured: numbers only, so
 * that it may be kept where what people wrote may not, and two models be compared long after both
 * were measured.
 *
 * @param seed of the bootstrap
 * @param replies of the agent
 * @param characters of these, in code points, and the keys of their typos
 * @param suggestionSaved characters that whole replies alone saved
 * @param amongFirst replies that were ranked among the first three
 * @param rules what each rule cost, by its name
 */
public record Counts(
    long seed,
    List<Integer> replies,
    List<Integer> characters,
    List<Integer> suggestionSaved,
    List<Integer> amongFirst,
    Map<String, RuleCounts> rules) {

  /**
   * What one rule cost in each conversation.
   *
   * @param steady as in {@link Rule}, like the next three
   * @param typed keys pressed, those that delete included
   * @param actions suggestions and offers taken
   * @param shown as in {@link Evaluation.Saving}
   * @param taken offers taken
   * @param replies whole replies shown
   */
  @JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
  public record RuleCounts(
      boolean steady,
      double accept,
      double read,
      double readReply,
      List<Integer> typed,
      List<Integer> actions,
      List<Integer> shown,
      List<Integer> taken,
      List<Integer> replies) {

    public RuleCounts {
      typed = List.copyOf(typed);
      actions = List.copyOf(actions);
      shown = List.copyOf(shown);
      taken = List.copyOf(taken);
      replies = List.copyOf(replies);
    }

    private Rule rule() {
      return new Rule("", steady, accept, read, readReply);
    }

    private List<List<Integer>> columns() {
      return List.of(typed, actions, shown, taken, replies);
    }

    /** What conversation {@code c} cost, in keystrokes. */
    double total(int c) {
      return rule().cost(typed.get(c), actions.get(c), shown.get(c), replies.get(c));
    }
  }

  public Counts {
    replies = List.copyOf(replies);
    characters = List.copyOf(characters);
    suggestionSaved = List.copyOf(suggestionSaved);
    amongFirst = List.copyOf(amongFirst);
    rules = Collections.unmodifiableMap(new LinkedHashMap<>(rules));
    List<List<Integer>> columns = new ArrayList<>(List.of(characters, suggestionSaved, amongFirst));
    rules.values().forEach(rule -> columns.addAll(rule.columns()));
    int conversations = replies.size();
    if (columns.stream().anyMatch(column -> column.size() != conversations)) {
      throw new IllegalArgumentException(
          "counts must have " + conversations + " numbers of each kind, one per conversation");
    }
  }

  static Counts of(List<ReplyOutcome> outcomes, int conversations, EvaluationSettings settings) {
    Columns columns = new Columns(outcomes, conversations);
    Map<String, RuleCounts> rules = new LinkedHashMap<>();
    for (int i = 0; i < settings.rules().size(); i++) {
      int index = i;
      Rule rule = settings.rules().get(i);
      rules.put(
          rule.name(),
          new RuleCounts(
              rule.steady(),
              rule.accept(),
              rule.read(),
              rule.readReply(),
              columns.of(outcome -> cost(outcome, index).typed()),
              columns.of(outcome -> cost(outcome, index).actions()),
              columns.of(outcome -> cost(outcome, index).offersShown()),
              columns.of(outcome -> outcome.suggestionTaken() ? 0 : cost(outcome, index).actions()),
              columns.of(outcome -> cost(outcome, index).repliesShown())));
    }
    return new Counts(
        settings.seed(),
        columns.of(outcome -> 1),
        columns.of(ReplyOutcome::characters),
        columns.of(outcome -> outcome.amongFirst() ? outcome.characters() - 1 : 0),
        columns.of(outcome -> outcome.amongFirst() ? 1 : 0),
        rules);
  }

  private static Cost cost(ReplyOutcome outcome, int rule) {
    return outcome.costs().get(rule);
  }

  /** Sums over the replies of each conversation. */
  private record Columns(List<ReplyOutcome> outcomes, int conversations) {

    private List<Integer> of(ToIntFunction<ReplyOutcome> count) {
      List<Integer> sums = new ArrayList<>(Collections.nCopies(conversations, 0));
      for (ReplyOutcome outcome : outcomes) {
        sums.set(
            outcome.conversation(), sums.get(outcome.conversation()) + count.applyAsInt(outcome));
      }
      return sums;
    }
  }

  int conversations() {
    return replies.size();
  }

  static long sum(List<Integer> numbers) {
    return numbers.stream().mapToLong(Integer::intValue).sum();
  }

  /**
   * What the rule of this name cost.
   *
   * @throws IllegalArgumentException naming the rules that were measured
   */
  RuleCounts rule(String name) {
    RuleCounts counts = rules.get(name);
    if (counts == null) {
      throw new IllegalArgumentException(
          "rule '" + name + "' was not measured, only " + String.join(", ", rules.keySet()));
    }
    return counts;
  }

  Ratio ratio() {
    return new Ratio(conversations());
  }

  /**
   * Typing saved under a rule, by conversation.
   *
   * @throws IllegalArgumentException naming the rules that were measured
   */
  Ratio saved(String rule) {
    RuleCounts costs = rule(rule);
    Ratio ratio = ratio();
    for (int c = 0; c < conversations(); c++) {
      ratio.add(c, characters.get(c) - costs.total(c), characters.get(c));
    }
    return ratio;
  }

  /** Typing saved by the whole replies alone, by conversation. */
  Ratio savedBySuggestions() {
    return ratio(suggestionSaved, characters);
  }

  Ratio ratio(List<Integer> numerators, List<Integer> denominators) {
    Ratio ratio = ratio();
    for (int c = 0; c < conversations(); c++) {
      ratio.add(c, numerators.get(c), denominators.get(c));
    }
    return ratio;
  }

  /**
   * Whether the two come from the same replies, as far as counts can tell, and share a rule. Who
   * knows the data's SHA-256 compares that first.
   */
  public boolean isComparable(Counts other, String rule) {
    return replies.equals(other.replies)
        && characters.equals(other.characters)
        && rules.containsKey(rule)
        && other.rules.containsKey(rule)
        && rules.get(rule).rule().equals(other.rules.get(rule).rule());
  }

  /**
   * How much more was saved under {@code rule} than in {@code other}, by a paired bootstrap over
   * the conversations.
   *
   * @throws IllegalArgumentException when the two are not {@linkplain #isComparable comparable}
   */
  public Difference difference(String rule, Counts other) {
    if (!isComparable(other, rule)) {
      throw new IllegalArgumentException("only what was measured alike can be compared");
    }
    return saved(rule).difference(other.saved(rule), seed);
  }

  /** How much more whole replies alone saved than in {@code other}, by the same bootstrap. */
  Difference differenceOfSuggestions(Counts other) {
    return savedBySuggestions().difference(other.savedBySuggestions(), seed);
  }
}
