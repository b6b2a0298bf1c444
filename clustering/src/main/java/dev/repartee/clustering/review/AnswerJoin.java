package dev.repartee.clustering.review;

import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes one answer of several that a person said are the same. */
final class AnswerJoin {

  private static final int MOST_CONTEXTS = 5;

  private AnswerJoin() {}

  /** All of {@code parts} under id, text and language of the first. */
  static Answer join(List<Answer> parts) {
    Answer first = parts.getFirst();
    if (parts.size() == 1) {
      return first;
    }
    AnswerUse use =
        new AnswerUse(
            parts.stream().mapToLong(part -> part.use().sentences()).sum(),
            sums(parts, AnswerUse::byAgent),
            sums(parts, AnswerUse::byDomain),
            sums(parts, AnswerUse::byPosition),
            parts.stream()
                .flatMap(part -> part.use().contexts().stream())
                .distinct()
                .limit(MOST_CONTEXTS)
                .toList(),
            parts.stream().flatMap(part -> part.use().language().stream()).findFirst());
    return new Answer(
        first.id(),
        first.text(),
        parts.stream().mapToLong(Answer::count).sum(),
        agents(parts, use),
        phrasings(parts),
        use,
        parts.stream().flatMap(part -> part.hiddenPhrasings().stream()).toList());
  }

  /** Different ones where they are known by name, else as many as there are at least. */
  private static int agents(List<Answer> parts, AnswerUse joined) {
    int most = parts.stream().mapToInt(Answer::agents).max().orElse(0);
    return Math.max(most, joined.byAgent().size());
  }

  private static Map<String, Long> sums(
      List<Answer> parts, Function<AnswerUse, Map<String, Long>> counts) {
    Map<String, Long> sums = new HashMap<>();
    for (Answer part : parts) {
      counts.apply(part.use()).forEach((name, count) -> sums.merge(name, count, Long::sum));
    }
    return sums;
  }

  private static List<Phrasing> phrasings(List<Answer> parts) {
    Map<String, Long> counts = new HashMap<>();
    for (Answer part : parts) {
      part.phrasings().forEach(p -> counts.merge(p.text(), p.count(), Long::sum));
    }
    List<Phrasing> phrasings = new ArrayList<>();
    counts.forEach((text, count) -> phrasings.add(new Phrasing(text, count)));
    phrasings.sort(
        Comparator.comparingLong(Phrasing::count)
            .reversed()
            .thenComparing(Phrasing::text, TextNorm.BY_CODE_POINT));
    return phrasings;
  }
}
