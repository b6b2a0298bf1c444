package dev.repartee.finetune.feedback;

import dev.repartee.text.UserException;
import picocli.CommandLine.Command;

/** {@code repartee feedback}: what is done to stored feedback. */
@Command(
    name = "feedback",
    description =
        "Forgets stored feedback, or joins it with transcripts. 'repartee report' shows what it says.",
    footer = {
      "  repartee feedback forget --feedback registry --conversation c-17",
      "  repartee feedback join --feedback registry --conversations may.jsonl.gz --output joined"
    },
    subcommands = {ForgetCommand.class, JoinCommand.class},
    mixinStandardHelpOptions = true)
public final class FeedbackCommand implements Runnable {

  @Override
  public void run() {
    throw UserException.usage("feedback needs forget or join; see 'repartee feedback --help'");
  }
}
