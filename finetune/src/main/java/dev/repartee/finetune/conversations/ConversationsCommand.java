package dev.repartee.finetune.conversations;

import dev.repartee.text.cli.Cli;
import picocli.CommandLine.Command;

/** {@code repartee conversations}: what is done with an export before anything is learned. */
@Command(
    name = "conversations",
    description = {
      "Imports conversations from a help desk's export, describes them, and splits them for"
          + " training. docs/your-data.md shows the way from there to a model."
    },
    footer = {"  repartee conversations check --conversations data/conversations.jsonl.gz"},
    subcommands = {ImportCommand.class, CheckCommand.class, SplitCommand.class},
    mixinStandardHelpOptions = true)
public final class ConversationsCommand extends Cli.Group {}
