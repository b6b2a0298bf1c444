package dev.repartee.finetune.models;

import dev.repartee.finetune.options.CacheOption;
import dev.repartee.registry.knowledge.SourceReader;
import dev.repartee.registry.knowledge.VersionBuilder;
import dev.repartee.registry.knowledge.VersionBuilder.Outcome;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelReference.ModelAlias;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.StoreException;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.DurationConverter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code models build}: the next version of the same weights, with what is known now. */
@Command(
    name = "build",
    footer = {
      "  repartee models build acme@production --answers replies@production --store" + " registry"
    },
    description = {
      "Builds what a model knows beside its weights into its next version, and moves the alias to"
          + " it:",
      "what agents typed by feedback, an answer library, and nothing of who is to be forgotten.",
      "So do the other versions of running experiments. Where nothing differs, nothing is published."
          + " Of an alias that a rollback holds only what was forgotten or forbidden since is left"
          + " out."
    },
    mixinStandardHelpOptions = true)
final class BuildCommand extends RegistryCommand {

  private static final Logger log = LoggerFactory.getLogger(BuildCommand.class);

  @Parameters(paramLabel = "NAME@ALIAS", description = "The alias to move.")
  private String reference;

  @Option(
      names = "--answers",
      paramLabel = "NAME@ALIAS",
      description =
          "Answer library of the same registry. Default: the one that the version before was built"
              + " with.")
  private Optional<String> answers = Optional.empty();

  @Option(
      names = "--learn-keep",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long what agents type is used, such as 30d; 0: none of it. Default: as the version"
              + " before, or 30d.")
  private Optional<Duration> keep = Optional.empty();

  @Option(
      names = "--every",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Build again and again, with this pause, such as 1m. Default: once.")
  private Optional<Duration> every = Optional.empty();

  @Mixin private CacheOption cache;

  @Override
  Result run(ModelRegistry registry) {
    if (kind() != RegistryKind.MODEL || !(reference(reference) instanceof ModelAlias alias)) {
      throw UserException.usage(
          "build moves an alias, such as acme@production, but is given '" + reference + "'");
    }
    VersionBuilder builder = new VersionBuilder(registry, actor(), cache.cache());
    SourceReader sources =
        builder.sources(
            alias, answers.map(one -> ModelReference.parse(one, RegistryKind.LIBRARY)), keep);
    try {
      Outcome outcome = builder.build(alias, sources);
      while (every.isPresent()) {
        Thread.sleep(every.get());
        outcome = buildAgain(builder, alias, sources, outcome);
      }
      return result(alias, outcome);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserException("interrupted", e);
    }
  }

  /** A store that cannot be reached ends no builder that is to go on. */
  private static Outcome buildAgain(
      VersionBuilder builder, ModelAlias alias, SourceReader sources, Outcome before)
      throws InterruptedException {
    try {
      return builder.build(alias, sources);
    } catch (StoreException e) {
      log.warn("{}", e.getMessage());
      return before;
    }
  }

  private static Result result(ModelAlias alias, Outcome outcome) {
    List<String> lines = new ArrayList<>();
    lines.add(
        outcome
            .version()
            .map(version -> "%s is %s: %s".formatted(alias, version, outcome.note()))
            .orElse(alias + ": " + outcome.note()));
    outcome.move().ifPresent(move -> lines.add(line(move)));
    return new Result(outcome, lines);
  }
}
