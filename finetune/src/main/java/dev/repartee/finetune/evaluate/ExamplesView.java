package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.metric.Examples;
import dev.repartee.finetune.metric.ReplyExample;
import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.ReplyExample.Said;
import dev.repartee.finetune.metric.ReplyExample.Step;
import dev.repartee.text.TextNorm;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Replies with what was typed, what was taken, and what was offered in vain. */
final class ExamplesView {

  /** Of a long draft, its end is enough to see where an offer stood. */
  private static final int DRAFT_END = 24;

  private static final int MOST_REFUSED = 8;

  private final Examples examples;

  ExamplesView(Optional<Examples> examples) {
    this.examples = examples.orElseGet(() -> new Examples(List.of(), List.of()));
  }

  Map<String, Object> model() {
    List<Map<String, Object>> ends = new ArrayList<>();
    if (!examples.most().isEmpty()) {
      ends.add(end("Replies that saved most", examples.most()));
    }
    if (!examples.least().isEmpty()) {
      ends.add(end("Replies that saved least", examples.least()));
    }
    return Map.of("hasExamples", !ends.isEmpty(), "ends", ends);
  }

  private static Map<String, Object> end(String title, List<ReplyExample> replies) {
    return Map.of("endTitle", title, "replies", replies.stream().map(ExamplesView::model).toList());
  }

  private static Map<String, Object> model(ReplyExample example) {
    List<Map<String, Object>> refused = new ArrayList<>();
    List<Map<String, Object>> pieces = new ArrayList<>();
    if (example.suggestionTaken()) {
      pieces.add(piece(true, example.reply()));
    }
    StringBuilder written = new StringBuilder();
    for (Step step : example.steps()) {
      written.append(step.typed());
      pieces.add(piece(false, step.typed()));
      step.offer()
          .ifPresent(
              offer -> {
                if (offer.taken().isEmpty()) {
                  refused.add(refused(written, offer));
                } else {
                  pieces.add(piece(true, offer.taken()));
                  written.append(offer.taken());
                }
              });
    }
    Map<String, Object> model = new HashMap<>();
    model.put("context", example.context().stream().map(ExamplesView::model).toList());
    model.put("pieces", pieces);
    model.put(
        "outcome",
        "%s of %s characters saved"
            .formatted(Quantities.count(example.saved()), Quantities.count(example.characters())));
    model.put("whole", example.suggestionTaken());
    model.put("hasSuggested", !example.suggestions().isEmpty());
    model.put(
        "suggested",
        example.suggestions().stream().map(text -> suggestion(text, example.reply())).toList());
    model.put("hasRefused", !refused.isEmpty());
    model.put("refused", refused.stream().limit(MOST_REFUSED).toList());
    model.put(
        "refusedSummary",
        refused.size() <= MOST_REFUSED
            ? "Offered in vain: " + refused.size()
            : "Offered in vain: %d, of which the first %d".formatted(refused.size(), MOST_REFUSED));
    return model;
  }

  private static Map<String, Object> piece(boolean isTaken, String text) {
    return Map.of("isTaken", isTaken, "pieceText", text);
  }

  private static Map<String, Object> suggestion(String text, String reply) {
    boolean equal = TextNorm.norm(text).equals(TextNorm.norm(reply));
    return Map.of("suggestedText", text, "suggestedKind", equal ? "taken" : "");
  }

  private static Map<String, Object> refused(StringBuilder written, Offered offer) {
    int length = written.codePointCount(0, written.length());
    int cut = written.offsetByCodePoints(0, Math.max(0, length - DRAFT_END));
    return Map.of(
        "draft", (cut > 0 ? "…" : "") + written.substring(cut),
        "offered", offer.text(),
        "score", Bars.percent(100 * offer.score()));
  }

  private static Map<String, Object> model(Said message) {
    return Map.of("side", message.role(), "who", message.role(), "text", message.text());
  }
}
