package dev.repartee.finetune.conversations;

import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationsOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code repartee conversations check}: says what is in conversations. */
@Command(
    name = "check",
    description = {
      "Describes conversations: counts, languages, agents, domains, times, lengths, kinds of"
          + " personal data, oddities, and whether they are enough to learn from. Prints no text of"
          + " them but what --redacted asks for.",
      "Ends with exit code 1 when they cannot be read, for example because an id occurs twice."
    },
    footer = {"  repartee conversations check --conversations data/conversations.jsonl.gz"},
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

  @Mixin private ConversationsOption conversations = new ConversationsOption();

  @Option(
      names = "--redacted",
      paramLabel = "N",
      defaultValue = "0",
      description = "Show what redaction makes of N messages with personal data.")
  private int redacted;

  @Mixin private Output output;

  @Override
  public Integer call() {
    try (Stream<Conversation> all = ConversationReader.stream(conversations.files())) {
      ConversationCheck check = ConversationCheck.of(all, redacted);
      List<String> lines = new ArrayList<>(check.lines());
      lines.add(
          Output.NEXT
              + "repartee conversations split --output DIR --conversations "
              + conversations.files().stream()
                  .map(Path::toString)
                  .collect(Collectors.joining(",")));
      output.print(check, lines);
    }
    return 0;
  }
}
