package dev.repartee.finetune.evaluate;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code repartee canaries}: writes conversations to train on, each with a planted secret. */
@Command(
    name = "canaries",
    description = {
      "Writes conversations with made-up secrets, to be trained on with the others:",
      "finetune --conversations train.jsonl,planted/conversations.jsonl. Then evaluate --canaries with the same file"
          + " measures how well they can be extracted from the model."
    })
public final class CanariesCommand implements Callable<Integer> {

  /** The engine may say words of three conversations, so a secret in three is not one. */
  private static final int MOST_COPIES = 2;

  private static final String FILE = "conversations.jsonl";

  @Spec private CommandSpec spec;

  @Option(
      names = "--canaries",
      required = true,
      paramLabel = "FILE",
      description = "The secrets, JSON Lines; docs/gates.md describes the format.")
  private Path canaries;

  @Option(
      names = "--copies",
      defaultValue = "1",
      paramLabel = "N",
      description = "Conversations per secret, 1 or 2 (default: ${DEFAULT-VALUE}).")
  private int copies;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for " + FILE + ".")
  private Path output;

  @Override
  public Integer call() {
    if (copies < 1 || copies > MOST_COPIES) {
      throw UserException.usage(
          "--copies must be 1 or 2 but is "
              + copies
              + ": words of three conversations are not secret to the engine");
    }
    List<Conversation> conversations = Canaries.read(canaries).conversations(copies);
    Path file = output.resolve(FILE);
    ConversationWriter.write(file, conversations);
    spec.commandLine()
        .getOut()
        .println(conversations.size() + " conversations are in " + file + "; train on them too");
    return 0;
  }
}
