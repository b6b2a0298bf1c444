package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.Candidate;
import dev.repartee.clustering.answers.CandidateBuilder;
import dev.repartee.clustering.answers.Selection;
import dev.repartee.clustering.cluster.ClusterOptions;
import dev.repartee.clustering.cluster.Clusterer;
import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.corpus.Corpus;
import dev.repartee.clustering.corpus.DistinctText;
import dev.repartee.clustering.corpus.MessageCollector;
import dev.repartee.clustering.report.Coverage;
import dev.repartee.clustering.report.ExtractionReport;
import dev.repartee.common.UserException;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.data.Conversation;
import dev.repartee.common.privacy.Redactor;
import java.util.List;
import java.util.function.Consumer;

/**
 * The steps from conversations to answers: redact and count, cluster, choose each cluster's text,
 * keep what is used widely enough.
 */
public final class Extraction {

  private final Corpus corpus;
  private final TextClusters clusters;
  private final Selection selection;
  private final AnswerBounds bounds;

  private Extraction(
      Corpus corpus, TextClusters clusters, Selection selection, AnswerBounds bounds) {
    this.corpus = corpus;
    this.clusters = clusters;
    this.selection = selection;
    this.bounds = bounds;
  }

  /**
   * Extracts the answers of {@code conversations}.
   *
   * @param seed the same conversations, bounds and seed give the same answers
   * @param progress told in a line what is being done
   * @throws UserException when no agent wrote anything
   */
  public static Extraction run(
      List<Conversation> conversations, AnswerBounds bounds, long seed, Consumer<String> progress) {
    MessageCollector collector = new MessageCollector(new Redactor());
    conversations.forEach(collector::add);
    Corpus corpus = collector.corpus();
    if (corpus.texts().isEmpty()) {
      throw new UserException(
          "no agent wrote anything in "
              + conversations.size()
              + " conversations; check that the agents' messages have the role 'agent'");
    }
    TextClusters clusters =
        new Clusterer(ClusterOptions.defaults(bounds.minCount(), seed), progress)
            .cluster(
                corpus.texts().stream().map(DistinctText::key).toList(),
                corpus.texts().stream().mapToLong(DistinctText::count).toArray());
    List<Candidate> candidates = new CandidateBuilder(corpus, clusters, bounds.minAgents()).build();
    return new Extraction(corpus, clusters, Selection.of(candidates, bounds), bounds);
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
    return new Coverage(selection.answers(), corpus.messages().size(), corpus.characters());
  }

  /** The page that shows it all. */
  public String report() {
    return new ExtractionReport(new ExtractionPage(this, bounds).data()).html();
  }
}
