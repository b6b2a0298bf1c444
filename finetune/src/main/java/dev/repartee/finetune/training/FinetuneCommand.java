package dev.repartee.finetune.training;

import dev.repartee.finetune.source.ModelOptions;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fine-tunes GPT-2 on conversations; {@code DIR/model} becomes a complete model folder. */
@Command(
    name = "finetune",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Fine-tunes GPT-2 to predict the agent's reply; writes OUTPUT/model.")
public final class FinetuneCommand implements Callable<Integer> {

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations to train on (JSONL or CSV, also .gz).")
  private List<Path> conversations = new ArrayList<>();

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Answer set that extract wrote; without it only completions are suggested.")
  private Path answers;

  @Option(
      names = "--redact",
      arity = "1",
      defaultValue = "true",
      paramLabel = "true|false",
      description =
          "Replace personal data by placeholders before anything is learned; the model then sees"
              + " conversations in the same way.")
  private boolean redact;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "MODEL",
      description =
          "Model folder, NAME@ALIAS with --store, hf:OWNER/NAME[@REVISION] of the Hugging Face hub,"
              + " gpt2 for short, or random:tiny|small|gpt2.")
  private String base = "";

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The run's folder.")
  private Path output;

  @Mixin private ValidationOptions validation;

  @Mixin private BatchOptions batches;

  @Mixin private OptimizationOptions optimization;

  @Mixin private ComputingOptions computing;

  @Mixin private CheckpointOptions checkpoints;

  @Option(
      names = "--min-probability",
      defaultValue = "0.02",
      description =
          "At the eager operating point, completions less probable than this are not offered.")
  private double minProbability;

  @Mixin private ModelOptions models;

  @Option(names = "--seed", defaultValue = "1", description = "Of everything random.")
  private long seed;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    RunFolder folder = new RunFolder(output);
    TrainingSettings settings =
        new TrainingSettings(
            batches.settings(),
            optimization.settings(),
            validation.settings(),
            new BaseModel.Computing(
                computing.settings(RunRecords.precision(folder, checkpoints.isResume())),
                computing.devices()),
            seed);
    CheckpointSettings checkpointing = checkpoints.settings();
    Bounds.within("min-probability", minProbability, 0, 1);
    // Before anything is fetched or hashed, which may take long.
    FinetuneRun.requireFree(folder, checkpoints.isResume());
    FinetuneInputs inputs =
        new FinetuneInputs(
            conversations,
            validation.files(),
            Optional.ofNullable(answers),
            base,
            baseFolder(),
            redact);
    RunRecord record = RunRecords.of(spec, inputs, settings.computing());
    FinetuneRun.Request request =
        new FinetuneRun.Request(
            inputs, settings, checkpointing, minProbability, checkpoints.isResume());
    try (StopRequest stop = new StopRequest()) {
      try {
        Map<String, Object> summary = new FinetuneRun(request, folder, record, stop).execute();
        System.out.println(Json.PRETTY.writeValueAsString(summary));
        return 0;
      } catch (StoppedException e) {
        System.err.println(e.getMessage() + "; go on with the same command and --resume");
        return stop.exitCode();
      }
    }
  }

  private Optional<Path> baseFolder() {
    return BaseModel.isRandom(base)
        ? Optional.empty()
        : Optional.of(models.locate("--base", base).folder());
  }
}
