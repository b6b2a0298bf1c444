package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.knowledge.BuiltFrom;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.io.ProcessMemory;
import java.util.Optional;

/**
 * A model that answers requests, and the number of requests that use it now. A model that was
 * replaced is closed when its last request is answered. Versions with the same weights are one
 * model, whose knowledge is replaced.
 */
public final class ServedModel {

  private final Predictions predictions;
  private volatile Version version;
  private int uses;
  private boolean replaced;

  /**
   * The version that it is now.
   *
   * @param files on this machine
   * @param builtFrom what the knowledge that it uses was built from, on this machine or before;
   *     empty when that is of its training alone
   */
  record Version(VerifiedModel files, ModelInfo info, Optional<BuiltFrom> builtFrom) {

    Version {
      requireNonNull(files, "files is null");
      requireNonNull(info, "info is null");
      requireNonNull(builtFrom, "builtFrom is null");
    }

    /** With the knowledge that its files have. */
    static Version of(VerifiedModel files) {
      return new Version(files, ModelInfo.read(files), BuiltFrom.read(files.path()));
    }

    Version with(BuiltFrom other) {
      return new Version(files, info, Optional.of(other));
    }
  }

  ServedModel(Version version, Predictions predictions) {
    this.version = requireNonNull(version, "version is null");
    this.predictions = requireNonNull(predictions, "predictions is null");
  }

  Version version() {
    return version;
  }

  /** Call this after its predictions took the knowledge. */
  void version(Version next) {
    version = requireNonNull(next, "next is null");
  }

  public ModelInfo info() {
    return version.info();
  }

  /** What its knowledge was built from; empty when that is of its training alone. */
  public Optional<BuiltFrom> builtFrom() {
    return version.builtFrom();
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
