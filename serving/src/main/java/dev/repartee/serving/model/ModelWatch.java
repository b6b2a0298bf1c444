package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.PolledStore.GrowingPauses;
import dev.repartee.text.Threads;
import dev.repartee.text.io.ProcessMemory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls the version that the alias names, and has {@link LocalBuilds} build in between. A new
 * version with other weights is loaded while the current one serves, reads that one's
 * conversations, and replaces it after passing its checks; of one with the same weights the model
 * that serves takes the knowledge. A version that fails is refused, and tried again after growing
 * pauses until the alias names another version. A store that fails while a version is pulled says
 * nothing about that version, which the next poll pulls again.
 */
public final class ModelWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ModelWatch.class);

  /** The pause where a build has not read all. */
  private static final Duration MORE_TO_READ = Duration.ofMillis(50);

  private final ModelLoader loader;
  private final ServiceState state;
  private final Consumer<ServedModel> admit;
  private final Duration interval;
  private final Optional<ExperimentWatch> experiment;
  private final Thread thread;
  private Optional<VersionName> refused = Optional.empty();
  private final GrowingPauses pauses = new GrowingPauses(); // before it is loaded again
  private boolean unreachable;

  /**
   * Starts to poll in a thread of its own.
   *
   * @param admit receives a loaded model, which it makes serve
   * @param interval the pause between two polls
   * @param experiment polled with it, so that one model is loaded at a time
   */
  public ModelWatch(
      ModelLoader loader,
      ServiceState state,
      Consumer<ServedModel> admit,
      Duration interval,
      Optional<ExperimentWatch> experiment) {
    this.loader = loader;
    this.state = state;
    this.admit = admit;
    this.interval = interval;
    this.experiment = experiment;
    this.thread = Thread.ofPlatform().daemon().name("model-watch").start(this::watch);
  }

  private void watch() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        experiment.ifPresent(following -> following.poll(loader));
        boolean whole = loader.builds().map(one -> one.turn(state.models())).orElse(true);
        Thread.sleep(whole ? interval : MORE_TO_READ);
        poll();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void poll() {
    try {
      Optional<VersionName> latest = loader.source().latest();
      if (unreachable) {
        log.info("the model's store answers again");
        unreachable = false;
      }
      Optional<VersionName> served = state.now().model().map(model -> model.version().name());
      if (latest.isEmpty() || latest.equals(served)) {
        clearRefusal();
      } else if (pauses.isDue(latest.get())) {
        replace(latest.get());
      }
    } catch (RuntimeException | Error e) {
      if (!unreachable) {
        log.warn("the model version cannot be read: {}", ModelLoader.oneLine(e));
        unreachable = true;
      }
    }
  }

  /** Clears the refusal, because the alias names the version that serves. */
  private void clearRefusal() {
    pauses.reset();
    if (refused.isPresent()) {
      refused = Optional.empty();
      state.refused(Optional.empty());
    }
  }

  private void replace(VersionName latest) {
    try {
      Consumer<ServiceState.Phase> progress = phase -> log.info("{}: {}", latest, phase.id());
      VerifiedModel next = loader.source().obtain(progress);
      long began = System.nanoTime();
      Optional<ServedModel> before = state.now().model();
      boolean swaps = before.filter(one -> next.hasWeightsOf(one.version().files())).isPresent();
      if (swaps) {
        swap(before.get(), next);
      } else {
        load(next, before, progress);
      }
      loader.source().served();
      clearRefusal();
      log.info(
          "{} serves, {} took {} ms",
          next.identity(),
          swaps ? "taking its knowledge" : "loading it",
          Duration.ofNanos(System.nanoTime() - began).toMillis());
    } catch (RuntimeException | Error e) { // an Error too must not end the following of the alias
      if (e instanceof StoreException store && store.isUnreachable()) {
        log.warn("{} is not pulled yet: {}", latest, ModelLoader.oneLine(e));
        return;
      }
      String reason = ModelLoader.oneLine(e);
      log.error("{} is refused: {}", latest, reason);
      refused = Optional.of(latest);
      pauses.failed(latest);
      state.refused(Optional.of(new ServiceState.Refusal(latest, reason)));
    }
  }

  private void swap(ServedModel served, VerifiedModel next) {
    ServedModel.Version version = ServedModel.Version.of(next);
    if (loader.builds().isPresent()) {
      loader.builds().get().swap(served, version);
    } else {
      served.predictions().predictor().reload(next.path());
      served.version(version);
    }
    state.changed();
    // The files of knowledge that no session holds any more are unmapped when it is collected.
    System.gc();
    ProcessMemory.trim();
  }

  private void load(
      VerifiedModel next, Optional<ServedModel> before, Consumer<ServiceState.Phase> progress) {
    experiment.ifPresent(ExperimentWatch::pause); // room for the new version
    ServedModel model = loader.load(next, progress);
    try {
      before.ifPresent(one -> model.predictions().readAhead(one.predictions()));
    } catch (RuntimeException | Error e) {
      model.predictions().close();
      throw e;
    }
    admit.accept(model);
  }

  @Override
  public void close() {
    Threads.interrupt(thread);
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    loader.source().close();
    experiment.ifPresent(ExperimentWatch::close);
  }
}
