package dev.repartee.clustering.answers;

import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.cluster.Vectors;
import dev.repartee.clustering.count.CountedText;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.answers.PhrasingHash;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Turns clusters into answers. An answer's text is the phrasing that is on average most similar to
 * all uses of the cluster (its weighted medoid), with something added for how often it is used and
 * taken off for words that may be slips.
 *
 * <p>A phrasing is shown, whatever the redactor found in it, when enough agents used it, or when
 * enough agents use each of its words; then without numbers. What several people wrote in the same
 * words is nobody's personal data, and a name, a street or a password is mostly a word of few. The
 * others count, and are kept as hashes.
 */
public final class CandidateBuilder {

  /** Words that two agents use may still be what one customer told both. */
  private static final int FEWEST_WORD_SPEAKERS = 3;

  private static final double RARE_WORD_COST = 0.1;

  /** For every factor of e in use: of two that are about as typical, agents' choice decides. */
  private static final double USE_BONUS = 0.05;

  private final List<CountedText> texts;
  private final TextClusters clusters;
  private final WordUse words;
  private final UseSummary summary;
  private final Tidy tidy;
  private final int minAgents;

  /**
   * @param texts those that were clustered, in their order
   * @param minAgents different agents (conversations, where agents are unknown) of a phrasing that
   *     may be shown
   */
  public CandidateBuilder(List<CountedText> texts, TextClusters clusters, int minAgents) {
    this.texts = texts;
    this.clusters = clusters;
    this.words = new WordUse(texts, Math.max(FEWEST_WORD_SPEAKERS, minAgents));
    this.tidy = new Tidy(words::messages);
    this.summary = new UseSummary(minAgents);
    this.minAgents = minAgents;
  }

  /** A candidate for each cluster, in the clusters' order. */
  public List<Candidate> build() {
    return IntStream.range(0, clusters.size()).parallel().mapToObj(this::candidate).toList();
  }

  private Candidate candidate(int cluster) {
    List<Integer> rows = clusters.members(cluster);
    List<CountedText> members =
        rows.stream()
            .map(texts::get)
            .sorted(Comparator.comparingLong(CandidateBuilder::uses).reversed())
            .toList();
    CountedText medoid = texts.get(medoid(rows));
    Map<String, Long> keys = new LinkedHashMap<>();
    members.forEach(member -> keys.put(member.key(), uses(member)));
    AnswerUse use = summary.of(members);
    Answer answer =
        new Answer(
            AnswerIds.of(medoid.key()),
            tidy.tidy(shown(medoid), use.language()),
            members.stream().mapToLong(CountedText::messages).sum(),
            UseSummary.speakers(members),
            phrasings(members),
            use,
            hidden(members));
    long characters = members.stream().mapToLong(CountedText::characters).sum();
    return new Candidate(answer, characters, keys, mayBeShown(medoid));
  }

  private static long uses(CountedText text) {
    return text.messages() + text.sentences();
  }

  private boolean isWidelyUsed(CountedText text) {
    return text.speakers() >= minAgents;
  }

  private boolean mayBeShown(CountedText text) {
    return isWidelyUsed(text) || minAgents == 1 || words.isCommon(text.key());
  }

  private String shown(CountedText text) {
    String spelling = Spellings.shown(text);
    return isWidelyUsed(text) ? spelling : Spellings.withoutNumbers(spelling);
  }

  private List<Phrasing> phrasings(List<CountedText> members) {
    Map<String, Long> shown = new HashMap<>();
    members.stream()
        .filter(this::mayBeShown)
        .forEach(member -> shown.merge(shown(member), uses(member), Long::sum));
    return shown.entrySet().stream()
        .map(phrasing -> new Phrasing(phrasing.getKey(), phrasing.getValue()))
        .sorted(
            Comparator.comparingLong(Phrasing::count)
                .reversed()
                .thenComparing(Phrasing::text, TextNorm.BY_CODE_POINT))
        .toList();
  }

  /** Those that are not shown, and those that are shown with other numbers than they have. */
  private List<String> hidden(List<CountedText> members) {
    return members.stream()
        .filter(member -> !mayBeShown(member) || !TextNorm.mask(shown(member)).equals(member.key()))
        .map(member -> PhrasingHash.ofKey(member.key()))
        .toList();
  }

  private int medoid(List<Integer> members) {
    float[] sum = new float[clusters.vector(members.getFirst()).length];
    for (int member : members) {
      Vectors.addTo(sum, clusters.vector(member), (float) uses(texts.get(member)));
    }
    float[] centre = Vectors.unit(sum);
    return mostShowable(members).stream()
        .max(
            Comparator.comparingDouble((Integer member) -> typicality(member, centre))
                .thenComparingLong(member -> uses(texts.get(member)))
                .thenComparing(Comparator.reverseOrder()))
        .orElseThrow();
  }

  private List<Integer> mostShowable(List<Integer> members) {
    for (Predicate<CountedText> rule :
        List.<Predicate<CountedText>>of(this::isWidelyUsed, this::mayBeShown)) {
      List<Integer> some = members.stream().filter(m -> rule.test(texts.get(m))).toList();
      if (!some.isEmpty()) {
        return some;
      }
    }
    return members;
  }

  private double typicality(int member, float[] centre) {
    return Vectors.dot(clusters.vector(member), centre)
        + USE_BONUS * Math.log((double) uses(texts.get(member)))
        - RARE_WORD_COST * words.rareWords(texts.get(member).key());
  }
}
