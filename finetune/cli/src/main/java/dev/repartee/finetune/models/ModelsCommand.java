package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.models.StoredEvaluations.Entry;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.registry.models.Verification;
import dev.repartee.registry.models.VersionDiff;
import dev.repartee.registry.models.VersionDiff.FileChange;
import dev.repartee.registry.models.VersionDiff.ValueChange;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repartee models}: everything about the model registry. */
@Command(
    name = "models",
    footer = {"  repartee models list --store registry"},
    description = {
      "Publishes, shows and moves model versions in a registry.",
      "A version is named NAME@NUMBER or NAME@ALIAS, for example acme@7 or acme@production."
    },
    subcommands = {
      PublishCommand.OfModel.class,
      ModelsCommand.ListCommand.class,
      ModelsCommand.ShowCommand.class,
      ModelsCommand.DiffCommand.class,
      ModelsCommand.EvaluationsCommand.class,
      GatesCommand.class,
      BuildCommand.class,
      AliasCommands.PromoteCommand.class,
      AliasCommands.RollbackCommand.class,
      AliasCommands.ReleaseCommand.class,
      AliasCommands.HistoryCommand.class,
      ModelsCommand.VerifyCommand.class,
      ModelsCommand.FetchCommand.class,
      GcCommand.class,
      ExperimentCommands.class
    },
    mixinStandardHelpOptions = true)
public final class ModelsCommand extends RegistryCommand.Group {

  public ModelsCommand() {
    super(RegistryKind.MODEL);
  }

  @Command(
      name = "list",
      footer = {"  repartee ${PARENT-COMMAND-NAME} list --store registry"},
      description = "Lists all names, or the versions of one.",
      mixinStandardHelpOptions = true)
  static final class ListCommand extends RegistryCommand {

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "List the versions of this one.")
    private String name;

    /** A model in the list of all models, in JSON. */
    private record ListedModel(String model, List<Integer> versions, Map<String, Integer> aliases) {

      String line() {
        String names =
            aliases.entrySet().stream()
                .map(alias -> alias.getKey() + "=" + alias.getValue())
                .collect(Collectors.joining(" "));
        String numbers = versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "%-24s versions %s  %s"
            .formatted(model, numbers.isEmpty() ? "none" : numbers, names)
            .stripTrailing();
      }
    }

    @Override
    Result run(ModelRegistry registry) {
      Optional<String> model = given(name);
      return model.isPresent() ? versions(registry, model.get()) : models(registry);
    }

    private Result models(ModelRegistry registry) {
      requireStore();
      List<ListedModel> models =
          registry.names().stream().map(name -> model(registry, name)).toList();
      List<String> lines =
          models.isEmpty()
              ? List.of("no " + kind().plural())
              : models.stream().map(ListedModel::line).toList();
      return new Result(Map.of("models", models), lines);
    }

    private static ListedModel model(ModelRegistry registry, String name) {
      Map<String, Integer> aliases = new TreeMap<>();
      for (AliasMove move : registry.aliases(name).values()) {
        aliases.put(move.alias(), move.to());
      }
      List<Integer> numbers = registry.versions(name).stream().map(ModelVersion::number).toList();
      return new ListedModel(name, numbers, aliases);
    }

    private static Result versions(ModelRegistry registry, String model) {
      List<VersionInfo> infos =
          registry.requireVersions(model).stream().map(registry::describe).toList();
      Collection<AliasMove> aliases = registry.aliases(model).values();
      return new Result(
          Map.of(
              "model",
              model,
              "versions",
              infos.stream().map(info -> VersionJson.of(info, aliases)).toList()),
          infos.stream().map(info -> line(info, aliases)).toList());
    }
  }

  @Command(
      name = "show",
      footer = {"  repartee ${PARENT-COMMAND-NAME} show acme@production --store registry"},
      description = "Shows one version: who published it, its aliases, its files.",
      mixinStandardHelpOptions = true)
  static final class ShowCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
    private String reference;

    @Override
    Result run(ModelRegistry registry) {
      VersionInfo info = registry.describe(registry.resolve(reference(reference)));
      Collection<AliasMove> aliases = registry.aliases(info.version().model()).values();
      List<String> lines = new ArrayList<>(List.of(line(info, aliases)));
      info.manifest().files().stream().map(ShowCommand::line).forEach(lines::add);
      return new Result(VersionJson.of(info, aliases), lines);
    }

    private static String line(ManifestFile file) {
      return "  %-40s %12d bytes  %s".formatted(file.path(), file.size(), file.sha256());
    }
  }

  @Command(
      name = "diff",
      footer = {"  repartee ${PARENT-COMMAND-NAME} diff acme@1 acme@2 --store registry"},
      description =
          "Shows what distinguishes two versions: files, configuration, calibration, provenance.",
      mixinStandardHelpOptions = true)
  static final class DiffCommand extends RegistryCommand {

    @Parameters(index = "0", paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
    private String from;

    @Parameters(index = "1", paramLabel = "NAME@Y", description = "The other version.")
    private String to;

    @Override
    Result run(ModelRegistry registry) {
      ModelVersion before = registry.resolve(reference(from));
      ModelVersion after = registry.resolve(reference(to));
      VersionDiff diff = registry.diff(before, after);
      List<String> lines = new ArrayList<>(List.of(before + " -> " + after));
      diff.files().stream().map(DiffCommand::line).forEach(lines::add);
      diff.values().stream().map(DiffCommand::line).forEach(lines::add);
      if (lines.size() == 1) {
        lines.add("no difference");
      }
      return new Result(diff, lines);
    }

    private static String line(FileChange change) {
      return "  %-8s %-28s %s -> %s"
          .formatted(
              change.kind().id(),
              change.path(),
              change.bytesFrom().map(RegistryCommand::size).orElse("-"),
              change.bytesTo().map(RegistryCommand::size).orElse("-"));
    }

    private static String line(ValueChange change) {
      return "  %s %s: %s -> %s"
          .formatted(change.file(), change.key(), shown(change.from()), shown(change.to()));
    }

    private static String shown(Optional<String> json) {
      return json.map(text -> Output.value(Json.COMPACT.readTree(text))).orElse("-");
    }
  }

  @Command(
      name = "evaluations",
      footer = {"  repartee ${PARENT-COMMAND-NAME} evaluations acme@2 --store registry"},
      description =
          "Lists the evaluations and results of experiments that are stored with a version.",
      mixinStandardHelpOptions = true)
  static final class EvaluationsCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
    private String reference;

    @Override
    Result run(ModelRegistry registry) {
      ModelVersion version = registry.resolve(reference(reference));
      VersionEvaluations stored = VersionEvaluations.of(registry, version);
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("model", version.model());
      json.put("version", version.number());
      stored.ancestor().ifPresent(of -> json.put("evaluations_of", of.number()));
      json.put("evaluations", stored.all());
      List<Entry> experiments = registry.evaluations().list(version, Kind.EXPERIMENT);
      json.put("experiments", experiments.stream().map(Entry::id).toList());
      List<String> lines = new ArrayList<>();
      if (stored.all().isEmpty()) {
        lines.add("no evaluation is stored with " + version);
      } else {
        stored.inherited().ifPresent(lines::add);
        stored.all().stream().map(EvaluationsCommand::line).forEach(lines::add);
      }
      experiments.forEach(entry -> lines.add("experiment " + entry.id()));
      return new Result(json, lines);
    }

    private static String line(Stored stored) {
      StoredEvaluation one = stored.evaluation();
      String rule = Rule.NET.name();
      return String.format(
          Locale.ROOT,
          "%-30s %5d conversations of data %s  %s %s",
          stored.id(),
          one.conversations(),
          one.data().substring(0, 12),
          rule,
          Optional.ofNullable(one.rules().get(rule))
              .map(saving -> String.format(Locale.ROOT, "%.2f%%", saving.saved()))
              .orElse("-"));
    }
  }

  @Command(
      name = "verify",
      footer = {"  repartee ${PARENT-COMMAND-NAME} verify --store registry"},
      description = {
        "Downloads every file of a version and checks its size and SHA-256.",
        "Of a name, or of all: every version, and whether aliases and their history agree."
      },
      mixinStandardHelpOptions = true)
  static final class VerifyCommand extends RegistryCommand {

    @Parameters(
        arity = "0..1",
        paramLabel = "NAME[@X]",
        description = "NAME@ALIAS, NAME@NUMBER, or NAME for all its versions (default: all names).")
    private String reference;

    @Override
    Result run(ModelRegistry registry) {
      Optional<String> wanted = given(reference);
      if (wanted.filter(ModelReference::looksLike).isPresent()) {
        return one(registry, registry.resolve(reference(reference)));
      }
      List<String> names = wanted.map(List::of).orElseGet(registry::names);
      List<Verification> found = names.stream().map(registry::verify).toList();
      List<String> lines = new ArrayList<>();
      int problems = 0;
      for (Verification model : found) {
        lines.add(
            "%s: %d versions are intact, %d problems"
                .formatted(model.model(), model.intact().size(), model.problems().size()));
        model.problems().forEach(problem -> lines.add("  " + problem));
        problems += model.problems().size();
      }
      return new Result(
          Map.of("intact", problems == 0, "models", found),
          lines.isEmpty() ? List.of("no " + kind().plural()) : lines,
          problems == 0
              ? Optional.empty()
              : Optional.of(new UserException("the registry has %d problems".formatted(problems))));
    }

    private static Result one(ModelRegistry registry, ModelVersion version) {
      registry.verify(version);
      return new Result(
          Map.of("model", version.model(), "version", version.number(), "intact", true),
          List.of(version + " is intact"));
    }
  }

  @Command(
      name = "fetch",
      footer = {
        "  repartee ${PARENT-COMMAND-NAME} fetch acme@production --output acme --store registry"
      },
      description = "Downloads a version into a folder, byte for byte as it was published.",
      mixinStandardHelpOptions = true)
  static final class FetchCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
    private String reference;

    @Option(
        names = "--output",
        required = true,
        paramLabel = "DIR",
        description = "A new or empty folder; one that holds this version already is checked.")
    private Path output;

    @Override
    Result run(ModelRegistry registry) {
      ModelVersion version = registry.resolve(reference(reference));
      registry.fetch(version, output);
      return new Result(
          Map.of(
              "model", version.model(), "version", version.number(), "folder", output.toString()),
          List.of(version + " is in " + output));
    }
  }
}
