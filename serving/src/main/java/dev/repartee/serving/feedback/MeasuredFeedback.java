package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.model.ModelIdentity;
import dev.repartee.serving.operations.ServiceMetrics;

/** Counts in the metrics what agents did with suggestions. */
public final class MeasuredFeedback implements FeedbackListener {

  private final ServiceMetrics metrics;

  public MeasuredFeedback(ServiceMetrics metrics) {
    this.metrics = requireNonNull(metrics, "metrics is null");
  }

  @Override
  public void stored(ModelIdentity model, String action, int finalCharacters, int typedCharacters) {
    metrics.feedback(
        new ServiceMetrics.Feedback(
            model.name(),
            model.version(),
            !action.equals(FeedbackAction.DISMISSED.id()),
            finalCharacters,
            typedCharacters));
  }
}
