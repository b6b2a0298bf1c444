package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.evaluate.VersionEvaluations.StoredEvaluation;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.options.DryRun;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.Hold;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.GarbageCollection.GcReport;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelRegistry.VersionInfo;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.models.StoredEvaluations.Entry;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.registry.models.Verification;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Cli;
import dev.repartee.text.cli.DurationConverter;
import dev.repartee.text.json.Json;
import dev.repartee.text.page.Quantities;
import dev.repartee.text.privacy.Forgotten;
import java.nio.file.Path;
import java.time.Duration;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repartee models}: everything about the registry of models and of libraries. */
@Command(
    name = "models",
    footer = {"  repartee models list --store registry"},
    description = {
      "Publishes, lists and moves versions of models, and of libraries of answers, in a registry.",
      "A version is named NAME@NUMBER or NAME@ALIAS, for example acme@7 or acme@production; that of"
          + " a library answers/NAME@X."
    },
    subcommands = {
      PublishCommand.class,
      ModelsCommand.ListCommand.class,
      BuildCommand.class,
      AliasCommands.GatesCommand.class,
      AliasCommands.PromoteCommand.class,
      AliasCommands.RollbackCommand.class,
      ModelsCommand.FetchCommand.class,
      ModelsCommand.VerifyCommand.class,
      ModelsCommand.GcCommand.class
    },
    mixinStandardHelpOptions = true)
public final class ModelsCommand extends Cli.Group {

  @Command(
      name = "list",
      footer = {
        "  repartee models list --store registry",
        "  repartee models list acme --store registry",
        "  repartee models list answers/desk@production --store registry"
      },
      description = {
        "Lists all names; of one its versions with their evaluations, and who moved which alias"
            + " from what to what, when and why, oldest first; of a version its files.",
      },
      mixinStandardHelpOptions = true)
  static final class ListCommand extends RegistryCommand {

    private static final int SHOWN = 20; // at a terminal, of versions and of moves

    @Parameters(
        arity = "0..1",
        paramLabel = "NAME[@X]",
        description = "NAME, NAME@ALIAS or NAME@NUMBER; a library is answers/NAME.")
    private String reference;

    /** A name in the list of all, in JSON. */
    private record ListedModel(String model, List<Integer> versions, Map<String, Integer> aliases) {

      String line(RegistryKind kind) {
        String names =
            aliases.entrySet().stream()
                .map(alias -> alias.getKey() + "=" + alias.getValue())
                .collect(Collectors.joining(" "));
        String numbers = versions.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "%-24s versions %s  %s"
            .formatted(kind.written(model), numbers.isEmpty() ? "none" : numbers, names)
            .stripTrailing();
      }
    }

    @Override
    Result run(ModelRegistry registry) {
      if (subject(reference).isEmpty()) {
        return all(registry);
      }
      String name = subject(reference).get();
      return ModelReference.looksLike(name)
          ? version(registry, registry.resolve(reference(reference)))
          : versions(registry, name);
    }

    private Result all(ModelRegistry registry) {
      requireStore();
      Map<String, List<ListedModel>> json = new LinkedHashMap<>();
      List<String> lines = new ArrayList<>();
      for (ModelRegistry one : registries(registry)) {
        List<ListedModel> listed = one.names().stream().map(name -> model(one, name)).toList();
        json.put(one.kind().plural(), listed);
        listed.forEach(model -> lines.add(model.line(one.kind())));
      }
      return new Result(json, lines.isEmpty() ? List.of("nothing is published") : lines);
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
      Collection<AliasMove> aliases = registry.aliases(model).values();
      List<VersionJson> versions = new ArrayList<>();
      List<List<String>> shown = new ArrayList<>();
      for (ModelVersion version : registry.requireVersions(model)) {
        VersionInfo info = registry.describe(version);
        List<String> lines = new ArrayList<>(List.of(line(info, aliases)));
        // A build has the evaluations of what it is built on.
        versions.add(
            info.manifest().builtOn().isPresent()
                ? VersionJson.of(info, aliases)
                : measured(registry, info, aliases, lines));
        shown.add(lines);
      }
      List<AliasMove> moves = registry.history(model);
      List<String> lines = new ArrayList<>();
      latest(shown, "versions").forEach(lines::addAll);
      latest(moves.stream().map(move -> List.of(line(move))).toList(), "moves")
          .forEach(lines::addAll);
      Map<String, Hold> held = new TreeMap<>();
      for (AliasMove alias : aliases) {
        ModelAlias target = new ModelAlias(model, alias.alias());
        registry
            .held(target)
            .ifPresent(
                hold -> {
                  held.put(alias.alias(), hold);
                  lines.add(AliasCommands.held(target, hold));
                });
      }
      return new Result(
          Map.of("model", model, "versions", versions, "moves", moves, "held", held), lines);
    }

    private static List<List<String>> latest(List<List<String>> all, String what) {
      int more = all.size() - SHOWN;
      List<List<String>> shown = new ArrayList<>(all.subList(Math.max(0, more), all.size()));
      if (more > 0) {
        shown.addFirst(List.of("%d earlier %s; --json lists all".formatted(more, what)));
      }
      return shown;
    }

    private static Result version(ModelRegistry registry, ModelVersion version) {
      VersionInfo info = registry.describe(version);
      Collection<AliasMove> aliases = registry.aliases(version.model()).values();
      List<String> lines = new ArrayList<>(List.of(line(info, aliases)));
      info.manifest().files().stream().map(ListCommand::line).forEach(lines::add);
      return new Result(measured(registry, info, aliases, lines), lines);
    }

    private static String line(ManifestFile file) {
      return "  %-40s %12d bytes  %s".formatted(file.path(), file.size(), file.sha256());
    }

    /** A version with its evaluations and results of experiments, of which it adds lines. */
    private static VersionJson measured(
        ModelRegistry registry,
        VersionInfo info,
        Collection<AliasMove> aliases,
        List<String> lines) {
      if (registry.kind() != RegistryKind.MODEL) {
        return VersionJson.of(info, aliases);
      }
      VersionEvaluations stored = VersionEvaluations.of(registry, info.version());
      List<String> experiments =
          registry.evaluations().list(info.version(), Kind.EXPERIMENT).stream()
              .map(Entry::id)
              .toList();
      stored.inherited().ifPresent(line -> lines.add("  " + line));
      stored.all().stream().map(ListCommand::line).forEach(lines::add);
      experiments.forEach(id -> lines.add("  experiment " + id));
      return VersionJson.of(
          info, aliases, stored.ancestor().map(ModelVersion::number), stored.all(), experiments);
    }

    private static String line(Stored stored) {
      StoredEvaluation one = stored.evaluation();
      String rule = Rule.NET.name();
      return String.format(
          Locale.ROOT,
          "  %-30s %5d conversations of data %s  %s %s",
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
      footer = {"  repartee models verify --store registry"},
      description = {
        "Downloads every file of a version and checks its size and SHA-256.",
        "Of a name, or of all: every version, and whether aliases and their history agree."
      },
      mixinStandardHelpOptions = true)
  static final class VerifyCommand extends RegistryCommand {

    @Parameters(
        arity = "0..1",
        paramLabel = "NAME[@X]",
        description =
            "NAME@ALIAS, NAME@NUMBER, or NAME for all its versions (default: all names). A library"
                + " is answers/NAME.")
    private String reference;

    @Override
    Result run(ModelRegistry registry) {
      if (subject(reference).filter(ModelReference::looksLike).isPresent()) {
        return one(registry, registry.resolve(reference(reference)));
      }
      Map<String, Object> json = new LinkedHashMap<>();
      List<String> lines = new ArrayList<>();
      int problems = 0;
      for (ModelRegistry one : registries(registry)) {
        List<Verification> found =
            subject(reference).map(List::of).orElseGet(one::names).stream()
                .map(one::verify)
                .toList();
        json.put(one.kind().plural(), found);
        for (Verification model : found) {
          lines.add(
              "%s: %d versions are intact, %d problems"
                  .formatted(
                      one.kind().written(model.model()),
                      model.intact().size(),
                      model.problems().size()));
          model.problems().forEach(problem -> lines.add("  " + problem));
          problems += model.problems().size();
        }
      }
      json.put("intact", problems == 0);
      return new Result(
          json,
          lines.isEmpty() ? List.of("nothing is published") : lines,
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
      footer = {"  repartee models fetch acme@production --output acme --store registry"},
      description = "Downloads a version into a folder, byte for byte as it was published.",
      mixinStandardHelpOptions = true)
  static final class FetchCommand extends RegistryCommand {

    @Parameters(
        paramLabel = "NAME@X",
        description = "NAME@ALIAS or NAME@NUMBER; a library is answers/NAME.")
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

  @Command(
      name = "gc",
      footer = {"  repartee models gc --keep-last 3 --dry-run --store registry"},
      description = {
        "Removes versions that nothing names, and leftovers of interrupted publications.",
        "What an alias names, or named within --window, stays; so does what a rollback would return"
            + " to."
      },
      mixinStandardHelpOptions = true)
  static final class GcCommand extends RegistryCommand {

    /** Publications that are older and not done are abandoned; earlier with a shorter window. */
    private static final Duration ABANDONED = Duration.ofHours(24);

    @Parameters(
        arity = "0..1",
        paramLabel = "NAME",
        description = "Only this name; a library is answers/NAME. Default: all.")
    private String reference;

    @Option(
        names = "--keep-last",
        paramLabel = "N",
        defaultValue = "5",
        description = "Keep the N newest versions too.")
    private int keepLast;

    @Option(
        names = "--window",
        paramLabel = "TIME",
        defaultValue = "90d",
        converter = DurationConverter.class,
        description = "Keep what an alias named within this time, such as 90d or 12h.")
    private Duration window;

    @Mixin private DryRun dryRun;

    @Override
    Result run(ModelRegistry registry) {
      Duration abandonedAfter = window.compareTo(ABANDONED) < 0 ? window : ABANDONED;
      GcOptions options = new GcOptions(keepLast, window, abandonedAfter, dryRun.isGiven());
      Map<String, Object> json = new LinkedHashMap<>(Map.of("dry_run", dryRun.isGiven()));
      List<String> lines = new ArrayList<>();
      Map<String, List<Integer>> holding = new TreeMap<>();
      for (ModelRegistry one : registries(registry)) {
        subject(reference)
            .filter(name -> !one.names().contains(name))
            .ifPresent(one::requireVersions);
        List<GcReport> reports =
            subject(reference).map(List::of).orElseGet(one::names).stream()
                .map(model -> one.collectGarbage(model, options))
                .toList();
        json.put(one.kind().plural(), reports);
        for (GcReport report : reports) {
          if (!dryRun.isGiven()) {
            new ModelCache(ModelCache.defaultRoot()).deleteLeftovers(report.model());
          }
          lines.addAll(lines(one.kind(), report));
          holding(one, report.model())
              .ifPresent(
                  versions -> {
                    holding.put(report.model(), versions);
                    lines.add(forgotten(report.model(), versions));
                  });
        }
      }
      json.put("may_hold_forgotten", holding);
      return new Result(json, lines.isEmpty() ? List.of("nothing is published") : lines);
    }

    /** The versions that may still know who is forgotten; empty where nobody is. */
    private Optional<List<Integer>> holding(ModelRegistry registry, String model) {
      if (registry.kind() != RegistryKind.MODEL) {
        return Optional.empty();
      }
      Forgotten forgotten = ForgottenList.read(store(), model);
      return forgotten.equals(Forgotten.NONE)
          ? Optional.empty()
          : Optional.of(
              registry.versions(model).stream()
                  .filter(version -> !leavesOut(registry, version, forgotten))
                  .map(ModelVersion::number)
                  .toList());
    }

    private static boolean leavesOut(
        ModelRegistry registry, ModelVersion version, Forgotten forgotten) {
      boolean says =
          registry.describe(version).manifest().files().stream()
              .anyMatch(file -> file.path().equals(Forgotten.FILE));
      if (!says) {
        return false;
      }
      Forgotten without =
          Json.parse(
              registry.readText(version, Forgotten.FILE),
              Forgotten.class,
              version + "'s " + Forgotten.FILE);
      return without.and(forgotten).equals(without);
    }

    private static String forgotten(String model, List<Integer> versions) {
      String who = "who is to be forgotten in " + model + ": ";
      return versions.isEmpty()
          ? who + "no version knows them any more; " + ForgottenList.TRACES
          : who + "versions %s were built before, and may know them".formatted(versions);
    }

    private List<String> lines(RegistryKind kind, GcReport report) {
      List<String> lines = new ArrayList<>();
      String model = kind.written(report.model()) + "@";
      report
          .kept()
          .forEach(
              (number, why) ->
                  lines.add("kept      " + model + number + "  " + String.join(", ", why)));
      report.spared().forEach(number -> lines.add("promoted meanwhile: " + model + number));
      report
          .underWay()
          .forEach(number -> lines.add("waiting   " + model + number + "  being published"));
      report
          .abandoned()
          .forEach(number -> lines.add(verb("abandoned", model + number + "  never finished")));
      report.removed().forEach(number -> lines.add(verb("removed", model + number)));
      lines.add(
          verb(
                  "deleted",
                  "%d objects of %s"
                      .formatted(report.objects().size(), Quantities.size(report.bytes())))
              + " in %s%s".formatted(kind.prefix(), report.model()));
      return lines;
    }

    private String verb(String done, String what) {
      return dryRun.isGiven() ? "would be " + done + ": " + what : "%-9s %s".formatted(done, what);
    }
  }
}
