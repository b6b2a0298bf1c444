package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Suggestion;
import java.time.Duration;
import java.util.List;

/**
 * The answer to one request.
 *
 * @param suggestions best first
 * @param waited time spent waiting for a thread, or for another request of the same conversation
 * @param context time spent reading the conversation; close to zero when it was read before
 * @param predicted time spent on the suggestions
 * @param source what the answer required
 */
public record Prediction(
    List<Suggestion> suggestions,
    Duration waited,
    Duration context,
    Duration predicted,
    Source source) {

  /** What a prediction required, cheapest first. */
  public enum Source {
    /** No pass of the model: the conversation had been read, and the answer was known. */
    KNOWN,
    /** No pass of the model: a part of the answer was known, and the model may add to it later. */
    PARTLY,
    /** Passes for the suggestions; the conversation had been read before. */
    READ,
    /** Passes for the conversation, and for the suggestions. */
    NEW
  }

  public Prediction {
    suggestions = List.copyOf(suggestions);
    requireNonNull(waited, "waited is null");
    requireNonNull(context, "context is null");
    requireNonNull(predicted, "predicted is null");
    requireNonNull(source, "source is null");
  }
}
