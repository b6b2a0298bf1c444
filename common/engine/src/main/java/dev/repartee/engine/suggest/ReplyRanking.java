package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ranks whole replies by the keystrokes that they are expected to save. The first ones differ: at
 * most two word the same answer, and none only adds to, or leaves out of, an earlier one a word or
 * two.
 *
 * @param trustInModel weight of the model's own view against the answer head's, 0 to 1
 */
public record ReplyRanking(double trustInModel) {

  /** How many at the front must differ; further down a ranking is for filtering by a draft. */
  private static final int DIFFERENT = 3;

  /**
   * Wordings of one answer among them. One alone saves two percentage points less typing on STAR,
   * since which wording is meant is half of the question.
   */
  private static final int WORDINGS = 2;

  /** Replies with a larger share of common words say the same. */
  private static final double SAME = 0.75;

  /** The mixed probability, before calibration. */
  public double probability(WholeReply reply) {
    return Math.min(1, trustInModel * reply.byModel() + (1 - trustInModel) * reply.byHead());
  }

  /**
   * The best of those that begin with {@code draft}, in any case, and are longer than it; their
   * scores are the mixed probabilities.
   */
  public List<Suggestion> rank(List<WholeReply> replies, String draft, int limit) {
    return best(replies, draft, limit).stream()
        .map(reply -> suggestion(reply, probability(reply)))
        .toList();
  }

  private List<WholeReply> best(List<WholeReply> replies, String draft, int limit) {
    String lower = Words.lower(draft);
    List<WholeReply> ranked = new ArrayList<>();
    for (WholeReply reply : replies) {
      if (reply.text().length() > draft.length()
          && (draft.isEmpty() || Words.lower(reply.text()).startsWith(lower))) {
        ranked.add(reply);
      }
    }
    ranked.sort(
        Comparator.comparingDouble(
                (WholeReply reply) -> -probability(reply) * (reply.text().length() - 1))
            .thenComparing(WholeReply::text));
    return differing(ranked, limit);
  }

  /** Those of the first that are worth a look before the first keystroke, most probable first. */
  public List<Suggestion> worthShowing(List<WholeReply> replies, int limit, OfferPolicy policy) {
    return best(replies, "", limit).stream()
        .map(reply -> suggestion(reply, policy.replies().apply(probability(reply))))
        .filter(reply -> policy.ofReply(reply.score(), reply.text().length()) > 0)
        .sorted(Comparator.comparingDouble(reply -> -reply.score()))
        .toList();
  }

  private static Suggestion suggestion(WholeReply reply, double score) {
    return new Suggestion(
        reply.answerId().isPresent() ? Suggestion.Kind.ANSWER : Suggestion.Kind.COMPLETION,
        reply.answerId(),
        reply.text(),
        score);
  }

  private static List<WholeReply> differing(List<WholeReply> ranked, int limit) {
    List<WholeReply> front = new ArrayList<>();
    List<WholeReply> back = new ArrayList<>(); // the others, in their order
    for (WholeReply reply : ranked) {
      if (front.size() + back.size() == limit && front.size() >= Math.min(DIFFERENT, limit)) {
        break;
      }
      boolean different = front.size() < DIFFERENT && differs(reply, front);
      (different ? front : back).add(reply);
    }
    front.addAll(back);
    return front.subList(0, Math.min(limit, front.size()));
  }

  private static boolean differs(WholeReply reply, List<WholeReply> front) {
    long sameAnswer =
        front.stream()
            .filter(one -> one.answerId().isPresent())
            .filter(one -> one.answerId().equals(reply.answerId()))
            .count();
    return sameAnswer < WORDINGS && front.stream().noneMatch(one -> alike(one, reply));
  }

  private static boolean alike(WholeReply one, WholeReply other) {
    Set<String> words = words(one);
    Set<String> others = words(other);
    Set<String> common = new HashSet<>(words);
    common.retainAll(others);
    int all = words.size() + others.size() - common.size();
    return all > 0 && common.size() >= SAME * all;
  }

  private static Set<String> words(WholeReply reply) {
    return new HashSet<>(Arrays.asList(reply.norm().split(" ", -1)));
  }
}
