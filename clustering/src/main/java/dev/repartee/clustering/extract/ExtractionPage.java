package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.HeldOutCoverage;
import dev.repartee.clustering.cluster.PlaneMap;
import dev.repartee.clustering.cluster.Vectors;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.extract.ReportData.CoveragePoint;
import dev.repartee.clustering.extract.ReportData.Entry;
import dev.repartee.clustering.extract.ReportData.MapPoint;
import dev.repartee.text.answers.Answer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What the page shows of an extraction. */
final class ExtractionPage {

  /** More points than that hide each other. */
  private static final int MOST_POINTS = 400;

  private final Extraction extraction;
  private final Optional<HeldOutCoverage> heldOut;
  private final int minAgents;

  /**
   * @param minAgents who must have used what is shown
   */
  ExtractionPage(Extraction extraction, Optional<HeldOutCoverage> heldOut, int minAgents) {
    this.extraction = extraction;
    this.heldOut = heldOut;
    this.minAgents = minAgents;
  }

  /**
   * All of it.
   *
   * @param seed of the map
   */
  ReportData data(ReportData.Provenance provenance, long seed) {
    CorpusTally corpus = extraction.corpus();
    Coverage coverage = extraction.coverage();
    List<Answer> answers = extraction.review().answers();
    long hidden = answers.stream().mapToLong(answer -> answer.hiddenPhrasings().size()).sum();
    return new ReportData(
        new ReportData.Totals(
            corpus.conversations(),
            corpus.speakers(),
            corpus.agentMessages(),
            corpus.texts().stream().filter(text -> text.messages() > 0).count(),
            extraction.clusters().size()),
        new ReportData.Findings(
            coverage.points(), heldOutPoints(coverage), entries(answers), leftOut(), map(seed)),
        new ReportData.Privacy(corpus.redactions(), minAgents, hidden),
        Optional.of(extraction.review().changes()),
        provenance);
  }

  private List<CoveragePoint> heldOutPoints(Coverage coverage) {
    return heldOut.stream()
        .flatMap(
            measured ->
                coverage.points().stream()
                    .map(
                        point ->
                            new CoveragePoint(
                                point.top(),
                                measured.ofMessages(point.top()),
                                measured.ofCharacters(point.top()))))
        .toList();
  }

  private List<Entry> entries(List<Answer> answers) {
    double messages = Math.max(1, extraction.corpus().agentMessages());
    double characters = Math.max(1, extraction.corpus().characters());
    List<Coverage.Share> shares = extraction.shares();
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      Coverage.Share share = shares.get(i);
      entries.add(
          new Entry(answers.get(i), share.messages() / messages, share.characters() / characters));
    }
    return entries;
  }

  private List<ReportData.LeftOut> leftOut() {
    List<ReportData.LeftOut> reasons = new ArrayList<>();
    for (LeftOut left : LeftOut.of(extraction)) {
      reasons.add(
          new ReportData.LeftOut(
              left.reason(), OptionalInt.of(left.clusters()), left.messages(), left.examples()));
    }
    reasons.add(
        new ReportData.LeftOut(
            "like no other text (noise)",
            OptionalInt.empty(),
            extraction.noiseMessages(),
            List.of()));
    reasons.add(
        new ReportData.LeftOut(
            "blank", OptionalInt.empty(), extraction.corpus().blankMessages(), List.of()));
    return reasons;
  }

  private List<MapPoint> map(long seed) {
    Map<String, float[]> places = places();
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

  /** The sum of the wording vectors of each answer's texts, by the answer's id. */
  private Map<String, float[]> places() {
    Map<String, float[]> places = new HashMap<>();
    for (int cluster = 0; cluster < extraction.clusters().size(); cluster++) {
      Optional<String> answer = extraction.review().fates().get(cluster).answer();
      if (answer.isPresent()) {
        for (int text : extraction.clusters().members(cluster)) {
          float[] vector = extraction.clusters().vector(text);
          float[] sum = places.computeIfAbsent(answer.get(), unseen -> new float[vector.length]);
          Vectors.addTo(sum, vector, (float) extraction.texts().get(text).uses());
        }
      }
    }
    return places;
  }
}
