package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.review.ReviewResult.Fate;
import dev.repartee.text.answers.Answer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Messages that no answer covers, for one reason.
 *
 * @param reason a few words that follow "is"
 * @param clusters the number of clusters that they form, if any
 * @param messages the number of messages that are one of the texts and nothing else
 * @param examples texts that may be shown
 */
record LeftOut(String reason, OptionalInt clusters, long messages, List<String> examples) {

  private static final int MOST_EXAMPLES = 10;

  LeftOut {
    examples = List.copyOf(examples);
  }

  /** Clusters that did not become answers, most messages first, then what is in no cluster. */
  static List<LeftOut> all(Extraction extraction) {
    return Stream.concat(
            ofClusters(extraction).stream(),
            Stream.of(
                withoutClusters("without similar texts (noise)", extraction.noiseMessages()),
                withoutClusters("blank", extraction.corpus().blankMessages())))
        .toList();
  }

  private static LeftOut withoutClusters(String reason, long messages) {
    return new LeftOut(reason, OptionalInt.empty(), messages, List.of());
  }

  /** The reasons why clusters did not become answers, most messages first. */
  static List<LeftOut> ofClusters(Extraction extraction) {
    Map<String, List<AnswerCandidate>> byReason = new LinkedHashMap<>();
    List<Fate> fates = extraction.review().fates();
    for (int i = 0; i < fates.size(); i++) {
      if (fates.get(i).answer().isEmpty()) {
        byReason
            .computeIfAbsent(fates.get(i).whyNot(), unseen -> new ArrayList<>())
            .add(extraction.candidates().get(i));
      }
    }
    return byReason.entrySet().stream()
        .map(entry -> of(entry.getKey(), entry.getValue()))
        .sorted(
            Comparator.comparingLong(LeftOut::messages).reversed().thenComparing(LeftOut::reason))
        .toList();
  }

  private static LeftOut of(String reason, List<AnswerCandidate> candidates) {
    return new LeftOut(
        reason,
        OptionalInt.of(candidates.size()),
        candidates.stream().mapToLong(candidate -> candidate.answer().count()).sum(),
        candidates.stream()
            .filter(candidate -> candidate.shown() && isWidelyUsed(candidate, reason))
            .sorted(Comparator.comparing(AnswerCandidate::answer, Answer.MOST_USED_FIRST))
            .limit(MOST_EXAMPLES)
            .map(candidate -> candidate.answer().text())
            .toList());
  }

  /** Texts of few agents may name a person and must not be shown. */
  private static boolean isWidelyUsed(AnswerCandidate candidate, String reason) {
    return candidate.answer().agents() > 1 && !reason.endsWith("agents");
  }
}
