package dev.repartee.finetune;

import dev.repartee.finetune.answers.AnswersCommand;
import dev.repartee.finetune.conversations.ConversationsCommand;
import dev.repartee.finetune.evaluate.EvaluateCommand;
import dev.repartee.finetune.feedback.ForgetCommand;
import dev.repartee.finetune.feedback.ReportCommand;
import dev.repartee.finetune.models.ExperimentCommands;
import dev.repartee.finetune.models.ModelsCommand;
import dev.repartee.finetune.recipe.RecipeCommand;
import dev.repartee.finetune.tools.DoctorCommand;
import dev.repartee.finetune.tools.SuggestCommand;
import dev.repartee.finetune.training.FinetuneCommand;
import dev.repartee.text.cli.Cli;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The commands of these modules: {@code repartee finetune}, {@code evaluate} and so on. */
@Command(
    name = "repartee",
    footer = {"  repartee doctor"},
    description = "Reply suggestions for contact centers, learned from their own conversations.",
    subcommands = {
      ConversationsCommand.class,
      FinetuneCommand.class,
      EvaluateCommand.class,
      RecipeCommand.class,
      SuggestCommand.class,
      AnswersCommand.class,
      ModelsCommand.class,
      ExperimentCommands.class,
      ReportCommand.class,
      ForgetCommand.class,
      DoctorCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT)
public final class Main extends Cli.Group {

  public static void main(String[] args) {
    System.exit(Cli.run(new Main(), args));
  }
}
