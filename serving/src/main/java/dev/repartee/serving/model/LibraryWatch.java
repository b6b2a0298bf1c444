package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.AnswerSearch;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows an answer library: polls the version that its alias names, and has the model that serves
 * take its entries, in place of those before. So it does when entries become valid or expire. A
 * version that cannot be read is refused, and the one before stays. Thread-safe.
 */
public final class LibraryWatch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LibraryWatch.class);

  /** The pause between two looks at what has expired, where no newer version is polled. */
  private static final Duration EXPIRY = Duration.ofSeconds(1);

  /** In the cache. No model can have this name. */
  private static final String FOLDER = ".libraries";

  private final RegistrySource source;
  private final boolean only;
  private volatile Served served;
  private volatile Optional<VersionName> refused = Optional.empty();
  private final GrowingPauses pauses = new GrowingPauses();
  private boolean unreachable;
  private Optional<Thread> thread = Optional.empty();

  /**
   * A version of the library.
   *
   * @param whole all entries
   * @param valid without those that are not valid now
   * @param search among all entries
   */
  public record Served(
      VersionName identity, AnswerLibrary whole, AnswerLibrary valid, AnswerSearch search) {

    private static Served of(VersionName identity, AnswerLibrary whole) {
      return new Served(identity, whole, whole.validAt(Instant.now()), new AnswerSearch(whole));
    }

    /** With what is valid by now; the same where nothing has changed. */
    private Served now() {
      AnswerLibrary current = whole.validAt(Instant.now());
      return current.equals(valid) ? this : new Served(identity, whole, current, search);
    }
  }

  /**
   * Reads the version that the library's alias names; where the store cannot be reached, the one
   * that this machine served last.
   *
   * @param store URI of the registry
   * @param library {@code NAME@ALIAS} or {@code NAME@NUMBER}
   * @param cache folder of the pulled versions
   * @param only whether nothing else may be offered
   * @throws UserException when there is no such library, or it cannot be reached or read
   */
  public LibraryWatch(String store, String library, Path cache, boolean only) {
    this.source =
        new RegistrySource(
            store,
            RegistryKind.LIBRARY,
            ModelReference.parse(library, RegistryKind.LIBRARY),
            cache.resolve(FOLDER));
    this.only = only;
    this.served = read(source.obtainAtStart(phase -> log.info("library: {}", phase.id())));
    source.served();
  }

  private static Served read(ModelSource.VerifiedModel version) {
    return Served.of(
        version.identity(), AnswerLibraryFile.read(version.path().resolve(AnswerLibraryFile.FILE)));
  }

  /** The version whose entries count now. */
  public Served now() {
    return served;
  }

  /** Has these predictions take the entries that are valid now. */
  public void apply(Predictions predictions) {
    predictions.library(served.valid(), only);
  }

  /**
   * Starts to poll in a thread of its own.
   *
   * @param interval the pause between two polls; zero: only look at which entries are valid
   * @param changed is called when other entries count
   */
  @SuppressWarnings("ThreadPriorityCheck") // or another version would keep requests waiting
  public synchronized void start(Duration interval, Runnable changed) {
    requireNonNull(changed, "changed is null");
    thread =
        Optional.of(
            Thread.ofPlatform()
                .daemon()
                .name("library-watch")
                .priority(Thread.MIN_PRIORITY)
                .start(
                    () -> {
                      while (!Thread.currentThread().isInterrupted()) {
                        try {
                          Thread.sleep(interval.isPositive() ? interval : EXPIRY);
                          Served before = served;
                          if (interval.isPositive()) {
                            poll(before);
                          }
                          refresh(before, changed);
                        } catch (InterruptedException e) {
                          return;
                        }
                      }
                    }));
  }

  private void poll(Served before) {
    try {
      Optional<VersionName> latest = source.latest();
      unreachable = false;
      if (latest.isEmpty() || latest.get().equals(before.identity())) {
        clearRefusal();
      } else if (pauses.isDue(latest.get())) {
        pull(latest.get());
      }
    } catch (RuntimeException | Error e) {
      if (!unreachable) {
        log.warn("the library version cannot be read: {}", ModelLoader.oneLine(e));
        unreachable = true;
      }
    }
  }

  private void refresh(Served before, Runnable changed) {
    served = served.now();
    if (!served.equals(before)) {
      changed.run();
      log.info(
          "library {}: {} entries are valid, {} phrases are never said",
          served.identity(),
          served.valid().entries().size(),
          served.valid().never().size());
    }
  }

  private void pull(VersionName latest) {
    try {
      served = read(source.obtain(phase -> log.info("library {}: {}", latest, phase.id())));
      source.served();
      clearRefusal();
    } catch (UserException e) {
      if (e instanceof StoreException store && store.isUnreachable()) {
        throw e;
      }
      log.error("library {} is refused: {}", latest, e.getMessage());
      refused = Optional.of(latest);
      pauses.failed(latest);
    }
  }

  private void clearRefusal() {
    refused = Optional.empty();
    pauses.reset();
  }

  /** The version that the alias names but that cannot be read. */
  public Optional<VersionName> refused() {
    return refused;
  }

  @Override
  public synchronized void close() {
    thread.ifPresent(Threads::interrupt);
    source.close();
  }
}
