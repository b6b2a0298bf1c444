package dev.repartee.finetune.models;

import dev.repartee.text.UserException;
import picocli.CommandLine.Command;

/** {@code repartee models}: everything about the model registry. */
@Command(
    name = "models",
    description = {
      "Publishes, shows and moves model versions in a registry.",
      "A version is named NAME@NUMBER or NAME@ALIAS, for example acme@7 or acme@production."
    },
    subcommands = {
      PublishCommand.class,
      ListCommand.class,
      ShowCommand.class,
      DiffCommand.class,
      AttachCommand.class,
      EvaluationsCommand.class,
      GatesCommand.class,
      PromoteCommand.class,
      RollbackCommand.class,
      HistoryCommand.class,
      VerifyCommand.class,
      FetchCommand.class,
      GcCommand.class
    },
    mixinStandardHelpOptions = true)
public final class ModelsCommand implements Runnable {

  @Override
  public void run() {
    throw UserException.usage(
        "models needs one of publish, list, show, diff, attach, evaluations, gates, promote, rollback,"
            + " history, verify, fetch, gc;"
            + " see 'repartee models --help'");
  }
}
