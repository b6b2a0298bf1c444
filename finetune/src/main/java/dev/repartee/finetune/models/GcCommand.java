package dev.repartee.finetune.models;

import dev.repartee.finetune.options.DryRun;
import dev.repartee.registry.models.ForgottenList;
import dev.repartee.registry.models.GarbageCollection.GcOptions;
import dev.repartee.registry.models.GarbageCollection.GcReport;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.cli.DurationConverter;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.Forgotten;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "gc",
    footer = {"  repartee models gc --keep-last 3 --dry-run --store registry"},
    description = {
      "Removes versions that nothing names, and leftovers of interrupted publications.",
      "What an alias names, or named within --window, stays; so does what a rollback would return"
          + " to."
    },
    mixinStandardHelpOptions = true)
final class GcCommand extends RegistryCommand {

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
        ? who + "no version knows them any more; " + BuildCommand.TRACES
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
        verb("deleted", "%d objects of %s".formatted(report.objects().size(), size(report.bytes())))
            + " in "
            + kind.prefix()
            + report.model());
    return lines;
  }

  private String verb(String done, String what) {
    return dryRun.isGiven() ? "would be " + done + ": " + what : "%-9s %s".formatted(done, what);
  }
}
