package dev.repartee.finetune.training;

import dev.repartee.finetune.training.StopRequest.StoppedException;
import dev.repartee.text.cli.Output;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Fine-tunes GPT-2 on conversations; {@code OUTPUT/model} becomes a complete model folder. */
@Command(
    name = "finetune",
    footer = {
      "  repartee finetune --base gpt2 --conversations train.jsonl --answers answers.json --output"
          + " acme"
    },
    mixinStandardHelpOptions = true,
    description = "Fine-tunes GPT-2 to predict the agent's reply; writes OUTPUT/model.")
public final class FinetuneCommand implements Callable<Integer> {

  @Mixin private final TrainingConfig config = new TrainingConfig();
  @Mixin private Output output;

  @Spec private CommandSpec spec;

  public FinetuneCommand() {}

  /** Learns from personal data as it is, where {@code redact} is false. */
  FinetuneCommand(boolean redact) {
    config.redact = redact;
  }

  @Override
  public Integer call() throws IOException {
    FinetuneRun run = FinetuneRun.of(config, spec.options());
    try (StopRequest stop = new StopRequest()) {
      try {
        Map<String, Object> result = run.execute(stop);
        output.print(
            result,
            "repartee evaluate --calibrate --model %s --conversations VALIDATION"
                .formatted(result.get("model")));
        return 0;
      } catch (StoppedException e) {
        System.err.println(e.getMessage() + "; continue with " + RunFolder.AGAIN);
        return stop.exitCode();
      }
    }
  }
}
