package dev.repartee.knowledge;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.GoldenPrompt;
import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AgentSalt;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.FileKind;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.Lease;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.privacy.Forgotten;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a model's knowledge into its next version, whose weights are the same. One builder works
 * on a model at a time; one that is killed leaves the version before or the new one.
 */
public final class VersionBuilder {

  private static final Logger log = LoggerFactory.getLogger(VersionBuilder.class);

  /** How long others wait for a builder that was killed. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final Duration RENEWAL = LEASE.dividedBy(4);

  /**
   * What became of a build.
   *
   * @param version that was published; empty where nothing differs
   * @param move of the alias; empty where it was not moved
   * @param note for people
   */
  public record Outcome(Optional<ModelVersion> version, Optional<AliasMove> move, String note) {}

  /** Knowledge, and what its version says of it; empty where nothing differs. */
  private record Made(Knowledge knowledge, Optional<BuiltFrom> builtFrom) {}

  private final ObjectStore store;
  private final ModelRegistry models;
  private final Actor actor;
  private final ModelCache cache;

  /**
   * @param store of the registry and of its services' feedback
   * @param models of that store
   * @param cache where versions are kept on this machine
   */
  public VersionBuilder(ObjectStore store, ModelRegistry models, Actor actor, ModelCache cache) {
    this.store = requireNonNull(store, "store is null");
    this.models = requireNonNull(models, "models is null");
    this.actor = requireNonNull(actor, "actor is null");
    this.cache = requireNonNull(cache, "cache is null");
  }

  /**
   * Adds to whom the model must no longer know, under the salts of the store and of a version.
   *
   * @return everybody whom it must not know
   */
  public Forgotten forget(ModelAlias alias, Set<String> agents, Set<String> conversations) {
    Path folder = cache.fetch(store, alias).folder();
    return ForgottenList.add(
        store,
        alias.model(),
        knowledge(folder).hashes(agents, conversations, AgentSalt.findOrMake(store)));
  }

  /**
   * Builds on the version that an alias names, and points the alias at the result. Of one that is
   * held after a rollback only what was forgotten or forbidden since is left out.
   *
   * @return empty while another builder works on the model
   * @throws UserException when a source cannot be read
   */
  public Optional<Outcome> build(ModelAlias alias, SourceReader sources, Instant now) {
    Optional<Lease> acquired = Lease.acquire(store, alias.model(), actor, LEASE);
    if (acquired.isEmpty()) {
      return Optional.empty();
    }
    try (Lease lease = acquired.get()) {
      ModelCache.CachedModel base = cache.fetch(store, alias);
      boolean held = models.held(alias).isPresent();
      Optional<Made> made =
          held
              ? Optional.of(restricted(base.folder(), sources))
              : made(base.folder(), sources, now, Optional.of(lease));
      if (made.isEmpty()) {
        return Optional.of(new Outcome(Optional.empty(), Optional.empty(), "nothing differs"));
      }
      Optional<ModelVersion> version = publish(base, made.get());
      Optional<AliasMove> move =
          version.flatMap(
              built ->
                  models.build(
                      built,
                      alias.alias(),
                      base.version(),
                      made.get().builtFrom().map(BuiltFrom::line),
                      held));
      return Optional.of(
          new Outcome(
              version,
              move,
              version.isEmpty()
                  ? "nothing differs"
                  : move.isEmpty() ? alias + " was moved meanwhile and stays" : "built"));
    }
  }

  /**
   * The version to promote for {@code version}: itself, or where the alias names a version that was
   * built, one with the newest library and without who is forgotten. What was typed and the version
   * has not read is left to the next build.
   */
  public ModelVersion renewed(ModelVersion version, ModelAlias alias, Instant now) {
    Optional<BuiltFrom> served =
        Optional.ofNullable(models.aliases(alias.model()).get(alias.alias()))
            .flatMap(_ -> BuiltFrom.read(cache.fetch(store, alias).folder()));
    if (served.isEmpty()) {
      return version;
    }
    ModelCache.CachedModel base = cache.fetch(store, version);
    SourceReader sources = new SourceReader(served.get().wanted(alias.model()));
    return made(base.folder(), sources, now, Optional.empty())
        .flatMap(made -> publish(base, made))
        .orElse(version);
  }

  /** A version without who was forgotten and what was forbidden since it was built. */
  public ModelVersion restricted(ModelVersion version) {
    ModelCache.CachedModel base = cache.fetch(store, version);
    Optional<BuiltFrom> builtFrom = BuiltFrom.read(base.folder());
    SourceReader sources =
        new SourceReader(builtFrom.orElse(BuiltFrom.NOTHING).wanted(version.model()));
    return publish(base, restricted(base.folder(), sources)).orElse(version);
  }

  private Made restricted(Path folder, SourceReader sources) {
    Knowledge less =
        knowledge(folder).without(ForgottenList.read(store, sources.model()), sources.never(store));
    return new Made(less, BuiltFrom.read(folder).map(BuiltFrom::unfinished));
  }

  private Optional<Made> made(
      Path folder, SourceReader sources, Instant now, Optional<Lease> engineWhile) {
    SourceReader.Read read =
        sources.read(
            store,
            Optional.of(store),
            AgentSalt.findOrMake(store),
            ForgottenList.read(store, sources.model()),
            now);
    Optional<BuiltFrom> before = BuiltFrom.read(folder);
    if (before.filter(read.builtFrom()::equals).isPresent()) {
      return Optional.empty();
    }
    Knowledge.Built built = knowledge(folder).build(read.sources(), Knowledge.ContextReader.NONE);
    if (!built.whole() && engineWhile.isPresent()) {
      built = readContexts(folder, read, engineWhile.get());
    }
    BuiltFrom builtFrom = read.builtFrom();
    return Optional.of(
        new Made(
            built.knowledge(), Optional.of(built.whole() ? builtFrom : builtFrom.unfinished())));
  }

  private static Knowledge.Built readContexts(Path folder, SourceReader.Read read, Lease lease) {
    EngineOptions options = new EngineOptions(Compute.cpu(Precision.FP32));
    try (SuggestionEngine engine = SuggestionEngine.load(folder, options)) {
      GoldenPrompt.read(folder).ifPresent(prompt -> prompt.check(engine));
      log.info("reading what agents replied to");
      boolean whole = engine.build(read.sources(), renewing(lease));
      return new Knowledge.Built(engine.knowledge(), whole);
    }
  }

  /** Ends the reading when another builder has taken over. */
  private static BooleanSupplier renewing(Lease lease) {
    Instant[] renewed = {Instant.now()};
    return () -> {
      Instant now = Instant.now();
      if (now.isBefore(renewed[0].plus(RENEWAL))) {
        return true;
      }
      renewed[0] = now;
      return lease.renew();
    };
  }

  private static Knowledge knowledge(Path folder) {
    return Knowledge.read(folder, Gpt2Config.read(folder).width(), false);
  }

  private Optional<ModelVersion> publish(ModelCache.CachedModel base, Made made) {
    try {
      Path folder = Files.createTempDirectory("repartee-knowledge");
      try {
        write(base.folder(), made, folder);
        return models.publishKnowledge(base.version(), folder);
      } finally {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UserException("the knowledge of " + base.version() + " cannot be written: " + e, e);
    }
  }

  private static void write(Path base, Made made, Path folder) throws IOException {
    made.knowledge().write(folder);
    if (made.builtFrom().isPresent()) {
      made.builtFrom().get().write(folder);
    }
    Manifest manifest = Manifest.read(base);
    List<String> written = List.of(BuiltFrom.FILE, Forgotten.FILE, AnswerLibraryFile.FILE);
    for (ManifestFile file : manifest.files(FileKind.KNOWLEDGE)) {
      Path target = folder.resolve(file.path());
      if (!Files.exists(target) && !written.contains(file.path())) {
        Files.createDirectories(target.getParent());
        Files.copy(base.resolve(file.path()), target);
      }
    }
  }
}
