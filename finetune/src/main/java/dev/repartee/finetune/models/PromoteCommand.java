package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "promote",
    description = {
      "Points an alias at a version; services that follow the alias take it over.",
      "With --gates only when the version meets them; otherwise exit code 3 and nothing moved."
    },
    mixinStandardHelpOptions = true)
final class PromoteCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@NUMBER, or NAME@ALIAS of another alias.")
  private String reference;

  @Option(
      names = "--to",
      required = true,
      paramLabel = "ALIAS",
      description = "The alias to move, for example production.")
  private String alias;

  @Option(names = "--why", paramLabel = "TEXT", description = "The reason, for the history.")
  private String why;

  @Option(
      names = "--gates",
      paramLabel = "FILE",
      description = "What is asked of the version, YAML (docs/gates.md).")
  private Optional<Path> gates;

  @Option(names = "--dry-run", description = "Say what would happen and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--force",
      description = "Move the alias although gates are not met; needs --why, and is recorded.")
  private boolean force;

  @Mixin private GateOutput output;

  /**
   * What became of a promotion with gates, in JSON.
   *
   * @param gates what they said; empty when the alias named the version already
   * @param report its key in the store; empty when nothing was stored
   * @param move the alias's latest; empty when it was not moved
   */
  private record Outcome(
      boolean moved,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GateReport> gates,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> report,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AliasMove> move) {}

  @Override
  Result run(ModelRegistry registry) {
    checkUsage();
    ModelVersion version = registry.resolve(ModelReference.parse(reference));
    ModelAlias target = new ModelAlias(version.model(), alias);
    Optional<GateKeeper> keeper = gates.map(file -> new GateKeeper(registry, file));
    Optional<AliasMove> now =
        Optional.ofNullable(registry.aliases(version.model()).get(target.alias()));
    boolean there = now.filter(move -> move.to() == version.number()).isPresent();
    if (dryRun && (keeper.isEmpty() || there)) {
      return dry(target, version, now);
    }
    if (keeper.isEmpty()) {
      AliasMove move = registry.promote(version, alias, given(why));
      return new Result(move, List.of(target + " is version " + move.to(), Views.line(move)));
    }
    if (there) {
      // The same command again, after it worked: there is nothing left to compare.
      return new Result(
          new Outcome(false, Optional.empty(), Optional.empty(), now),
          List.of(target + " is version " + version.number() + " already", Views.line(now.get())));
    }
    return gated(keeper.get(), version, target);
  }

  private void checkUsage() {
    if (gates.isEmpty() && (force || output.markdown())) {
      throw UserException.usage(
          "--force and --markdown are for gates; name them with --gates FILE");
    }
    if (force && given(why).isEmpty()) {
      throw UserException.usage("--force needs --why TEXT; the history keeps it");
    }
  }

  private static Result dry(ModelAlias target, ModelVersion version, Optional<AliasMove> now) {
    boolean there = now.filter(move -> move.to() == version.number()).isPresent();
    String line =
        there
            ? " is version " + version.number() + " already"
            : " would move from "
                + now.map(move -> String.valueOf(move.to())).orElse("nothing")
                + " to "
                + version.number();
    return new Result(
        new Outcome(false, Optional.empty(), Optional.empty(), now), List.of(target + line));
  }

  private Result gated(GateKeeper keeper, ModelVersion version, ModelAlias target) {
    GateReport report = keeper.check(version, target.alias()).decided(force, given(why));
    List<String> lines = new ArrayList<>(output.lines(report));
    lines.add("");
    if (dryRun || !(report.passed() || report.forced())) {
      Optional<String> key = dryRun ? Optional.empty() : Optional.of(keeper.store(report));
      lines.add(
          dryRun && (report.passed() || report.forced())
              ? "a dry run: " + target + " would move to " + version.number()
              : target + " was not moved");
      key.ifPresent(stored -> lines.add("stored as " + stored));
      Optional<UserException> failure =
          report.forced() ? Optional.empty() : GateOutput.failure(report, "; nothing was moved");
      return new Result(
          new Outcome(false, Optional.of(report), key, Optional.empty()), lines, failure);
    }
    String key = keeper.store(report);
    AliasMove move = keeper.promote(report, key);
    lines.add(target + " is version " + move.to() + (report.forced() ? ", FORCED" : ""));
    lines.add(output.markdown() ? "" : Views.line(move));
    lines.add("stored as " + key);
    return new Result(
        new Outcome(true, Optional.of(report), Optional.of(key), Optional.of(move)), lines);
  }
}
