package dev.repartee.finetune.training;

import dev.repartee.finetune.training.StopRequest.StoppedException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Fine-tunes GPT-2 on conversations; {@code OUTPUT/model} becomes a complete model folder. */
@Command(
    name = "finetune",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Fine-tunes GPT-2 to predict the agent's reply; writes OUTPUT/model.",
      "With --store the model hashes agents' ids with the store's salt, as its other models do."
    })
public final class FinetuneCommand implements Callable<Integer> {

  @Mixin private TrainingConfig config;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    FinetuneRun run = FinetuneRun.of(config, spec.options());
    try (StopRequest stop = new StopRequest()) {
      try {
        System.out.println(Json.PRETTY.writeValueAsString(run.execute(stop)));
        return 0;
      } catch (StoppedException e) {
        System.err.println(e.getMessage() + "; continue with the same command and --resume");
        return stop.exitCode();
      }
    }
  }
}
