package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.Candidate;
import dev.repartee.clustering.answers.CandidateBuilder;
import dev.repartee.clustering.answers.Selection;
import dev.repartee.clustering.cluster.ClusterOptions;
import dev.repartee.clustering.cluster.ClusterText;
import dev.repartee.clustering.cluster.Clusterer;
import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.corpus.Corpus;
import dev.repartee.clustering.corpus.CountedText;
import dev.repartee.clustering.corpus.Languages;
import dev.repartee.clustering.corpus.LocalCounting;
import dev.repartee.clustering.report.Coverage;
import dev.repartee.clustering.report.ExtractionReport;
import dev.repartee.common.UserException;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.TextNorm;
import java.util.List;
import java.util.function.Consumer;

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
  private final Selection selection;
  private final AnswerBounds bounds;

  private Extraction(
      Corpus corpus,
      List<CountedText> texts,
      TextClusters clusters,
      Selection selection,
      AnswerBounds bounds) {
    this.corpus = corpus;
    this.texts = texts;
    this.clusters = clusters;
    this.selection = selection;
    this.bounds = bounds;
  }

  /**
   * Extracts the answers of {@code conversations}, whose ids must differ.
   *
   * @see #run(Corpus, AnswerBounds, long, Consumer)
   */
  public static Extraction run(
      List<Conversation> conversations, AnswerBounds bounds, long seed, Consumer<String> progress) {
    return run(
        new LocalCounting().count(conversations.iterator(), progress), bounds, seed, progress);
  }

  /**
   * Extracts the answers of {@code corpus}.
   *
   * @param seed the same conversations, bounds and seed give the same answers
   * @param progress told in a line what is being done
   * @throws UserException when no agent wrote anything
   */
  public static Extraction run(
      Corpus corpus, AnswerBounds bounds, long seed, Consumer<String> progress) {
    if (corpus.agentMessages() == corpus.blankMessages()) {
      throw new UserException(
          "no agent wrote anything in "
              + corpus.conversations()
              + " conversations; check that the agents' messages have the role 'agent'");
    }
    List<CountedText> texts = recurring(corpus);
    TextClusters clusters =
        new Clusterer(ClusterOptions.defaults(Math.min(2, bounds.minCount()), seed), progress)
            .cluster(texts.stream().map(Extraction::clusterText).toList());
    List<Candidate> candidates = new CandidateBuilder(texts, clusters, bounds.minAgents()).build();
    return new Extraction(corpus, texts, clusters, Selection.of(candidates, bounds), bounds);
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

  public Selection selection() {
    return selection;
  }

  /** The answers, most used first. */
  public AnswerSet answers() {
    return new AnswerSet(selection.answers().stream().map(Candidate::answer).toList());
  }

  /** What share of the messages the answers stand for. */
  public Coverage coverage() {
    return new Coverage(selection.answers(), corpus.agentMessages(), corpus.characters());
  }

  /** The page that shows it all. */
  public String report() {
    return new ExtractionReport(new ExtractionPage(this, bounds).data()).html();
  }
}
