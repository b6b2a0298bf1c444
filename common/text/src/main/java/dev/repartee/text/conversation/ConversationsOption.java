package dev.repartee.text.conversation;

import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --conversations}: the files that a command reads. */
public final class ConversationsOption {

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "FILE,...",
      description = "Conversations as JSON Lines or CSV, plain or .gz; may be repeated.")
  private List<Path> files = List.of();

  public List<Path> files() {
    return files;
  }
}
