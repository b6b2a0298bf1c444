package dev.repartee.finetune.models;

import dev.repartee.finetune.answers.LibraryDiffCommand;
import dev.repartee.finetune.answers.LibraryImportCommand;
import dev.repartee.finetune.answers.ReviewCommand;
import picocli.CommandLine.Command;

/**
 * {@code repartee answers}: libraries of answers that people keep by hand; {@code models} publishes
 * them.
 */
@Command(
    name = "answers",
    footer = {"  repartee answers import --csv answers.csv --output desk"},
    description = {
      "Makes, reviews and compares libraries of answers; 'models publish answers/NAME' publishes"
          + " them."
    },
    subcommands = {LibraryImportCommand.class, ReviewCommand.class, LibraryDiffCommand.class},
    mixinStandardHelpOptions = true)
public final class AnswersCommand extends RegistryCommand.Group {}
