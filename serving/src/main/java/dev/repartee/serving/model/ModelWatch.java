package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.serving.model.ServiceState.Refusal;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows what the service is to serve, and an experiment beside it, on one thread, so that one
 * model is loaded at a time. {@link Following} lists what becomes of a version.
 */
public final class ModelWatch implements AutoCloseable, Following.Place {

  private final ModelLoader loader;
  private final ServiceState state;
  private final Optional<ExperimentWatch> experiment;
  private final Following serving;
  private Optional<Thread> thread = Optional.empty();

  /**
   * @param experiment polled with it, where one is followed
   */
  public ModelWatch(ModelLoader loader, ServiceState state, Optional<ExperimentWatch> experiment) {
    this.loader = requireNonNull(loader, "loader is null");
    this.state = requireNonNull(state, "state is null");
    this.experiment = requireNonNull(experiment, "experiment is null");
    this.serving = new Following(loader, this);
  }

  /**
   * Has the first version serve.
   *
   * @param progress receives each phase as it begins
   * @param interval the pause between two polls, for a version that is not built yet
   * @throws UserException when any step fails, with a message of one line
   */
  public void start(Consumer<Phase> progress, Duration interval) {
    serving.start(progress, interval);
  }

  /**
   * Starts to poll in a thread of its own.
   *
   * @param interval the pause between two polls
   */
  public void follow(Duration interval) {
    thread =
        Optional.of(Thread.ofPlatform().daemon().name("model-watch").start(() -> watch(interval)));
  }

  private void watch(Duration interval) {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        experiment.ifPresent(following -> following.poll(loader));
        Thread.sleep(interval);
        serving.poll();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  @Override
  public Optional<ServedModel> model() {
    return state.now().model();
  }

  @Override
  public void makeRoom(VerifiedModel next, long sessions) {
    experiment.ifPresent(ExperimentWatch::pause);
  }

  @Override
  public void serves(ServedModel model) {
    state.ready(model);
  }

  @Override
  public void refused(Optional<Refusal> refusal) {
    state.refused(refusal);
  }

  @Override
  public void close() {
    thread.ifPresent(
        running -> {
          Threads.interrupt(running);
          try {
            running.join(Duration.ofSeconds(10));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    loader.source().close();
  }
}
