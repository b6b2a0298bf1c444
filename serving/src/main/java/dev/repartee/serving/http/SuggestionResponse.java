package dev.repartee.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.predict.Prediction;
import dev.repartee.text.Millis;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The answer of {@code POST /v1/suggestions}; each answer names the model that made it. */
record SuggestionResponse(
    List<Item> suggestions,
    boolean complete,
    ModelIdentity model,
    @JsonProperty("timings_ms") Timings timings) {

  /** One suggestion; {@code id} is null for a completion that is no answer of the set. */
  record Item(String kind, Optional<String> id, String text, double score) {

    static Item of(Suggestion suggestion) {
      return new Item(
          suggestion.kind().name().toLowerCase(Locale.ROOT),
          suggestion.answerId(),
          suggestion.text(),
          suggestion.score());
    }
  }

  /** Milliseconds of the request's parts, as {@link Prediction} has them. */
  record Timings(double waited, double context, double predicted) {}

  SuggestionResponse {
    suggestions = List.copyOf(suggestions);
  }

  static SuggestionResponse of(Prediction prediction, ModelIdentity model) {
    return new SuggestionResponse(
        prediction.suggestions().stream().map(Item::of).toList(),
        prediction.source() != Prediction.Source.PARTLY,
        model,
        new Timings(
            Millis.of(prediction.waited()),
            Millis.of(prediction.context()),
            Millis.of(prediction.predicted())));
  }
}
