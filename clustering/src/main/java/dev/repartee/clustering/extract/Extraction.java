package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.answers.CandidateBuilder;
import dev.repartee.clustering.answers.Coverage;
import dev.repartee.clustering.cluster.Clusterer;
import dev.repartee.clustering.cluster.Clusterer.ClusterOptions;
import dev.repartee.clustering.cluster.Clusterer.TextClusters;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.clustering.review.Review;
import dev.repartee.clustering.review.ReviewInput;
import dev.repartee.clustering.review.ReviewResult;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The way from counted texts to answers, and what each step found: cluster the texts, make a
 * candidate of each cluster, apply people's decisions.
 *
 * @param corpus what was counted
 * @param texts the texts that were clustered, in the order of the clusters' positions
 * @param clusters the texts that say the same
 * @param candidates a candidate for each cluster, in the clusters' order
 * @param review the answers after people's decisions
 */
public record Extraction(
    CorpusTally corpus,
    List<TextTally> texts,
    TextClusters clusters,
    List<AnswerCandidate> candidates,
    ReviewResult review) {

  /** A text that is only a sentence of longer messages needs this many of them. */
  private static final long FEWEST_SENTENCES = 3;

  /**
   * Extracts the answers of {@code corpus}.
   *
   * @param bounds the bounds for becoming an answer
   * @param review people's decisions, and the answers of earlier extractions
   * @param seed the same corpus, bounds, review and seed give the same answers
   * @param progress receives a line for each step
   * @throws UserException if no agent wrote anything
   */
  public static Extraction run(
      CorpusTally corpus,
      AnswerBounds bounds,
      ReviewInput review,
      long seed,
      Consumer<String> progress) {
    if (corpus.agentMessages() == corpus.blankMessages()) {
      throw new UserException(
          "no agent wrote anything in "
              + corpus.conversations()
              + " conversations; check that the agents' messages have the role 'agent'");
    }
    List<TextTally> texts =
        corpus.sortedTexts().stream()
            .filter(text -> text.messages() > 0 || text.sentences() >= FEWEST_SENTENCES)
            .toList();
    ClusterOptions options = ClusterOptions.defaults(Math.min(2, bounds.minCount()), seed);
    TextClusters clusters = new Clusterer(options, progress).cluster(texts);
    progress.accept("answers of " + clusters.size() + " clusters");
    List<AnswerCandidate> candidates =
        new CandidateBuilder(texts, clusters, bounds, corpus.facts()).build();
    return new Extraction(
        corpus, texts, clusters, candidates, Review.apply(candidates, review, bounds.maxAnswers()));
  }

  /** The answers, most used first. */
  public AnswerSet answers() {
    return new AnswerSet(review.answers(), corpus.facts());
  }

  /** The messages that each answer covers, in the answers' order. */
  public List<Coverage.Share> shares() {
    Map<String, Coverage.Share> shares = new HashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      AnswerCandidate candidate = candidates.get(i);
      Coverage.Share share = new Coverage.Share(candidate.answer().count(), candidate.characters());
      review
          .fates()
          .get(i)
          .answer()
          .ifPresent(answer -> shares.merge(answer, share, Coverage.Share::plus));
    }
    return review.answers().stream()
        .map(answer -> shares.getOrDefault(answer.id(), Coverage.Share.NONE))
        .toList();
  }

  /** The share of the messages that the answers cover. */
  public Coverage coverage() {
    return new Coverage(shares(), new Coverage.Share(corpus.agentMessages(), corpus.characters()));
  }

  /** The number of messages whose text is in no cluster. */
  long noiseMessages() {
    return IntStream.range(0, texts.size())
        .filter(text -> clusters.clusterOf(text) == TextClusters.NOISE)
        .mapToLong(text -> texts.get(text).messages())
        .sum();
  }
}
