package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.WholeReply;
import dev.repartee.engine.memory.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Ranks whole replies by the keystrokes that they are expected to save. The first ones differ: at
 * most two word the same answer, and none only adds to, or leaves out of, an earlier one a word or
 * two.
 *
 * @param weights of what speaks for a reply, by name
 */
public record ReplyRanking(Map<String, Double> weights) {

  /** Of a reply that is shown in a place of its own: one in fifty is what the agent writes. */
  private static final double LEAST_FIT = 0.02;

  /** Added to shares and probabilities, so that small ones differ little. */
  private static final double LEAST_SHARE = 1e-3;

  private static final double LEAST_PROBABILITY = 1e-4;

  /** With the weights that were learned on STAR. */
  private static final Features<WholeReply.Evidence> FEATURES =
      new Features<WholeReply.Evidence>()
          .with("always", 1.3, _ -> 1)
          .with("head", 0.7, one -> Math.log(one.byHead() + LEAST_PROBABILITY))
          .with("hidden", 0.2, one -> Math.log(one.byHidden() + LEAST_SHARE))
          .with("terms", 0.25, one -> Math.log(one.byTerms() + LEAST_SHARE))
          .with(
              "agent",
              0.6,
              one ->
                  Math.log(one.byAgent() + LEAST_PROBABILITY)
                      - Math.log(one.use() + LEAST_PROBABILITY));

  /** For a model that was not calibrated. */
  public static final ReplyRanking DEFAULT = new ReplyRanking(FEATURES.expected());

  /** How many at the front must differ; further down a ranking is for filtering by a draft. */
  private static final int DIFFERENT = 3;

  /**
   * Wordings of one answer among them. One alone saves two percentage points less typing on STAR,
   * since which wording is meant is half of the question.
   */
  private static final int WORDINGS = 2;

  /** Replies with a larger share of common words say the same. */
  private static final double SAME = 0.75;

  public ReplyRanking {
    weights = FEATURES.checked(weights);
  }

  private static double[][] features(List<WholeReply> replies) {
    return replies.stream().map(reply -> FEATURES.of(reply.evidence())).toArray(double[][]::new);
  }

  /**
   * What was said after a context.
   *
   * @param replies that were known
   * @param right the position of the true one, or -1
   */
  public record Observed(List<WholeReply> replies, int right) {

    public Observed {
      replies = List.copyOf(replies);
    }
  }

  /** The weights under which what was observed is most likely. */
  public static ReplyRanking fit(List<Observed> observed) {
    return new ReplyRanking(
        FEATURES.fit(
            observed.stream()
                .map(one -> new ConditionalLogit.Choice(features(one.replies), one.right))
                .toList()));
  }

  /** A reply and how probable it is. */
  private record Ranked(WholeReply reply, double probability) {

    Suggestion suggestion(double score) {
      return new Suggestion(
          Suggestion.Kind.ANSWER, reply.answerId(), reply.text(), reply.template(), score);
    }
  }

  /**
   * The best of those that begin with {@code draft}, in any case, and are longer than it; their
   * scores are the probabilities before calibration.
   */
  public List<Suggestion> rank(List<WholeReply> replies, String draft, int limit) {
    return best(replies, draft, limit).stream()
        .map(one -> one.suggestion(one.probability()))
        .toList();
  }

  /** How probable each of these replies is, before calibration; what is left is another one. */
  double[] probabilities(List<WholeReply> replies) {
    return ConditionalLogit.probabilities(weights.values(), features(replies));
  }

  private List<Ranked> best(List<WholeReply> replies, String draft, int limit) {
    return differing(ranked(replies, draft).toList(), limit);
  }

  private Stream<Ranked> ranked(List<WholeReply> replies, String draft) {
    String lower = Words.lower(draft);
    double[] probabilities = probabilities(replies);
    return IntStream.range(0, probabilities.length)
        .mapToObj(i -> new Ranked(replies.get(i), probabilities[i]))
        .filter(one -> one.reply().text().length() > draft.length())
        .filter(one -> draft.isEmpty() || Words.lower(one.reply().text()).startsWith(lower))
        .sorted(
            Comparator.comparingDouble(
                    (Ranked one) -> -one.probability() * (one.reply().text().length() - 1))
                .thenComparing(one -> one.reply().text()));
  }

  /** The first replies, without those that are not worth a look; the most probable comes first. */
  public List<Suggestion> worthShowing(List<WholeReply> replies, int limit, OfferPolicy policy) {
    return shown(best(replies, "", limit).stream().filter(one -> isWorth(one, policy)), policy);
  }

  /** The first of those that are worth showing or fit at all; the most probable comes first. */
  List<Suggestion> fitting(List<WholeReply> replies, int limit, OfferPolicy policy) {
    List<Ranked> fit =
        ranked(replies, "")
            .filter(one -> isWorth(one, policy) || shown(one, policy).score() >= LEAST_FIT)
            .toList();
    return shown(differing(fit, limit).stream(), policy);
  }

  private static boolean isWorth(Ranked one, OfferPolicy policy) {
    double probability = policy.replies().apply(one.probability());
    return policy.ofReply(probability, one.reply().text().length()) > 0;
  }

  private static Suggestion shown(Ranked one, OfferPolicy policy) {
    return one.suggestion(policy.repliesShown().apply(policy.replies().apply(one.probability())));
  }

  private static List<Suggestion> shown(Stream<Ranked> chosen, OfferPolicy policy) {
    return chosen
        .map(one -> shown(one, policy))
        .sorted(Comparator.comparingDouble(reply -> -reply.score()))
        .toList();
  }

  private static List<Ranked> differing(List<Ranked> ranked, int limit) {
    List<Ranked> front = new ArrayList<>();
    List<Ranked> back = new ArrayList<>(); // the others, in their order
    for (Ranked reply : ranked) {
      if (front.size() + back.size() == limit && front.size() >= Math.min(DIFFERENT, limit)) {
        break;
      }
      boolean different = front.size() < DIFFERENT && differs(reply, front);
      (different ? front : back).add(reply);
    }
    front.addAll(back);
    return front.subList(0, Math.min(limit, front.size()));
  }

  private static boolean differs(Ranked reply, List<Ranked> front) {
    long sameAnswer =
        front.stream()
            .filter(one -> one.reply().answerId().isPresent())
            .filter(one -> one.reply().answerId().equals(reply.reply().answerId()))
            .count();
    return sameAnswer < WORDINGS
        && front.stream()
            .noneMatch(one -> Words.overlap(one.reply().norm(), reply.reply().norm()) >= SAME);
  }
}
