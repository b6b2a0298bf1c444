package dev.repartee.finetune.feedback;

import dev.repartee.finetune.corpus.FeedbackJoin;
import dev.repartee.finetune.corpus.ReplyUse;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee feedback join}. */
@Command(
    name = "join",
    description = {
      "Writes transcripts in which replies that agents accepted, rather than wrote, are context_only:"
          + " 'extract' then counts only what agents wrote themselves.",
      "Prints how the replies came about, and what feedback fits no transcript."
    },
    footer = {
      "  repartee feedback join --feedback registry --conversations may.jsonl.gz --output joined"
    },
    mixinStandardHelpOptions = true)
final class JoinCommand implements Callable<Integer> {

  static final String JOINED = "conversations.jsonl.gz";

  @Option(
      names = "--feedback",
      required = true,
      paramLabel = "URI",
      description =
          "The store that keeps agents' feedback: gs://BUCKET/PREFIX, or a folder; without a store,"
              + " the folder of 'serve --feedback-dir'.")
  private String feedback;

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Transcripts, with the ids that the feedback has: JSON Lines or CSV.")
  private List<Path> conversations = new ArrayList<>();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for " + JOINED + ".")
  private Path output;

  @Mixin private Output printed;

  @Override
  public Integer call() {
    ReplyUse use = FeedbackJoin.read(feedback, conversations, UnaryOperator.identity());
    try (Stream<Conversation> all = ConversationReader.stream(conversations)) {
      ConversationWriter.write(output.resolve(JOINED), all.map(use::learnable));
    }
    printed.print(use.counts());
    return 0;
  }
}
