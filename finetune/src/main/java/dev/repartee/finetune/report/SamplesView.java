package dev.repartee.finetune.report;

import dev.repartee.text.conversation.Message;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Conversations with what the model predicted before and after training. */
final class SamplesView {

  /** Messages shown before the reply; the model saw as many as fit. */
  private static final int CONTEXT = 6;

  private final List<SamplePrediction> samples;

  SamplesView(List<SamplePrediction> samples) {
    this.samples = samples;
  }

  Map<String, Object> model() {
    return Map.of(
        "hasSamples",
        !samples.isEmpty(),
        "samples",
        samples.stream().map(SamplesView::model).toList());
  }

  private static Map<String, Object> model(SamplePrediction sample) {
    List<Message> context = sample.context();
    List<Map<String, Object>> predictions = new ArrayList<>();
    OptionalDouble before = loss(sample.before());
    sample
        .before()
        .ifPresent(
            prediction -> predictions.add(model("before", "Predicted before", prediction, "same")));
    sample
        .after()
        .ifPresent(
            prediction ->
                predictions.add(
                    model(
                        "after",
                        "Predicted after",
                        prediction,
                        trend(before, prediction.lossOfWritten()))));
    return Map.of(
        "context",
        context.subList(Math.max(0, context.size() - CONTEXT), context.size()).stream()
            .map(SamplesView::model)
            .toList(),
        "written",
        sample.written(),
        "predictions",
        predictions);
  }

  private static Map<String, String> model(Message message) {
    String who = message.isAgent() ? "agent" : "customer";
    return Map.of("side", who, "who", who, "text", message.text());
  }

  private static Map<String, Object> model(
      String when, String title, SamplePrediction.Prediction prediction, String trend) {
    Map<String, Object> model = new HashMap<>();
    model.put("when", when);
    model.put("title", title);
    model.put("text", prediction.text().isBlank() ? "(nothing)" : prediction.text().strip());
    model.put("trend", trend);
    // An absent loss must not be looked up in the enclosing contexts.
    model.put("loss", false);
    prediction.lossOfWritten().ifPresent(loss -> model.put("loss", Quantities.decimals(loss, 2)));
    return model;
  }

  private static OptionalDouble loss(Optional<SamplePrediction.Prediction> prediction) {
    return prediction
        .map(SamplePrediction.Prediction::lossOfWritten)
        .orElseGet(OptionalDouble::empty);
  }

  private static String trend(OptionalDouble before, OptionalDouble after) {
    if (before.isEmpty() || after.isEmpty() || before.equals(after)) {
      return "same";
    }
    return after.getAsDouble() < before.getAsDouble() ? "better" : "worse";
  }
}
