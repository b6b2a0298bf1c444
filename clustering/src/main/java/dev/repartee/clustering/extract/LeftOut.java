package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.review.ReviewResult.Fate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages that no answer covers, for one reason.
 *
 * @param reason a few words that follow "is"
 * @param clusters the number of clusters that they form
 * @param messages the number of messages that are one of the texts and nothing else
 */
record LeftOut(String reason, int clusters, long messages) {

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
        candidates.size(),
        candidates.stream().mapToLong(candidate -> candidate.answer().count()).sum());
  }
}
