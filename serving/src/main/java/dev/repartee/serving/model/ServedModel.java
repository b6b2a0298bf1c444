package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.predict.Predictions;

/** A model that answers requests. */
public record ServedModel(ModelInfo info, Predictions predictions) {

  public ServedModel {
    requireNonNull(info, "info is null");
    requireNonNull(predictions, "predictions is null");
  }
}
