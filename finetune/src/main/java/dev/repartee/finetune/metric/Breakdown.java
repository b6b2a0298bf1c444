package dev.repartee.finetune.metric;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What parts of the replies saved under the headline rule.
 *
 * @param rule its name
 * @param agents with {@value #LEAST_AGENT_MESSAGES} replies or more, numbered by their replies,
 *     most first
 * @param domains by name; empty when conversations have none
 * @param lengths by characters of the reply
 * @param places by the character where offers stand; whole replies are offered before the first
 */
public record Breakdown(
    String rule, List<Part> agents, List<Part> domains, List<Part> lengths, List<Part> places) {

  /** Agents with fewer messages are left out: their figures are mostly noise. */
  static final int LEAST_AGENT_MESSAGES = 30;

  /** Where a part begins that ends before the next; the last is open. */
  private static final int[] LENGTHS = {1, 10, 20, 40, 80, 160, 201, 501, 1001, 2001};

  /** Where a place begins. */
  private static final int[] PLACES = {1, 501, 1001, 2001};

  public Breakdown {
    agents = List.copyOf(agents);
    domains = List.copyOf(domains);
    lengths = List.copyOf(lengths);
    places = List.copyOf(places);
  }

  /**
   * Some of the replies.
   *
   * @param conversations that have such replies
   * @param characters of the replies
   * @param saved in percent
   * @param ci95 of {@code saved}, by bootstrap over these conversations; empty, and not written,
   *     where they are fewer than {@value Interval#LEAST_CONVERSATIONS}
   */
  public record Part(
      String name,
      int conversations,
      int replies,
      long characters,
      double saved,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Interval> ci95) {

    private Part renamed(String other) {
      return new Part(other, conversations, replies, characters, saved, ci95);
    }
  }

  /** Of the first rule of the settings. */
  static Breakdown of(List<ReplyOutcome> outcomes, int conversations, EvaluationSettings settings) {
    // Empty replies have no length to save.
    MeasuredReplies measured =
        new MeasuredReplies(
            outcomes.stream().filter(outcome -> outcome.characters() > 0).toList(),
            conversations,
            settings.seed(),
            settings.rules().getFirst());
    return new Breakdown(
        measured.rule.name(),
        measured.agents(),
        measured.named(outcome -> outcome.position().domain()),
        measured.lengths(),
        measured.places());
  }

  /** The replies, to be cut into parts. */
  private record MeasuredReplies(
      List<ReplyOutcome> outcomes, int conversations, long seed, Rule rule) {

    /** Numbered by their replies, most first: an id may be a name. */
    List<Part> agents() {
      List<Part> byId =
          named(outcome -> outcome.position().agentId()).stream()
              .filter(part -> part.replies() >= LEAST_AGENT_MESSAGES)
              .sorted(Comparator.comparingInt(Part::replies).reversed())
              .toList();
      return IntStream.range(0, byId.size())
          .mapToObj(i -> byId.get(i).renamed("agent " + (i + 1)))
          .toList();
    }

    List<Part> named(Function<ReplyOutcome, Optional<String>> nameOf) {
      return outcomes.stream()
          .filter(outcome -> nameOf.apply(outcome).isPresent())
          .collect(Collectors.groupingBy(outcome -> nameOf.apply(outcome).orElseThrow()))
          .entrySet()
          .stream()
          .map(part -> part(part.getKey(), part.getValue()))
          .sorted(Comparator.comparing(Part::name))
          .toList();
    }

    List<Part> lengths() {
      return ranges(
          LENGTHS,
          (from, to) -> {
            List<ReplyOutcome> within =
                outcomes.stream()
                    .filter(outcome -> outcome.characters() >= from)
                    .filter(outcome -> outcome.characters() <= to)
                    .toList();
            return part(rangeName(from, to), within);
          });
    }

    List<Part> places() {
      return ranges(
          PLACES,
          (from, to) -> {
            Ratio all = new Ratio(conversations);
            List<ReplyOutcome> reaching =
                outcomes.stream()
                    .filter(outcome -> outcome.characters() >= from)
                    .filter(outcome -> !outcome.suggestionTaken())
                    .toList();
            for (ReplyOutcome reply : reaching) {
              all.add(
                  reply.conversation(),
                  reply.savedWithin(from, to),
                  Math.min(reply.characters(), to) - from + 1);
            }
            return part(rangeName(from, to), reaching.size(), all);
          });
    }

    /** Parts that have any reply, of ranges that begin where the one before ends. */
    private static List<Part> ranges(int[] begins, BiFunction<Integer, Integer, Part> part) {
      return IntStream.range(0, begins.length)
          .mapToObj(
              i ->
                  part.apply(
                      begins[i], i + 1 < begins.length ? begins[i + 1] - 1 : Integer.MAX_VALUE))
          .filter(one -> one.replies() > 0)
          .toList();
    }

    private static String rangeName(int from, int to) {
      return to == Integer.MAX_VALUE ? from + " or more" : from + " to " + to;
    }

    private Part part(String name, List<ReplyOutcome> replies) {
      Ratio all = new Ratio(conversations);
      replies.forEach(
          reply -> all.add(reply.conversation(), reply.saved(0, rule), reply.characters()));
      return part(name, replies.size(), all);
    }

    private Part part(String name, int replies, Ratio all) {
      Ratio saved = all.ofThoseConcerned();
      return new Part(
          name,
          saved.conversations(),
          replies,
          Math.round(saved.denominator()),
          saved.percent(),
          saved.percentIntervalOfEnough(seed));
    }
  }
}
