package dev.repartee.finetune.evaluate;

import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee canaries}: writes conversations to train on, each with a planted secret. */
@Command(
    name = "canaries",
    footer = {"  repartee canaries --canaries canaries.jsonl --output planted"},
    description = {
      "Writes conversations with made-up secrets, to be trained on with the others:",
      "finetune --conversations train.jsonl,planted/conversations.jsonl. Then evaluate --canaries with the same file"
          + " measures how well they can be extracted from the model."
    })
public final class CanariesCommand implements Callable<Integer> {

  /** The engine may say words of three conversations, so a secret in three is not one. */
  private static final int MOST_COPIES = 2;

  private static final String FILE = "conversations.jsonl";

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
      description = "Conversations per secret, 1 or 2.")
  private int copies;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for " + FILE + ".")
  private Path folder;

  @Mixin private Output output;

  @Override
  public Integer call() {
    if (copies < 1 || copies > MOST_COPIES) {
      throw UserException.usage(
          "--copies must be 1 or 2 but is "
              + copies
              + ": words of three conversations are not secret to the engine");
    }
    List<Conversation> conversations = Canaries.read(canaries).conversations(copies);
    Path file = folder.resolve(FILE);
    ConversationWriter.write(file, conversations);
    output.print(
        Map.of("conversations", conversations.size(), "file", file.toString()),
        List.of(conversations.size() + " conversations are in " + file + "; train on them too"));
    return 0;
  }
}
