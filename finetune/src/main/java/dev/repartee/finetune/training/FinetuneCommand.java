package dev.repartee.finetune.training;

import dev.repartee.common.json.Json;
import dev.repartee.finetune.source.ModelOptions;
import dev.repartee.finetune.source.PrecisionOption;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      names = "--validation",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "Conversations that choose the best checkpoint; a twentieth is set aside without.")
  private List<Path> validation = new ArrayList<>();

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Answer set that extract wrote; without it only completions are suggested.")
  private Path answers;

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

  @Option(names = "--epochs", defaultValue = "3", description = "Passes over the conversations.")
  private int epochs;

  @Option(names = "--batch-size", defaultValue = "8", description = "Sequences a step.")
  private int batchSize;

  @Option(names = "--max-tokens", defaultValue = "256", description = "Longest sequence.")
  private int maxTokens;

  @Option(names = "--learning-rate", defaultValue = "5e-4", description = "Highest rate.")
  private double learningRate;

  @Option(names = "--warmup", defaultValue = "0.05", description = "Share of steps to reach it.")
  private double warmup;

  @Option(names = "--weight-decay", defaultValue = "0.1", description = "AdamW's, for matrices.")
  private double weightDecay;

  @Option(names = "--clip", defaultValue = "1.0", description = "Largest gradient norm.")
  private double clip;

  @Option(names = "--dropout", defaultValue = "0.1", description = "Dropped activations.")
  private double dropout;

  @Option(
      names = "--patience",
      defaultValue = "3",
      description = "Epochs without improvement after which training stops.")
  private int patience;

  @Option(
      names = "--min-probability",
      defaultValue = "0.1",
      description = "Completions less probable than this are not offered.")
  private double minProbability;

  @Mixin private PrecisionOption precision;

  @Mixin private ModelOptions models;

  @Option(names = "--seed", defaultValue = "1", description = "Of everything random.")
  private long seed;

  @Override
  public Integer call() throws IOException {
    TrainingSettings settings =
        new TrainingSettings(
            epochs,
            batchSize,
            maxTokens,
            learningRate,
            warmup,
            weightDecay,
            clip,
            dropout,
            patience,
            precision.precision(),
            seed);
    FinetuneRun run =
        new FinetuneRun(
            new FinetuneRun.Inputs(
                conversations,
                validation,
                Optional.ofNullable(answers),
                base,
                BaseModel.isRandom(base)
                    ? Optional.empty()
                    : Optional.of(models.locate("--base", base).folder())),
            settings,
            minProbability,
            output);
    System.out.println(Json.PRETTY.writeValueAsString(run.execute()));
    return 0;
  }
}
