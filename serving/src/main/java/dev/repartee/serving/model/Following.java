package dev.repartee.serving.model;

import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.serving.model.ServiceState.Refusal;
import dev.repartee.text.UserException;
import dev.repartee.text.io.ProcessMemory;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reference that is followed, and what becomes of each version that it names: it is resolved,
 * fetched and checked; its weights are loaded and warmed up while the version before serves, or
 * where that has the same weights it reads the knowledge alone; it serves. What fails is refused,
 * and rests for growing pauses until the reference names another version. A store that fails says
 * nothing about a version, which the next poll fetches again. Not for several threads.
 */
public final class Following {

  private static final Logger log = LoggerFactory.getLogger(Following.class);

  /** In polls: how long a version that was refused rests at most. */
  private static final int LONGEST_PAUSE = 30;

  /** Where the versions of a reference serve. */
  interface Place {

    /** What serves there now. */
    Optional<ServedModel> model();

    /**
     * Called before a version is loaded beside what serves.
     *
     * @param sessions bytes that its conversations may take
     * @throws UserException when there is no room for both
     */
    void makeRoom(VerifiedModel next, long sessions);

    /** Has a model serve, and closes the one before; or one that serves be another version. */
    void ready(ServedModel model);

    /** Sets or clears the version that was refused last. */
    void refused(Optional<Refusal> refusal);
  }

  private final ModelLoader loader;
  private final Place place;
  private Optional<VersionName> refused = Optional.empty();
  private int pause; // polls between the last attempt at it and the next
  private int rest; // of them, those to come
  private boolean unreachable;

  public Following(ModelLoader loader, Place place) {
    this.loader = loader;
    this.place = place;
  }

  /** Of its versions. */
  public ModelLoader loader() {
    return loader;
  }

  /**
   * Takes the first version, or waits until one is named that has the library.
   *
   * @param interval the pause between two polls; zero for no polls, and no waiting
   * @throws UserException when any other step fails, with a message of one line
   */
  public void start(Consumer<Phase> progress, Duration interval) {
    VerifiedModel first = loader.source().obtainAtStart(progress);
    try {
      take(first, progress);
    } catch (ModelLoader.UnbuiltException e) {
      if (!interval.isPositive()) {
        throw e;
      }
      refuse(first.identity(), e);
    }
    while (place.model().isEmpty()) {
      try {
        Thread.sleep(interval);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UserException("interrupted", e);
      }
      poll();
    }
  }

  /** Takes the version that the reference names now, unless it serves or rests. */
  public void poll() {
    Optional<VersionName> latest;
    try {
      latest = loader.source().latest();
      if (unreachable) {
        log.info("the model's store answers again");
        unreachable = false;
      }
    } catch (RuntimeException | Error e) { // an Error too must not end the following
      if (!unreachable) {
        log.warn("the model version cannot be read: {}", ModelLoader.oneLine(e));
        unreachable = true;
      }
      return;
    }
    Optional<VersionName> served = place.model().map(model -> model.version().name());
    if (latest.isPresent() && latest.equals(served)) {
      clearRefusal();
    } else if (latest.equals(refused) && rest > 0) {
      rest--;
    } else {
      latest.ifPresent(this::take);
    }
  }

  private void take(VersionName latest) {
    try {
      Consumer<Phase> progress = phase -> log.info("{}: {}", latest, phase.id());
      VerifiedModel next = loader.source().obtain(progress);
      long began = System.nanoTime();
      take(next, progress);
      log.info(
          "{} serves after {} ms",
          next.identity(),
          Duration.ofNanos(System.nanoTime() - began).toMillis());
    } catch (RuntimeException | Error e) {
      if (e instanceof StoreException store && store.isUnreachable()) {
        log.warn("{} is not pulled yet: {}", latest, ModelLoader.oneLine(e));
      } else {
        refuse(latest, e);
      }
    }
  }

  private void take(VerifiedModel next, Consumer<Phase> progress) {
    loader.requireLibrary(next);
    Optional<ServedModel> before = place.model();
    if (before.filter(one -> next.hasWeightsOf(one.version().files())).isPresent()) {
      read(before.get(), next);
    } else {
      load(next, before, progress);
    }
    clearRefusal();
  }

  private void read(ServedModel served, VerifiedModel next) {
    ServedModel.Version version = ServedModel.Version.of(next);
    served.predictions().engine().reload(next.path());
    loader.source().served(); // before it shows, so that whoever sees it finds it at the next start
    served.version(version);
    place.ready(served);
    // The files of knowledge that no session holds any more are unmapped when it is collected.
    System.gc();
    ProcessMemory.trim();
  }

  private void load(VerifiedModel next, Optional<ServedModel> before, Consumer<Phase> progress) {
    place.makeRoom(next, loader.options().maxSessionBytes().orElse(ServingEngine.SESSION_MEMORY));
    ServedModel model = loader.load(next, progress);
    try {
      before.ifPresent(one -> model.predictions().readAhead(one.predictions()));
      loader.source().served();
      place.ready(model);
    } catch (RuntimeException | Error e) {
      model.predictions().close();
      throw e;
    }
  }

  private void refuse(VersionName version, Throwable why) {
    String reason = ModelLoader.oneLine(why);
    log.error("{} is refused: {}", version, reason);
    boolean again = refused.equals(Optional.of(version));
    pause = again ? Math.min(LONGEST_PAUSE, 2 * pause + 1) : 1;
    rest = pause;
    refused = Optional.of(version);
    place.refused(Optional.of(new Refusal(version, reason)));
  }

  private void clearRefusal() {
    if (refused.isPresent()) {
      refused = Optional.empty();
      place.refused(Optional.empty());
    }
  }
}
