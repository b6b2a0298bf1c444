package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.knowledge.VersionBuilder;
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
import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part that the commands of {@code models} and {@code answers} share: the store, the result as
 * text or JSON, and the form in which versions and alias moves are printed.
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

  /** A group of commands about one kind of thing. */
  abstract static class Group implements Runnable {

    private final RegistryKind kind;
    @Spec private CommandSpec spec;

    Group(RegistryKind kind) {
      this.kind = kind;
    }

    /** Without a command there is nothing to do but to say which there are. */
    @Override
    public final void run() {
      throw UserException.usage(
          "%s needs one of %s; see '%s --help'"
              .formatted(
                  spec.name(),
                  String.join(", ", spec.subcommands().keySet()),
                  spec.qualifiedName()));
    }
  }

  /** A version in JSON. */
  record VersionJson(
      String model,
      int version,
      @JsonProperty("published_by") Optional<String> publishedBy,
      @JsonProperty("published_at") Optional<Instant> publishedAt,
      @JsonProperty("built_on") @JsonInclude(JsonInclude.Include.NON_ABSENT)
          Optional<Integer> builtOn,
      List<String> aliases,
      @JsonProperty("total_bytes") long totalBytes,
      List<ManifestFile> files) {

    static VersionJson of(VersionInfo info, Collection<AliasMove> aliases) {
      return new VersionJson(
          info.version().model(),
          info.version().number(),
          info.publishedBy(),
          info.publishedAt(),
          info.manifest().builtOn(),
          namesOf(info.version(), aliases),
          info.manifest().totalBytes(),
          info.manifest().files());
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
  @ParentCommand private Group group;
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
          "--store %s: there is no such folder; '%s publish' makes one"
              .formatted(store, kind().command()));
    }
  }

  /** The line that names what to do next, with the same store. */
  final String next(String command) {
    return "%srepartee %s --store %s".formatted(Output.NEXT, command, store);
  }

  /** What the command is about. */
  final RegistryKind kind() {
    return group.kind;
  }

  /** The store of the registry, open while the command runs. */
  final ObjectStore store() {
    return opened;
  }

  /**
   * The version that {@code target} is to name for {@code version}: whatever is promoted, the
   * newest library counts, and who is forgotten stays so.
   */
  final ModelVersion renewed(ModelRegistry registry, ModelVersion version, ModelAlias target) {
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
    return new VersionBuilder(opened, registry, actor(), new ModelCache(ModelCache.defaultRoot()));
  }

  /** Who makes the change. */
  final Actor actor() {
    return Actor.named(by);
  }

  /** The version or alias that {@code text} names. */
  final ModelReference reference(String text) {
    return ModelReference.parse(text, kind());
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
        output.print(named(Json.PRETTY.valueToTree(result.json())), result.text());
      }
      if (result.failure().isPresent()) {
        throw result.failure().get();
      }
      return 0;
    }
  }

  /** {@code json} with a library's own name for what is called a model in the records of both. */
  private JsonNode named(JsonNode json) {
    if (kind() != RegistryKind.LIBRARY) {
      return json;
    }
    if (json.isArray()) {
      ArrayNode array = Json.PRETTY.createArrayNode();
      json.forEach(element -> array.add(named(element)));
      return array;
    }
    if (json.isObject()) {
      ObjectNode object = Json.PRETTY.createObjectNode();
      json.properties()
          .forEach(
              field -> {
                String name =
                    switch (field.getKey()) {
                      case "model" -> kind().noun();
                      case "models" -> kind().plural();
                      default -> field.getKey();
                    };
                object.set(name, named(field.getValue()));
              });
      return object;
    }
    return json;
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
            size(info.manifest().totalBytes()),
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

  static String size(long bytes) {
    return bytes < 1_000_000
        ? String.format(Locale.ROOT, "%.1f kB", bytes / 1e3)
        : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
  }
}
