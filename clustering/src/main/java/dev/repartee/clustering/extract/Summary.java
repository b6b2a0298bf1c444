package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.Coverage;
import dev.repartee.clustering.answers.Coverage.Point;
import dev.repartee.clustering.review.ReviewResult.ReviewChanges;
import dev.repartee.text.json.Json;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ObjectNode;

/** The figures that the command prints, as one JSON object. Coverage is a share, 0 to 1. */
final class Summary {

  private Summary() {}

  static ObjectNode json(Extraction extraction, Duration time) {
    ObjectNode json = Json.COMPACT.createObjectNode();
    json.put("conversations", extraction.corpus().conversations());
    json.put("agents", extraction.corpus().knownAgents());
    json.put("agent_unknown", extraction.corpus().agentUnknown());
    json.put("agent_messages", extraction.corpus().agentMessages());
    json.put("distinct_texts", extraction.texts().size());
    json.put("clusters", extraction.clusters().size());
    json.put("noise_messages", extraction.noiseMessages());
    json.put("blank_messages", extraction.corpus().blankMessages());
    json.put("answers", extraction.review().answers().size());
    json.put("public_values", extraction.corpus().facts().facts().size());
    ObjectNode leftOut = json.putObject("left_out");
    for (LeftOut left : LeftOut.ofClusters(extraction)) {
      leftOut
          .putObject(left.reason())
          .put("clusters", left.clusters())
          .put("messages", left.messages());
    }
    ObjectNode redactions = json.putObject("redactions");
    extraction.corpus().redactions().forEach(redactions::put);
    putChanges(json.putObject("changes"), extraction.review().changes());
    Coverage coverage = extraction.coverage();
    ObjectNode messages = json.putObject("coverage_of_messages");
    ObjectNode characters = json.putObject("coverage_of_characters");
    putShares(messages, coverage, Point::messages);
    putShares(characters, coverage, Point::characters);
    json.put("seconds", Math.round(time.toMillis() / 100.0) / 10.0);
    return json;
  }

  private static void putShares(ObjectNode json, Coverage coverage, ToDoubleFunction<Point> share) {
    json.put("top50", rounded(share.applyAsDouble(coverage.of(50))));
    json.put("top200", rounded(share.applyAsDouble(coverage.of(200))));
    json.put("top500", rounded(share.applyAsDouble(coverage.of(500))));
    json.put("all", rounded(share.applyAsDouble(coverage.of(Integer.MAX_VALUE))));
  }

  private static void putChanges(ObjectNode json, ReviewChanges changes) {
    json.put("first_extraction", changes.first());
    json.put("new", changes.added().size());
    json.put("kept", changes.kept());
    json.put("text_changed", changes.changed().size());
    json.put("gone", changes.gone().size());
    ObjectNode decisions = json.putObject("decisions");
    changes.decisions().forEach((kind, count) -> decisions.put(kind.word(), count));
    json.put("decisions_waiting", changes.unapplied().size());
  }

  private static double rounded(double share) {
    return Math.round(share * 10_000) / 10_000.0;
  }
}
