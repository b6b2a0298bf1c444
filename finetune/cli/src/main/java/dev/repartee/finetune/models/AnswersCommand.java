package dev.repartee.finetune.models;

import dev.repartee.finetune.answers.DiffCommand;
import dev.repartee.finetune.answers.ImportCommand;
import dev.repartee.finetune.answers.SearchCommand;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.UserException;
import picocli.CommandLine.Command;

/** {@code repartee answers}: libraries of answers that people keep by hand. */
@Command(
    name = "answers",
    footer = {"  repartee answers list --store registry"},
    description = {
      "Makes, compares and searches libraries of answers, and publishes, shows and moves their"
          + " versions in a registry.",
      "A version is named NAME@NUMBER or NAME@ALIAS, for example acme@7 or acme@production."
    },
    subcommands = {
      ImportCommand.class,
      DiffCommand.class,
      SearchCommand.class,
      PublishCommand.OfLibrary.class,
      ModelsCommand.ListCommand.class,
      ModelsCommand.ShowCommand.class,
      GatesCommand.class,
      AliasCommands.PromoteCommand.class,
      AliasCommands.RollbackCommand.class,
      AliasCommands.HistoryCommand.class,
      ModelsCommand.VerifyCommand.class,
      ModelsCommand.FetchCommand.class,
      GcCommand.class
    },
    mixinStandardHelpOptions = true)
public final class AnswersCommand implements Runnable, RegistryCommand.OfKind {

  @Override
  public RegistryKind kind() {
    return RegistryKind.LIBRARY;
  }

  @Override
  public void run() {
    throw UserException.usage(
        "answers needs one of import, diff, search, publish, list, show, gates, promote, rollback,"
            + " history, verify, fetch, gc;"
            + " see 'repartee answers --help'");
  }
}
