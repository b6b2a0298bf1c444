package dev.repartee.finetune.models;

import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.VersionDiff;
import dev.repartee.registry.models.VersionDiff.FileChange;
import dev.repartee.registry.models.VersionDiff.ValueChange;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description =
        "Shows what distinguishes two versions: files, configuration, calibration, provenance.",
    mixinStandardHelpOptions = true)
final class DiffCommand extends RegistryCommand {

  @Parameters(index = "0", paramLabel = "NAME@X", description = "NAME@ALIAS or NAME@NUMBER.")
  private String from;

  @Parameters(index = "1", paramLabel = "NAME@Y", description = "The other version.")
  private String to;

  @Override
  Result run(ModelRegistry registry) {
    ModelVersion before = registry.resolve(ModelReference.parse(from));
    ModelVersion after = registry.resolve(ModelReference.parse(to));
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
            change.bytesFrom().map(Views::size).orElse("-"),
            change.bytesTo().map(Views::size).orElse("-"));
  }

  private static String line(ValueChange change) {
    return "  %s %s: %s -> %s"
        .formatted(change.file(), change.key(), change.from().orElse("-"), change.to().orElse("-"));
  }
}
