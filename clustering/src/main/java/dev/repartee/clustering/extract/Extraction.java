package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.answers.CandidateBuilder;
import dev.repartee.clustering.cluster.Clusterer;
import dev.repartee.clustering.cluster.Clusterer.ClusterOptions;
import dev.repartee.clustering.cluster.Clusterer.TextClusters;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.CorpusTally.Coverage;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.clustering.review.Review;
import dev.repartee.clustering.review.ReviewInput;
import dev.repartee.clustering.review.ReviewResult;
import dev.repartee.clustering.review.ReviewResult.Fate;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
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
          "no agent wrote anything in %s conversations; check that the agents' messages have the role 'agent'"
              .formatted(corpus.conversations()));
    }
    List<TextTally> texts = corpus.sortedTexts();
    ClusterOptions options = ClusterOptions.defaults(seed);
    TextClusters clusters = new Clusterer(options, progress).cluster(texts);
    progress.accept("answers of " + clusters.size() + " clusters");
    List<AnswerCandidate> candidates =
        new CandidateBuilder(texts, clusters, bounds, corpus).build();
    return new Extraction(
        corpus, texts, clusters, candidates, Review.apply(candidates, review, bounds.maxAnswers()));
  }

  /** The answers, most used first. */
  public AnswerSet answers() {
    return new AnswerSet(review.answers(), corpus.facts());
  }

  /**
   * How much of what agents write stands in the {@code top} most used answers, by what other
   * conversations have: what perfect suggestions could save, not what a model will.
   */
  public Coverage coverage(int top) {
    Set<String> counted =
        review.answers().stream().limit(top).map(Answer::id).collect(Collectors.toSet());
    return corpus.coverage(
        IntStream.range(0, candidates.size())
            .filter(i -> review.fates().get(i).answer().filter(counted::contains).isPresent())
            .boxed()
            .flatMap(i -> candidates.get(i).shown().stream())
            .collect(Collectors.toSet()));
  }

  /**
   * By an answer's id the customer's message that it followed most often, where so many
   * conversations have it word for word (docs/adr/0011).
   */
  Map<String, String> customerMessages(int fewest) {
    Map<String, String> messages = new HashMap<>();
    for (int i = 0; i < clusters.size(); i++) {
      String id = review.fates().get(i).id();
      clusters.members(i).stream()
          .flatMap(member -> texts.get(member).contexts().stream())
          .filter(context -> !context.before().isBlank())
          .map(context -> Map.entry(context.before(), context.conversation()))
          .distinct()
          .collect(Collectors.groupingBy(Map.Entry::getKey, TreeMap::new, Collectors.counting()))
          .entrySet()
          .stream()
          .filter(message -> message.getValue() >= fewest)
          .max(Map.Entry.comparingByValue())
          .ifPresent(message -> messages.put(id, message.getKey()));
    }
    return messages;
  }

  /**
   * Messages that no answer covers, for one reason.
   *
   * @param reason a few words that follow "is"
   * @param clusters the number of clusters that they form
   * @param messages the number of messages that are one of the texts and nothing else
   */
  record LeftOut(String reason, int clusters, long messages) {}

  /** The reasons why clusters did not become answers, most messages first. */
  List<LeftOut> leftOut() {
    Map<String, LeftOut> byReason = new HashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      Fate fate = review.fates().get(i);
      if (fate.answer().isEmpty()) {
        byReason.merge(
            fate.whyNot(),
            new LeftOut(fate.whyNot(), 1, candidates.get(i).answer().count()),
            (one, other) ->
                new LeftOut(one.reason(), one.clusters() + 1, one.messages() + other.messages()));
      }
    }
    return byReason.values().stream()
        .sorted(
            Comparator.comparingLong(LeftOut::messages).reversed().thenComparing(LeftOut::reason))
        .toList();
  }

  /** The number of messages that are in no cluster. */
  long noiseMessages() {
    long clustered =
        IntStream.range(0, texts.size())
            .filter(text -> clusters.clusterOf(text) != TextClusters.NOISE)
            .mapToLong(text -> texts.get(text).messages())
            .sum();
    return corpus.agentMessages() - corpus.blankMessages() - clustered;
  }
}
