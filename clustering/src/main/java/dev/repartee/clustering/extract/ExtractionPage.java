package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.AnswerBounds;
import dev.repartee.clustering.answers.Candidate;
import dev.repartee.clustering.answers.Selection;
import dev.repartee.clustering.corpus.Corpus;
import dev.repartee.clustering.corpus.DistinctText;
import dev.repartee.clustering.report.ReportData;
import dev.repartee.clustering.report.ReportData.Entry;
import dev.repartee.clustering.report.ReportData.LeftOut;
import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.Phrasing;
import dev.repartee.common.answers.PhrasingHash;
import dev.repartee.common.data.TextNorm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What the page shows of an extraction. */
final class ExtractionPage {

  private static final int EXAMPLES = 10;

  private final Extraction extraction;
  private final AnswerBounds bounds;
  private final Set<String> shownKeys;

  ExtractionPage(Extraction extraction, AnswerBounds bounds) {
    this.extraction = extraction;
    this.bounds = bounds;
    this.shownKeys =
        extraction.corpus().texts().stream()
            .filter(text -> text.speakerCount() >= bounds.minAgents())
            .map(DistinctText::key)
            .collect(Collectors.toSet());
  }

  ReportData data() {
    Corpus corpus = extraction.corpus();
    List<Entry> entries = extraction.selection().answers().stream().map(this::entry).toList();
    long hidden = entries.stream().mapToLong(e -> e.answer().hiddenPhrasings().size()).sum();
    return new ReportData(
        new ReportData.Totals(
            corpus.conversations(),
            corpus.speakerCount(),
            corpus.messages().size(),
            corpus.texts().size(),
            extraction.clusters().size()),
        new ReportData.Findings(
            extraction.coverage().points(), List.of(), entries, leftOut(), List.of()),
        new ReportData.Privacy(Map.of(), bounds.minAgents(), hidden),
        Optional.empty(),
        new ReportData.Provenance(
            "What agents say most",
            Optional.ofNullable(Extraction.class.getPackage().getImplementationVersion())
                .orElse(""),
            Map.of(),
            List.of()));
  }

  private Entry entry(Candidate candidate) {
    double messages = Math.max(1, extraction.corpus().messages().size());
    double characters = Math.max(1, extraction.corpus().characters());
    Answer answer = candidate.answer();
    Map<Boolean, List<Phrasing>> shown =
        answer.phrasings().stream()
            .collect(Collectors.partitioningBy(p -> shownKeys.contains(TextNorm.mask(p.text()))));
    return new Entry(
        new Answer(
            answer.id(),
            answer.text(),
            answer.count(),
            answer.agents(),
            shown.get(true),
            answer.use(),
            shown.get(false).stream().map(p -> PhrasingHash.of(p.text())).toList()),
        answer.count() / messages,
        candidate.characters() / characters);
  }

  private List<LeftOut> leftOut() {
    Selection selection = extraction.selection();
    Corpus corpus = extraction.corpus();
    long clustered =
        Selection.messages(selection.answers())
            + Selection.messages(selection.fewMessages())
            + Selection.messages(selection.fewAgents())
            + Selection.messages(selection.beyondLimit());
    long noise = corpus.messages().size() - corpus.blankMessages() - clustered;
    // Texts of few agents may name a person, so no examples of those.
    return List.of(
        leftOut("fewer than %d messages".formatted(bounds.minCount()), selection.fewMessages()),
        leftOut("fewer than %d agents".formatted(bounds.minAgents()), selection.fewAgents()),
        new LeftOut(
            "beyond the %d most used".formatted(bounds.maxAnswers()),
            OptionalInt.of(selection.beyondLimit().size()),
            Selection.messages(selection.beyondLimit()),
            selection.beyondLimit().stream().limit(EXAMPLES).map(c -> c.answer().text()).toList()),
        new LeftOut("like no other text (noise)", OptionalInt.empty(), noise, List.of()),
        new LeftOut("blank", OptionalInt.empty(), corpus.blankMessages(), List.of()));
  }

  private static LeftOut leftOut(String reason, List<Candidate> candidates) {
    return new LeftOut(
        reason, OptionalInt.of(candidates.size()), Selection.messages(candidates), List.of());
  }
}
