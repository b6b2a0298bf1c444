package dev.repartee.finetune.models;

import dev.repartee.finetune.answers.LibraryDiffCommand;
import dev.repartee.finetune.answers.LibraryImportCommand;
import dev.repartee.finetune.answers.ReviewCommand;
import dev.repartee.registry.models.RegistryKind;
import picocli.CommandLine.Command;

/** {@code repartee answers}: libraries of answers that people keep by hand. */
@Command(
    name = "answers",
    footer = {"  repartee answers list --store registry"},
    description = {
      "Makes, reviews, compares and searches libraries of answers, and publishes, shows and moves"
          + " their versions in a registry.",
      "A version is named NAME@NUMBER or NAME@ALIAS, for example acme@7 or acme@production."
    },
    subcommands = {
      LibraryImportCommand.class,
      ReviewCommand.class,
      LibraryDiffCommand.class,
      PublishCommand.OfLibrary.class,
      ModelsCommand.ListCommand.class,
      ModelsCommand.ShowCommand.class,
      AliasCommands.PromoteCommand.class,
      AliasCommands.RollbackCommand.class,
      AliasCommands.HistoryCommand.class,
      ModelsCommand.VerifyCommand.class,
      ModelsCommand.FetchCommand.class,
      GcCommand.class
    },
    mixinStandardHelpOptions = true)
public final class AnswersCommand extends RegistryCommand.Group {

  public AnswersCommand() {
    super(RegistryKind.LIBRARY);
  }
}
