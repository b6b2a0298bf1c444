package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.HeldOutCoverage;
import dev.repartee.clustering.answers.Selection;
import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.corpus.CountedText;
import dev.repartee.clustering.report.Coverage;
import dev.repartee.common.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** The figures of an extraction as one JSON object; coverage is a share, 0 to 1. */
final class Summary {

  private Summary() {}

  static String json(Extraction extraction, Optional<HeldOutCoverage> heldOut, Duration time) {
    Selection selection = extraction.selection();
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.put("conversations", extraction.corpus().conversations());
    json.put("agents", extraction.corpus().speakers());
    json.put("agent_messages", extraction.corpus().agentMessages());
    json.put("distinct_texts", extraction.texts().size());
    json.put("clusters", extraction.clusters().size());
    json.put("noise_messages", noiseMessages(extraction));
    json.put("blank_messages", extraction.corpus().blankMessages());
    json.put("answers", selection.answers().size());
    ObjectNode leftOut = json.putObject("left_out_clusters");
    leftOut.put("few_messages", selection.fewMessages().size());
    leftOut.put("few_agents", selection.fewAgents().size());
    leftOut.put("beyond_max_answers", selection.beyondLimit().size());
    Coverage coverage = extraction.coverage();
    ObjectNode messages = json.putObject("coverage_of_messages");
    ObjectNode characters = json.putObject("coverage_of_characters");
    putShares(messages, coverage::ofMessages);
    putShares(characters, coverage::ofCharacters);
    heldOut.ifPresent(
        measured -> {
          ObjectNode shares = json.putObject("held_out_coverage_of_messages");
          putShares(shares, measured::ofMessages);
          shares.put("messages", measured.messages());
        });
    json.put("seconds", Math.round(time.toMillis() / 100.0) / 10.0);
    return Json.COMPACT.writeValueAsString(json);
  }

  private static void putShares(ObjectNode json, IntToDoubleFunction shareOfTop) {
    json.put("top50", rounded(shareOfTop.applyAsDouble(50)));
    json.put("top200", rounded(shareOfTop.applyAsDouble(200)));
    json.put("top500", rounded(shareOfTop.applyAsDouble(500)));
    json.put("all", rounded(shareOfTop.applyAsDouble(Integer.MAX_VALUE)));
  }

  private static long noiseMessages(Extraction extraction) {
    List<CountedText> texts = extraction.texts();
    return IntStream.range(0, texts.size())
        .filter(text -> extraction.clusters().clusterOf(text) == TextClusters.NOISE)
        .mapToLong(text -> texts.get(text).messages())
        .sum();
  }

  private static double rounded(double share) {
    return Math.round(share * 10_000) / 10_000.0;
  }
}
