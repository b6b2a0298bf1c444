package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.answers.LibraryCheck;
import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.AliasMove.Hold;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about which version an alias names: gates, promote and rollback. */
final class AliasCommands {

  private AliasCommands() {}

  /** The alias that moves. */
  private static final class Moved {

    @Option(
        names = "--alias",
        required = true,
        paramLabel = "ALIAS",
        description = "The alias to move, for example production.")
    private String alias;
  }

  /** The form of text that {@code gates} and {@code promote} share. */
  private static final class GateForm {

    @Option(
        names = "--markdown",
        description = "Print the gates as Markdown, as for a comment on a pull request.")
    private boolean markdown;

    /** The report as text or as Markdown. */
    List<String> lines(GateReport report) {
      return markdown ? report.markdown() : report.text();
    }
  }

  @Command(
      name = "gates",
      footer = {
        "  repartee ${PARENT-COMMAND-NAME} gates acme@candidate --gates gates.yaml --store registry"
      },
      description = {
        "Compares a version with the one that an alias names, and changes nothing, as for a pull request.",
        "Exit code 3 if a gate is not met."
      },
      mixinStandardHelpOptions = true)
  static final class GatesCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME@X", description = "NAME@NUMBER or NAME@ALIAS.")
    private String reference;

    @Option(
        names = "--gates",
        required = true,
        paramLabel = "FILE",
        description = "Conditions for a version, YAML (docs/gates.md).")
    private Path gates;

    @Option(
        names = "--alias",
        defaultValue = "production",
        paramLabel = "ALIAS",
        description = "Compare with the version that this alias names.")
    private String alias;

    @Mixin private GateForm form;

    @Override
    boolean asksForText() {
      return form.markdown;
    }

    @Override
    Result run(ModelRegistry registry) {
      GateKeeper keeper = new GateKeeper(registry, Optional.of(gates));
      GateReport report =
          keeper.check(registry.resolve(reference(reference)), alias, false, Optional.empty());
      return new Result(report, form.lines(report), failure(report, ""));
    }
  }

  /**
   * The exception that ends a command with exit code 3, where gates were not met.
   *
   * @param consequence after the summary; may be empty
   */
  private static Optional<UserException> failure(GateReport report, String consequence) {
    return report.passed()
        ? Optional.empty()
        : Optional.of(
            new UserException(
                UserException.Kind.GATE_NOT_MET, report.summary() + consequence, null));
  }

  @Command(
      name = "promote",
      footer = {
        "  repartee models promote acme@2 --alias production --why 'saves more'"
            + " --store registry"
      },
      description = {
        "Points an alias at a version; services that follow the alias take it over.",
        "A model only if it meets --gates and no stored baseline saves more, a library only if it"
            + " has entries, and none with a forbidden phrase or new personal data; otherwise exit"
            + " code 3."
      },
      mixinStandardHelpOptions = true)
  static final class PromoteCommand extends RegistryCommand {

    @Parameters(
        paramLabel = "NAME@X",
        description = "NAME@NUMBER, or NAME@ALIAS; a library is answers/NAME.")
    private String reference;

    @Mixin private Moved moved;
    @Mixin private Force force;

    @Option(
        names = "--gates",
        paramLabel = "FILE",
        description = "Conditions for a model's version, YAML (docs/gates.md).")
    private Optional<Path> gates;

    @Mixin private GateForm form;

    /**
     * The result of a promotion with gates, in JSON.
     *
     * @param gates the report; empty when the alias named the version already
     * @param report its key in the store; empty when nothing was compared
     * @param move the alias's latest; empty when it was not moved
     */
    private record PromotionOutcome(
        boolean moved,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<GateReport> gates,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> report,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AliasMove> move) {}

    @Override
    boolean asksForText() {
      return form.markdown;
    }

    @Override
    Result run(ModelRegistry registry) {
      ModelVersion version = registry.resolve(reference(reference));
      boolean library = kind() == RegistryKind.LIBRARY;
      if (library && gates.isPresent()) {
        throw UserException.usage(
            "--gates are for models; what a library must not hold is always checked");
      }
      if (gates.isEmpty() && form.markdown) {
        throw UserException.usage("--markdown is for gates; name them with --gates FILE");
      }
      boolean forced = force.isGiven();
      ModelAlias target = new ModelAlias(version.model(), moved.alias);
      Optional<AliasMove> latest =
          Optional.ofNullable(registry.aliases(version.model()).get(moved.alias));
      boolean named = latest.filter(move -> move.to() == version.number()).isPresent();
      if (gates.isPresent() && named) {
        // The same command again, after it worked: nothing is left to compare.
        return new Result(
            new PromotionOutcome(false, Optional.empty(), Optional.empty(), latest),
            List.of(target + " is version " + version.number() + " already", line(latest.get())));
      }
      if (!library) {
        GateKeeper keeper = new GateKeeper(registry, gates);
        GateReport report = keeper.check(version, target.alias(), forced, force.text());
        if (!named) { // what cannot be loaded helps nobody, also not with --force
          ModelCache cache = new ModelCache(ModelCache.defaultRoot());
          requireServable(version, cache.fetch(registry, version));
        }
        if (gates.isPresent() || !report.passed()) {
          return gated(registry, keeper, report, target);
        }
      } else if (!forced) {
        requireSound(registry, version, latest);
      }
      AliasMove move =
          registry.promote(renewed(registry, version, target), moved.alias, force.text());
      return new Result(move, List.of(target + " is version " + move.to(), line(move)));
    }

    /** Refuses a library that is empty or holds what nobody should be shown. */
    private static void requireSound(
        ModelRegistry registry, ModelVersion version, Optional<AliasMove> latest) {
      Optional<AnswerLibrary> current =
          latest.map(
              move -> StoreOptions.library(registry, new ModelVersion(version.model(), move.to())));
      List<String> refusals =
          LibraryCheck.of(StoreOptions.library(registry, version), Instant.now())
              .refusals(current.map(library -> LibraryCheck.of(library, Instant.now())));
      if (!refusals.isEmpty()) {
        throw new UserException(
            UserException.Kind.GATE_NOT_MET,
            "%s %s; nothing was moved: correct the table, or give --force with --why TEXT"
                .formatted(version, String.join("; ", refusals)),
            null);
      }
    }

    private Result gated(
        ModelRegistry registry, GateKeeper keeper, GateReport report, ModelAlias target) {
      List<String> lines = new ArrayList<>(form.lines(report));
      lines.add("");
      String key = keeper.store(report);
      if (!report.passed() && !report.forced()) {
        lines.add(target + " was not moved");
        lines.add("stored as " + key);
        return new Result(
            new PromotionOutcome(false, Optional.of(report), Optional.of(key), Optional.empty()),
            lines,
            failure(report, "; nothing was moved"));
      }
      AliasMove move = keeper.promote(report, key, renewed(registry, report.candidate(), target));
      lines.add(target + " is version " + move.to() + (report.forced() ? ", FORCED" : ""));
      lines.add(form.markdown ? "" : line(move));
      lines.add("stored as " + key);
      return new Result(
          new PromotionOutcome(true, Optional.of(report), Optional.of(key), Optional.of(move)),
          lines);
    }
  }

  @Command(
      name = "rollback",
      footer = {
        "  repartee models rollback acme --alias production --from 2 --store" + " registry"
      },
      description = {
        "Undoes an alias's latest promotion; when repeated, the one before.",
        "A model's alias is held then: no build of new knowledge moves it until it is promoted."
      },
      mixinStandardHelpOptions = true)
  static final class RollbackCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME", description = "The name; a library is answers/NAME.")
    private String reference;

    @Mixin private Moved moved;

    @Option(
        names = "--from",
        paramLabel = "NUMBER",
        description = "Go back only from this version.")
    private Optional<Integer> from;

    @Mixin private Why why;

    @Override
    Result run(ModelRegistry registry) {
      String name = subject(reference).orElseThrow();
      ModelAlias target = new ModelAlias(name, moved.alias);
      AliasMove move = rollback(registry, target, from, why.text());
      List<String> lines = new ArrayList<>();
      lines.add(target + " is version " + move.to());
      lines.add(line(move));
      registry.held(target).ifPresent(hold -> lines.add(held(target, hold)));
      return new Result(move, lines);
    }
  }

  static String held(ModelAlias alias, Hold hold) {
    return "%s is held by %s since %s: no build moves it until 'models promote %s --alias %s'"
        .formatted(alias, hold.by(), hold.at(), alias, alias.alias());
  }
}
