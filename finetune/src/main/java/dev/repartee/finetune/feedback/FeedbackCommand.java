package dev.repartee.finetune.feedback;

import dev.repartee.text.UserException;
import picocli.CommandLine.Command;

/** {@code repartee feedback}: what is done to stored feedback. */
@Command(
    name = "feedback",
    description = "Forgets stored feedback. 'repartee report' shows what it says.",
    footer = {"  repartee feedback forget --feedback registry --conversation c-17"},
    subcommands = {ForgetCommand.class},
    mixinStandardHelpOptions = true)
public final class FeedbackCommand implements Runnable {

  @Override
  public void run() {
    throw UserException.usage("feedback needs forget; see 'repartee feedback --help'");
  }
}
