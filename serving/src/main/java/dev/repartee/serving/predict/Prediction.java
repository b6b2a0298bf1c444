package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Suggestion;
import java.time.Duration;
import java.util.List;

/**
 * What one request is answered.
 *
 * @param suggestions best first
 * @param waited for a thread, and for another request of the same conversation
 * @param context reading the conversation; next to nothing when it was read before
 * @param predicted the suggestions themselves
 * @param source what had to be done for it
 */
public record Prediction(
    List<Suggestion> suggestions,
    Duration waited,
    Duration context,
    Duration predicted,
    Source source) {

  /** Where a prediction comes from, by what it costs. */
  public enum Source {
    /** The conversation was read, and the answer known: no pass of the model ran. */
    KNOWN,
    /**
     * The conversation was read, and something known; the model, which is asked now, may add to it.
     */
    PARTLY,
    /** The conversation was read. */
    READ,
    /** The conversation was read for this request. */
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
