package dev.repartee.clustering.answers;

import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.corpus.CountedText;
import dev.repartee.clustering.vector.Vectors;
import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.Phrasing;
import dev.repartee.common.data.TextNorm;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Turns clusters into answers. An answer's text is the phrasing that is on average most similar to
 * all messages of the cluster (its weighted medoid), with something added for how often it is used
 * and taken off for words that may be slips.
 */
public final class CandidateBuilder {

  private static final double RARE_WORD_COST = 0.1;

  /** For every factor of e in use: of two that are about as typical, agents' choice decides. */
  private static final double USE_BONUS = 0.05;

  private final List<CountedText> texts;
  private final TextClusters clusters;
  private final WordUse words;
  private final int minAgents;

  /**
   * @param minAgents a phrasing of fewer agents stands for an answer only when there is no other,
   *     since it may name what only one conversation was about
   */
  public CandidateBuilder(List<CountedText> texts, TextClusters clusters, int minAgents) {
    this.texts = texts;
    this.clusters = clusters;
    this.words = new WordUse(texts);
    this.minAgents = minAgents;
  }

  /** A candidate for each cluster, in the clusters' order. */
  public List<Candidate> build() {
    return IntStream.range(0, clusters.size()).mapToObj(this::candidate).toList();
  }

  private Candidate candidate(int cluster) {
    List<Integer> members = clusters.members(cluster);
    CountedText medoid = texts.get(medoid(members));
    String text = medoid.bestSpelling();
    Set<String> speakers = new HashSet<>();
    members.forEach(member -> speakers.addAll(texts.get(member).byAgent().keySet()));
    // Which conversations they are is not kept, so one with two phrasings counts twice.
    long unknown =
        members.stream()
            .map(texts::get)
            .mapToLong(member -> member.speakers() - member.byAgent().size())
            .sum();
    List<Phrasing> phrasings =
        members.stream()
            .map(texts::get)
            .map(member -> new Phrasing(member.bestSpelling(), member.messages()))
            .sorted(
                Comparator.comparingLong(Phrasing::count)
                    .reversed()
                    .thenComparing(Phrasing::text, TextNorm.BY_CODE_POINT))
            .toList();
    long count = phrasings.stream().mapToLong(Phrasing::count).sum();
    long characters = members.stream().mapToLong(m -> texts.get(m).characters()).sum();
    return new Candidate(
        new Answer(
            AnswerIds.of(medoid.key()),
            text,
            count,
            Math.toIntExact(speakers.size() + unknown),
            phrasings),
        characters);
  }

  private int medoid(List<Integer> members) {
    double[] sum = new double[clusters.vector(members.getFirst()).length];
    for (int member : members) {
      Vectors.addTo(sum, clusters.vector(member), (double) texts.get(member).messages());
    }
    float[] centre = Vectors.unit(sum);
    List<Integer> widelyUsed =
        members.stream().filter(m -> texts.get(m).speakers() >= minAgents).toList();
    return (widelyUsed.isEmpty() ? members : widelyUsed)
        .stream()
            .max(
                Comparator.comparingDouble((Integer member) -> typicality(member, centre))
                    .thenComparingLong(member -> texts.get(member).messages())
                    .thenComparing(Comparator.reverseOrder()))
            .orElseThrow();
  }

  private double typicality(int member, float[] centre) {
    return Vectors.dot(clusters.vector(member), centre)
        + USE_BONUS * Math.log((double) texts.get(member).messages())
        - RARE_WORD_COST * words.rareWords(texts.get(member).key());
  }
}
