package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.predict.Predictions;

/**
 * A model that answers requests, and how many it answers at this moment. One that was replaced is
 * closed when the last of them has its answer.
 */
public final class ServedModel {

  private final ModelInfo info;
  private final Predictions predictions;
  private int uses;
  private boolean replaced;

  public ServedModel(ModelInfo info, Predictions predictions) {
    this.info = requireNonNull(info, "info is null");
    this.predictions = requireNonNull(predictions, "predictions is null");
  }

  public ModelInfo info() {
    return info;
  }

  public Predictions predictions() {
    return predictions;
  }

  /** A request uses the model until it is closed. */
  public final class Use implements AutoCloseable {
    private boolean ended;

    private Use() {}

    public ServedModel model() {
      return ServedModel.this;
    }

    @Override
    public void close() {
      if (ended) {
        return;
      }
      ended = true;
      if (leave()) {
        predictions.close();
      }
    }
  }

  /** Only under the lock of the {@link ServiceState}, which knows that it is not replaced yet. */
  synchronized Use use() {
    uses++;
    return new Use();
  }

  private synchronized boolean leave() {
    uses--;
    return replaced && uses == 0;
  }

  /** Nobody begins to use it any more; whoever does so still ends as usual. */
  void retire() {
    boolean unused;
    synchronized (this) {
      if (replaced) {
        return;
      }
      replaced = true;
      unused = uses == 0;
    }
    if (unused) {
      predictions.close();
    }
  }
}
