package dev.repartee.serving;

import dev.repartee.registry.knowledge.SourceReader;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/** Builds {@code acme@production} as {@code models build --every} does, beside a service. */
final class OutsideBuilder implements AutoCloseable {

  private static final ModelAlias ALIAS = new ModelAlias("acme", "production");
  static final Duration PAUSE = Duration.ofMillis(100);

  private final ObjectStore store;
  private final VersionBuilder builder;
  private final SourceReader sources;
  private final Duration every;
  private final Thread thread;

  /**
   * Builds once, and then again and again.
   *
   * @param folder for its cache
   * @param library such as {@code replies@live}
   */
  OutsideBuilder(Path store, Path folder, Optional<String> library) {
    this(store, folder, library, PAUSE);
  }

  OutsideBuilder(Path store, Path folder, Optional<String> library, Duration every) {
    this.every = every;
    this.store = new LocalObjectStore(store);
    builder =
        new VersionBuilder(
            new ModelRegistry(this.store),
            Actor.named("builder"),
            new ModelCache(folder.resolve("builder")));
    sources =
        builder.sources(
            ALIAS,
            library.map(name -> ModelReference.parse(name, RegistryKind.LIBRARY)),
            Optional.empty());
    var _ = builder.build(ALIAS, sources, Instant.now()).orElseThrow();
    thread = Thread.ofPlatform().start(this::run);
  }

  private void run() {
    while (true) {
      try {
        Thread.sleep(every);
        var _ = builder.build(ALIAS, sources);
      } catch (InterruptedException e) {
        return;
      } catch (UserException e) {
        LoggerFactory.getLogger(OutsideBuilder.class).warn("{}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    Threads.joinUninterruptibly(thread);
    store.close();
  }
}
