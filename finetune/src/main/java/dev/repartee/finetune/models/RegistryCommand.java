package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.models.Actor;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.GateOutcome;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.json.JsonFields;
import dev.repartee.text.page.Quantities;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The part that the commands of {@code models} and {@code experiment} share: the store, the result
 * as text or JSON, and the form in which versions and alias moves are printed.
 */
abstract class RegistryCommand implements Callable<Integer> {

  /**
   * A command's result.
   *
   * @param json as {@code --json} prints it
   * @param text the same for people, line by line
   * @param failure that ends the command after the result is printed
   */
  record Result(Object json, List<String> text, Optional<UserException> failure) {

    Result(Object json, List<String> text) {
      this(json, text, Optional.empty());
    }
  }

  /** The reason of a change. */
  static class Why {

    @Option(names = "--why", paramLabel = "TEXT", description = "The reason, for the history.")
    private String why;

    Optional<String> text() {
      return given(why);
    }
  }

  /** Insists on a move that a check refuses. */
  static final class Force extends Why {

    @Option(
        names = "--force",
        description = "Move the alias even so; needs --why, and is recorded.")
    private boolean given;

    /**
     * Whether it was given.
     *
     * @throws UserException (wrong usage) without a reason
     */
    boolean isGiven() {
      if (given && text().isEmpty()) {
        throw UserException.usage("--force needs --why TEXT; the history keeps it");
      }
      return given;
    }
  }

  /** A version in JSON. */
  record VersionJson(
      String model,
      int version,
      Optional<String> publishedBy,
      Optional<Instant> publishedAt,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> builtOn,
      List<String> aliases,
      long totalBytes,
      List<ManifestFile> files,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Integer> evaluationsOf,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Stored> evaluations,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> experiments) {

    static VersionJson of(VersionInfo info, Collection<AliasMove> aliases) {
      return of(info, aliases, Optional.empty(), List.of(), List.of());
    }

    static VersionJson of(
        VersionInfo info,
        Collection<AliasMove> aliases,
        Optional<Integer> measured,
        List<Stored> evaluations,
        List<String> experiments) {
      return new VersionJson(
          info.version().model(),
          info.version().number(),
          info.publishedBy(),
          info.publishedAt(),
          info.manifest().builtOn(),
          namesOf(info.version(), aliases),
          info.manifest().totalBytes(),
          info.manifest().files(),
          measured,
          evaluations,
          experiments);
    }
  }

  @Option(
      names = "--store",
      required = true,
      paramLabel = "URI",
      description = "The registry: gs://BUCKET/PREFIX, or a folder.")
  private String store;

  @Mixin private Output output;

  @Option(
      names = "--by",
      paramLabel = "WHO",
      defaultValue = "${sys:user.name}",
      showDefaultValue = Visibility.NEVER,
      description = "Who makes the change, for the history. Default: this user.")
  private String by;

  @Spec private CommandSpec spec;
  private ObjectStore opened;

  abstract Result run(ModelRegistry registry);

  /** True where an option asks for a form of text, wherever it goes. */
  boolean asksForText() {
    return false;
  }

  /**
   * A folder that does not exist would otherwise be an empty store.
   *
   * @throws UserException naming it
   */
  final void requireStore() {
    if (!store.contains("://") && !Files.isDirectory(Path.of(store))) {
      throw new UserException(
          "--store %s: there is no such folder; 'models publish' makes one".formatted(store));
    }
  }

  /** The line that names what to do next, with the same store. */
  final String next(String command) {
    return "%srepartee %s --store %s".formatted(Output.NEXT, command, store);
  }

  /** What the command is about: {@code answers/NAME} is a library. */
  RegistryKind kind() {
    return RegistryKind.of(given().orElse(""));
  }

  /** The name or version that the command is given, as it stands in the registry of its kind. */
  final Optional<String> subject(String written) {
    return given(written).map(text -> text.substring(kind().written("").length()));
  }

  private Optional<String> given() {
    return given(spec.positionalParameters().getFirst().getValue());
  }

  /**
   * The registry of what the command is given; those of models and libraries where it is nothing.
   */
  final List<ModelRegistry> registries(ModelRegistry registry) {
    return given().isPresent()
        ? List.of(registry)
        : List.of(registry, registry.of(RegistryKind.LIBRARY));
  }

  /** The store of the registry, open while the command runs. */
  final ObjectStore store() {
    return opened;
  }

  /**
   * Refuses a model that no service could serve: loads it, which asks its golden prompt again.
   *
   * @param named what it is called in the message
   */
  static void requireServable(Object named, Path folder) {
    try {
      AnswerHead.requireAnswers(folder, Knowledge.answers(folder));
      SuggestionEngine.load(folder, new EngineOptions(Compute.cpu(Precision.FP32))).close();
    } catch (UserException e) {
      throw new UserException(
          "%s cannot be served, so nothing was done: %s".formatted(named, e.getMessage()), e);
    }
  }

  /**
   * The version that {@code target} is to name for {@code version}: whatever is promoted, the
   * newest library counts, and who is forgotten stays so. A new alias, which may be a slip, is
   * named as such.
   */
  final ModelVersion renewed(ModelRegistry registry, ModelVersion version, ModelAlias target) {
    Set<String> known = registry.aliases(target.model()).keySet();
    if (!known.contains(target.alias())) {
      String nearest = JsonFields.didYouMean(target.alias(), known, "");
      spec.commandLine().getErr().println(target + " is a new alias" + nearest);
    }
    return kind() == RegistryKind.MODEL
        ? builder(registry).renewed(version, target, Instant.now())
        : version;
  }

  /**
   * Undoes an alias's latest promotion; a model's version is served without who was forgotten and
   * what was forbidden since.
   */
  final AliasMove rollback(
      ModelRegistry registry, ModelAlias target, Optional<Integer> from, Optional<String> why) {
    return kind() == RegistryKind.MODEL
        ? registry.rollback(
            target, from, why, version -> builder(registry).restricted(version, target))
        : registry.rollback(target, from, why);
  }

  private VersionBuilder builder(ModelRegistry registry) {
    return new VersionBuilder(registry, actor(), new ModelCache(ModelCache.defaultRoot()));
  }

  /** Who makes the change. */
  final Actor actor() {
    return Actor.named(by);
  }

  /** The version or alias that {@code text} names, with its kind before it. */
  final ModelReference reference(String text) {
    return ModelReference.parse(subject(text).orElse(""), kind());
  }

  @Override
  public final Integer call() {
    try (ObjectStore open = ObjectStores.open(store)) {
      opened = open;
      Result result = run(new ModelRegistry(open, kind(), actor()));
      if (asksForText() && !output.isChosen()) {
        PrintWriter out = spec.commandLine().getOut();
        result.text().forEach(out::println);
        out.flush();
      } else {
        output.print(result.json(), result.text());
      }
      if (result.failure().isPresent()) {
        throw result.failure().get();
      }
      return 0;
    }
  }

  /** The value of an option; picocli leaves it null where it is not given. */
  static Optional<String> given(String value) {
    return Optional.ofNullable(value).filter(text -> !text.isBlank());
  }

  /** The aliases that name a version, of these. */
  private static List<String> namesOf(ModelVersion version, Collection<AliasMove> aliases) {
    return aliases.stream()
        .filter(move -> move.to() == version.number())
        .map(AliasMove::alias)
        .toList();
  }

  /** A version on one line. */
  static String line(VersionInfo info, Collection<AliasMove> aliases) {
    return "%-24s %-24s %-16s %10s  %s%s"
        .formatted(
            info.version(),
            info.publishedAt().map(Instant::toString).orElse("-"),
            info.publishedBy().orElse("-"),
            Quantities.size(info.manifest().totalBytes()),
            info.manifest().builtOn().map("built on %d  "::formatted).orElse(""),
            String.join(" ", namesOf(info.version(), aliases)))
        .stripTrailing();
  }

  /** An alias's move on one line. */
  static String line(AliasMove move) {
    return "%-24s %-16s %-8s %s -> %d  by %s%s%s"
        .formatted(
            move.at(),
            move.alias(),
            move.kind().id(),
            move.from().map(String::valueOf).orElse("-"),
            move.to(),
            move.by(),
            move.why().map(why -> ": " + why).orElse(""),
            move.gates().map(RegistryCommand::gates).orElse(""));
  }

  private static String gates(GateOutcome gates) {
    return gates.passed()
        ? "  [gates passed]"
        : "  [gates FORCED: " + String.join(", ", gates.failed()) + "]";
  }
}
