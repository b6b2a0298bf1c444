package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.io.ProcessMemory;

/**
 * A model that answers requests, and the number of requests that use it now. A model that was
 * replaced is closed when its last request is answered.
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

  /** One request's use of the model, until it is closed. */
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
        closeReplaced();
      }
    }
  }

  /** Call only under the lock of {@link ServiceState}, while the model is not replaced. */
  synchronized Use use() {
    uses++;
    return new Use();
  }

  private synchronized boolean leave() {
    uses--;
    return replaced && uses == 0;
  }

  /** Marks the model as replaced: no new request uses it, and the last one closes it. */
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
      closeReplaced();
    }
  }

  private void closeReplaced() {
    predictions.close();
    // On a thread of its own: this one may be a request's.
    var _ = Thread.ofPlatform().daemon().name("memory-trim").start(ProcessMemory::trim);
  }
}
