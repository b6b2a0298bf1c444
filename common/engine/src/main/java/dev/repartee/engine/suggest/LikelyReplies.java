package dev.repartee.engine.suggest;

import dev.repartee.text.WordBreaks;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What the known replies to similar contexts say about a completion: the share of those which agree
 * with the draft that go on with it. On STAR this saves three percentage points more time than the
 * model and the words before the draft alone do.
 */
final class LikelyReplies {

  /** Where what agrees with a draft is less probable in all, it says nothing. */
  private static final double LEAST = 1e-3;

  private final List<String> lower;
  private final double[] probabilities;

  LikelyReplies(List<WholeReply> replies) {
    this.lower = replies.stream().map(reply -> Words.lower(reply.text())).toList();
    // Not the calibrated ranking, so that calibrating twice gives the same result.
    this.probabilities = ReplyRanking.DEFAULT.probabilities(replies);
  }

  /** Those that agree with one draft. */
  final class After {
    private final String draft;
    private final int[] agreeing;
    private final double all;

    private After(String draft) {
      this.draft = Words.lower(draft);
      this.agreeing =
          IntStream.range(0, lower.size())
              .filter(i -> lower.get(i).length() > draft.length())
              .filter(i -> lower.get(i).startsWith(this.draft))
              .toArray();
      this.all = IntStream.of(agreeing).mapToDouble(i -> probabilities[i]).sum();
    }

    /** The share that go on with {@code text} and end a word there; empty where too few agree. */
    OptionalDouble share(String text) {
      if (all < LEAST) {
        return OptionalDouble.empty();
      }
      String wanted = draft + Words.lower(text);
      double right =
          IntStream.of(agreeing)
              .filter(i -> lower.get(i).startsWith(wanted))
              .filter(i -> WordBreaks.isBoundary(lower.get(i), wanted.length()))
              .mapToDouble(i -> probabilities[i])
              .sum();
      return OptionalDouble.of(Math.min(1, right / all));
    }
  }

  After after(String draft) {
    return new After(draft);
  }
}
