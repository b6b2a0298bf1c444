package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Suggestion;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Whole replies, best first, filtered by a draft without regard to case. */
record RankedReplies(List<Ranked> all) {

  /**
   * One of them.
   *
   * @param share how probable it is, 0 to 1
   */
  record Ranked(String id, String text, String lower, double share) {

    Ranked(String id, String text, double share) {
      this(id, text, text.toLowerCase(Locale.ROOT), share);
    }

    private Suggestion whole() {
      return Suggestion.answer(id, text, share);
    }

    private Suggestion rest(String draft, double score) {
      // By code points: where lower-casing changes lengths, the units of both need not match.
      int[] points = text.codePoints().toArray();
      int typed = Math.min(draft.codePointCount(0, draft.length()), points.length);
      String rest = new String(points, typed, points.length - typed);
      return new Suggestion(Suggestion.Kind.COMPLETION, Optional.of(id), rest, rest, score);
    }
  }

  RankedReplies {
    all = List.copyOf(all);
  }

  /** Those that begin with the draft. */
  List<Suggestion> answers(String draft, int limit) {
    String lower = draft.toLowerCase(Locale.ROOT);
    return all.stream()
        .filter(reply -> reply.lower().startsWith(lower))
        .limit(limit)
        .map(Ranked::whole)
        .toList();
  }

  /**
   * The rest of the first that begins with the draft and goes on; its score is its share in those
   * that begin with the draft.
   */
  Optional<Suggestion> complete(String draft) {
    String lower = draft.toLowerCase(Locale.ROOT);
    List<Ranked> fitting = all.stream().filter(reply -> reply.lower().startsWith(lower)).toList();
    double sum = fitting.stream().mapToDouble(Ranked::share).sum();
    return fitting.stream()
        .filter(reply -> reply.lower().length() > lower.length())
        .findFirst()
        .map(reply -> reply.rest(draft, Math.min(1, reply.share() / sum)));
  }
}
