package dev.repartee.clustering.extract;

import static java.util.Objects.requireNonNull;

import dev.repartee.clustering.answers.Coverage;
import dev.repartee.clustering.cluster.PlaneMap;
import dev.repartee.clustering.cluster.Vectors;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.review.ReviewChanges;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.page.PageHtml;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The data of an extraction's page: how much the answers cover, every answer with its agents and
 * domains, what was left out or hidden, and what changed. {@code report.js} draws the page from it.
 * There is no time stamp, so that the same extraction gives the same page.
 *
 * @param totals how much was read
 * @param findings the answers and what they cover
 * @param privacy how personal data was handled
 * @param changes the differences from the last extraction
 * @param provenance the settings and files that the report was made from
 */
record ExtractionReport(
    Totals totals, Findings findings, Privacy privacy, Changes changes, Provenance provenance) {

  /** Circles on the map; more would hide each other. */
  private static final int MOST_POINTS = 400;

  /**
   * Limits on what the page shows of an answer; rarely used answers show less, for a small file.
   */
  private record Depth(int phrasings, int contexts, int agents, int domains) {

    private static final int MUCH_USED = 100;
    private static final Depth DEEP = new Depth(12, 4, 8, 8);
    private static final Depth SHALLOW = new Depth(2, 1, 2, 3);

    static Depth of(int rank) {
      return rank < MUCH_USED ? DEEP : SHALLOW;
    }
  }

  /** The page as one HTML file. */
  String html() {
    return PageHtml.of(ExtractionReport.class, this);
  }

  /**
   * How much was read.
   *
   * @param agents known ones who wrote something
   * @param messages agent messages
   * @param distinctTexts number of different texts, ignoring numbers and punctuation
   * @param clusters groups of texts that say the same
   */
  record Totals(
      long conversations, long agents, long messages, long distinctTexts, long clusters) {}

  /**
   * The answers and what they cover.
   *
   * @param coverage of the conversations that were read, by number of answers, from 0
   * @param heldOutCoverage of other conversations; may be empty
   * @param domains the most used first
   * @param answers the most used first
   * @param leftOut messages that no answer covers, by reason
   * @param map positions of answers, where similar wordings are near each other; may be empty
   */
  record Findings(
      List<Coverage.Point> coverage,
      List<Coverage.Point> heldOutCoverage,
      List<String> domains,
      List<ShownAnswer> answers,
      List<LeftOut> leftOut,
      List<MapPoint> map) {}

  /** The first entries of a list, and the length of the whole list. */
  record Top<T>(int number, List<T> first) {

    static <T> Top<T> of(List<T> all, int most) {
      return new Top<>(all.size(), all.stream().limit(most).toList());
    }

    static Top<Counted> of(Map<String, Long> counts, int most) {
      return of(
          counts.entrySet().stream().map(e -> new Counted(e.getKey(), e.getValue())).toList(),
          most);
    }
  }

  /** A name with how often it occurs; an object's keys would not keep their order in a browser. */
  record Counted(String name, long count) {}

  /**
   * What the page shows of an answer.
   *
   * @param shareOfMessages that it covers, 0 to 1
   * @param shareOfCharacters that it covers, 0 to 1
   * @param domains all domains that use it
   * @param hiddenPhrasings number of phrasings hidden because too few agents used them
   */
  record ShownAnswer(
      String id,
      String text,
      long count,
      int agents,
      double shareOfMessages,
      double shareOfCharacters,
      Set<String> domains,
      Top<Phrasing> phrasings,
      int hiddenPhrasings,
      Map<String, Long> byPosition,
      Top<Counted> byDomain,
      Top<Counted> byAgent,
      List<String> contexts,
      long sentences,
      Optional<String> language) {

    /**
     * What the page shows of {@code answer}.
     *
     * @param rank number of answers that are used more
     */
    static ShownAnswer of(
        Answer answer, double shareOfMessages, double shareOfCharacters, int rank) {
      AnswerUse use = answer.use();
      Depth depth = Depth.of(rank);
      return new ShownAnswer(
          answer.id(),
          answer.text(),
          answer.count(),
          answer.agents(),
          shareOfMessages,
          shareOfCharacters,
          use.byDomain().keySet(),
          Top.of(answer.phrasings(), depth.phrasings()),
          answer.hiddenPhrasings().size(),
          use.byPosition(),
          Top.of(use.byDomain(), depth.domains()),
          Top.of(use.byAgent(), depth.agents()),
          use.contexts().stream().limit(depth.contexts()).toList(),
          use.sentences(),
          use.language());
    }
  }

  /**
   * The position of an answer on the map; only distances have a meaning.
   *
   * @param label the answer's text
   * @param uses number of messages
   * @param domain the domain that uses it most; blank where unknown
   */
  record MapPoint(double x, double y, String answerId, String label, long uses, String domain) {

    MapPoint {
      if (!Double.isFinite(x) || !Double.isFinite(y)) {
        throw new IllegalArgumentException(
            "the place of " + answerId + " must be finite but is " + x + ", " + y);
      }
    }
  }

  /**
   * How personal data was handled.
   *
   * @param replaced number of placeholders, by kind
   * @param minAgents agents (conversations, where agents are unknown) that must have used a text
   *     before it is shown
   * @param hiddenPhrasings number of phrasings that are not shown, since fewer agents used them
   */
  record Privacy(Map<String, Long> replaced, int minAgents, long hiddenPhrasings) {}

  /**
   * The differences from the last extraction.
   *
   * @param first whether this is the first extraction
   * @param decisions number of people's decisions, by kind
   * @param waiting decisions about answers that these conversations do not contain
   */
  record Changes(
      boolean first,
      Top<ReviewChanges.Item> added,
      int kept,
      Top<ReviewChanges.TextChange> changed,
      Top<ReviewChanges.Item> gone,
      Map<Decision.Kind, Integer> decisions,
      List<ReviewChanges.Unapplied> waiting) {

    private static final int MOST_LISTED = 100;

    static Changes of(ReviewChanges changes) {
      int most = changes.first() ? 0 : MOST_LISTED;
      return new Changes(
          changes.first(),
          Top.of(changes.added(), most),
          changes.kept(),
          Top.of(changes.changed(), most),
          Top.of(changes.gone(), most),
          changes.decisions(),
          changes.unapplied());
    }
  }

  /**
   * The settings and files that the report was made from.
   *
   * @param name the report's title
   * @param codeVersion version of Repartee
   * @param settings in the order to show them
   * @param sources the files that were read
   */
  record Provenance(
      String name, String codeVersion, Map<String, String> settings, List<Source> sources) {

    Provenance {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
      sources = List.copyOf(sources);
    }
  }

  /** A file that was read. */
  record Source(String name, String use, String sha256) {}

  ExtractionReport {
    requireNonNull(totals, "totals is null");
    requireNonNull(findings, "findings is null");
    requireNonNull(privacy, "privacy is null");
    requireNonNull(changes, "changes is null");
    requireNonNull(provenance, "provenance is null");
  }

  /**
   * The report of {@code extraction}.
   *
   * @param heldOut the coverage of other conversations, where it was measured
   * @param minAgents agents that must have used a text before it is shown
   * @param seed of the map's layout
   */
  static ExtractionReport of(
      Extraction extraction,
      Optional<Coverage> heldOut,
      int minAgents,
      long seed,
      Provenance provenance) {
    CorpusTally corpus = extraction.corpus();
    List<Answer> answers = extraction.review().answers();
    return new ExtractionReport(
        new Totals(
            corpus.conversations(),
            corpus.knownAgents(),
            corpus.agentMessages(),
            corpus.texts().stream().filter(text -> text.messages() > 0).count(),
            extraction.clusters().size()),
        new Findings(
            extraction.coverage().points(),
            heldOut.map(Coverage::points).orElse(List.of()),
            mostUsedDomains(answers),
            shown(extraction),
            LeftOut.all(extraction),
            map(extraction, seed)),
        new Privacy(
            corpus.redactions(),
            minAgents,
            answers.stream().mapToLong(answer -> answer.hiddenPhrasings().size()).sum()),
        Changes.of(extraction.review().changes()),
        provenance);
  }

  static List<String> mostUsedDomains(List<Answer> answers) {
    Map<String, Long> uses = new HashMap<>();
    answers.forEach(
        answer ->
            answer.use().byDomain().forEach((name, count) -> uses.merge(name, count, Long::sum)));
    return uses.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static List<ShownAnswer> shown(Extraction extraction) {
    double messages = Math.max(1, extraction.corpus().agentMessages());
    double characters = Math.max(1, extraction.corpus().characters());
    List<Answer> answers = extraction.review().answers();
    List<Coverage.Share> shares = extraction.shares();
    List<ShownAnswer> shown = new ArrayList<>();
    for (int rank = 0; rank < answers.size(); rank++) {
      Coverage.Share share = shares.get(rank);
      shown.add(
          ShownAnswer.of(
              answers.get(rank),
              share.messages() / messages,
              share.characters() / characters,
              rank));
    }
    return shown;
  }

  private static List<MapPoint> map(Extraction extraction, long seed) {
    Map<String, float[]> places = places(extraction);
    List<Answer> shown =
        extraction.review().answers().stream()
            .filter(answer -> places.containsKey(answer.id()))
            .limit(MOST_POINTS)
            .toList();
    double[][] plane =
        PlaneMap.of(
            shown.stream()
                .map(answer -> Vectors.unit(places.get(answer.id())))
                .toArray(float[][]::new),
            seed);
    List<MapPoint> points = new ArrayList<>();
    for (int i = 0; i < plane.length; i++) {
      Answer answer = shown.get(i);
      points.add(
          new MapPoint(
              plane[i][0],
              plane[i][1],
              answer.id(),
              answer.text(),
              answer.count() + answer.use().sentences(),
              answer.use().byDomain().keySet().stream().findFirst().orElse("")));
    }
    return points;
  }

  /** The sum of the vectors of each answer's texts, weighted by use, by the answer's id. */
  private static Map<String, float[]> places(Extraction extraction) {
    Map<String, float[]> places = new HashMap<>();
    for (int cluster = 0; cluster < extraction.clusters().size(); cluster++) {
      Optional<String> answer = extraction.review().fates().get(cluster).answer();
      if (answer.isPresent()) {
        for (int text : extraction.clusters().members(cluster)) {
          float[] vector = extraction.clusters().vector(text);
          float[] sum = places.computeIfAbsent(answer.get(), _ -> new float[vector.length]);
          Vectors.addTo(sum, vector, (float) extraction.texts().get(text).uses());
        }
      }
    }
    return places;
  }
}
