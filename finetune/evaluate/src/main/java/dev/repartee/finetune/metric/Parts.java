package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Breakdown.Part;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Cuts the replies into parts, each of which is scored on its own. */
final class Parts {

  /** An interval needs as many. */
  static final int LEAST_CONVERSATIONS = 5;

  /** Where a part begins that ends before the next; the last is open. */
  private static final int[] LENGTHS = {1, 10, 20, 40, 80, 160, 201};

  private static final int[] POSITIONS = {1, 2, 4, 7, 11};

  private final List<ReplyOutcome> outcomes;
  private final int conversations;
  private final long seed;
  private final Rule rule;

  Parts(List<ReplyOutcome> outcomes, int conversations, EvaluationSettings settings) {
    // Empty replies have no length to save.
    this.outcomes = outcomes.stream().filter(outcome -> outcome.characters() > 0).toList();
    this.conversations = conversations;
    this.seed = settings.seed();
    this.rule = settings.rules().getFirst();
  }

  /** Of the first rule of the settings. */
  Breakdown breakdown() {
    return new Breakdown(
        rule.name(),
        agents(),
        named(outcome -> outcome.place().domain()),
        ranges(ReplyOutcome::characters, LENGTHS),
        ranges(outcome -> outcome.place().number(), POSITIONS));
  }

  /** Numbered by their replies, most first: an id may be a name. */
  private List<Part> agents() {
    List<Part> byId =
        named(outcome -> outcome.place().agentId()).stream()
            .filter(part -> part.replies() >= Scores.LEAST_AGENT_MESSAGES)
            .sorted(Comparator.comparingInt(Part::replies).reversed())
            .toList();
    return IntStream.range(0, byId.size())
        .mapToObj(i -> byId.get(i).renamed("agent " + (i + 1)))
        .toList();
  }

  private List<Part> named(Function<ReplyOutcome, Optional<String>> nameOf) {
    return outcomes.stream()
        .filter(outcome -> nameOf.apply(outcome).isPresent())
        .collect(Collectors.groupingBy(outcome -> nameOf.apply(outcome).orElseThrow()))
        .entrySet()
        .stream()
        .map(part -> part(part.getKey(), part.getValue()))
        .sorted(Comparator.comparing(Part::name))
        .toList();
  }

  private List<Part> ranges(Function<ReplyOutcome, Integer> valueOf, int[] starts) {
    Map<String, List<ReplyOutcome>> ranges = new LinkedHashMap<>();
    for (int i = 0; i < starts.length; i++) {
      int from = starts[i];
      int to = i + 1 < starts.length ? starts[i + 1] - 1 : Integer.MAX_VALUE;
      List<ReplyOutcome> within =
          outcomes.stream()
              .filter(outcome -> valueOf.apply(outcome) >= from && valueOf.apply(outcome) <= to)
              .toList();
      if (!within.isEmpty()) {
        ranges.put(rangeName(from, to), within);
      }
    }
    return ranges.entrySet().stream().map(part -> part(part.getKey(), part.getValue())).toList();
  }

  private static String rangeName(int from, int to) {
    if (from == to) {
      return Integer.toString(from);
    }
    return to == Integer.MAX_VALUE ? from + " or more" : from + " to " + to;
  }

  private Part part(String name, List<ReplyOutcome> replies) {
    Ratio all = new Ratio(conversations);
    replies.forEach(
        reply -> all.add(reply.conversation(), reply.saved(0, rule), reply.characters()));
    Ratio saved = all.ofThoseConcerned();
    return new Part(
        name,
        saved.conversations(),
        replies.size(),
        Math.round(saved.denominator()),
        saved.percent(),
        saved.conversations() < LEAST_CONVERSATIONS
            ? Optional.empty()
            : Optional.of(saved.percentInterval(seed)));
  }
}
