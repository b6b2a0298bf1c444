package dev.repartee.clustering.extract;

import static java.util.Objects.requireNonNull;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.Candidate;
import dev.repartee.clustering.answers.CandidateBuilder;
import dev.repartee.clustering.cluster.ClusterOptions;
import dev.repartee.clustering.cluster.ClusterText;
import dev.repartee.clustering.cluster.Clusterer;
import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.count.Corpus;
import dev.repartee.clustering.count.CountedText;
import dev.repartee.clustering.count.Languages;
import dev.repartee.clustering.review.Review;
import dev.repartee.clustering.review.ReviewCandidate;
import dev.repartee.clustering.review.ReviewInput;
import dev.repartee.clustering.review.ReviewResult;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The steps from conversations to answers: redact and count, cluster, choose each cluster's text,
 * keep what is used widely enough.
 */
public final class Extraction {

  /** A sentence of fewer messages than that is not looked at on its own. */
  private static final long FEWEST_SENTENCES = 3;

  private final Corpus corpus;
  private final List<CountedText> texts;
  private final TextClusters clusters;
  private final List<Candidate> candidates;
  private final ReviewResult review;

  private Extraction(
      Corpus corpus,
      List<CountedText> texts,
      TextClusters clusters,
      List<Candidate> candidates,
      ReviewResult review) {
    this.corpus = corpus;
    this.texts = texts;
    this.clusters = clusters;
    this.candidates = candidates;
    this.review = review;
  }

  /**
   * How to extract.
   *
   * @param bounds what it takes to become an answer
   * @param review what people decided before, and what they decided it about
   * @param seed the same conversations, bounds, review and seed give the same answers
   */
  public record Request(AnswerBounds bounds, ReviewInput review, long seed) {

    public Request {
      requireNonNull(bounds, "bounds is null");
      requireNonNull(review, "review is null");
    }
  }

  /**
   * Extracts the answers of {@code corpus}.
   *
   * @param progress told in a line what is being done
   * @throws UserException when no agent wrote anything
   */
  public static Extraction run(Corpus corpus, Request request, Consumer<String> progress) {
    if (corpus.agentMessages() == corpus.blankMessages()) {
      throw new UserException(
          "no agent wrote anything in "
              + corpus.conversations()
              + " conversations; check that the agents' messages have the role 'agent'");
    }
    AnswerBounds bounds = request.bounds();
    List<CountedText> texts = recurring(corpus);
    TextClusters clusters =
        new Clusterer(
                ClusterOptions.defaults(Math.min(2, bounds.minCount()), request.seed()), progress)
            .cluster(texts.stream().map(Extraction::clusterText).toList());
    progress.accept("answers of " + clusters.size() + " clusters");
    List<Candidate> candidates = new CandidateBuilder(texts, clusters, bounds.minAgents()).build();
    ReviewResult review =
        Review.apply(
            candidates.stream().map(candidate -> reviewed(candidate, bounds)).toList(),
            request.review(),
            bounds.maxAnswers());
    return new Extraction(corpus, texts, clusters, candidates, review);
  }

  private static ReviewCandidate reviewed(Candidate candidate, AnswerBounds bounds) {
    Optional<String> whyNot = bounds.whyNot(candidate);
    return new ReviewCandidate(
        candidate.answer(), candidate.keys(), whyNot.isEmpty(), whyNot.orElse(""));
  }

  /** Whole messages, and what recurs as a sentence of longer ones. */
  private static List<CountedText> recurring(Corpus corpus) {
    return corpus.texts().stream()
        .filter(text -> text.messages() > 0 || text.sentences() >= FEWEST_SENTENCES)
        .toList();
  }

  private static ClusterText clusterText(CountedText text) {
    return new ClusterText(
        text.key(),
        text.messages() + text.sentences(),
        text.samples().stream().map(context -> TextNorm.mask(context.before())).toList(),
        text.samples().stream().map(context -> TextNorm.mask(context.after())).toList(),
        text.byDomain(),
        Languages.most(text.languages()));
  }

  /** The texts that were clustered, in the order of the clusters' indexes. */
  List<CountedText> texts() {
    return texts;
  }

  public Corpus corpus() {
    return corpus;
  }

  public TextClusters clusters() {
    return clusters;
  }

  /** A candidate for each cluster, in the clusters' order. */
  public List<Candidate> candidates() {
    return candidates;
  }

  /** What people's decisions made of the candidates. */
  public ReviewResult review() {
    return review;
  }

  /** The answers, most used first. */
  public AnswerSet answers() {
    return new AnswerSet(review.answers());
  }

  /** The messages that each answer stands for, in the answers' order. */
  public List<Coverage.Share> shares() {
    Map<String, Coverage.Share> shares = new HashMap<>();
    for (int i = 0; i < candidates.size(); i++) {
      Candidate candidate = candidates.get(i);
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

  /** How often a text was written, alone or as a sentence. */
  long uses(int text) {
    return texts.get(text).messages() + texts.get(text).sentences();
  }

  /** The messages whose text is in no cluster. */
  long noiseMessages() {
    return IntStream.range(0, texts.size())
        .filter(text -> clusters.clusterOf(text) == TextClusters.NOISE)
        .mapToLong(text -> texts.get(text).messages())
        .sum();
  }

  /** What share of the messages the answers stand for. */
  public Coverage coverage() {
    return new Coverage(shares(), corpus.agentMessages(), corpus.characters());
  }
}
