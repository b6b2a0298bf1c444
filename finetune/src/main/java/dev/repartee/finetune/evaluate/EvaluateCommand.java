package dev.repartee.finetune.evaluate;

import dev.repartee.common.UserException;
import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.ConversationReader;
import dev.repartee.common.eval.Evaluation;
import dev.repartee.common.eval.EvaluationSettings;
import dev.repartee.common.eval.FrequencyPredictor;
import dev.repartee.common.eval.TypedTextSaved;
import dev.repartee.common.gpt2.Precision;
import dev.repartee.common.io.AtomicFile;
import dev.repartee.common.json.Json;
import dev.repartee.common.suggest.EngineOptions;
import dev.repartee.common.suggest.ReplyPredictor;
import dev.repartee.common.suggest.SuggestionEngine;
import dev.repartee.finetune.source.ModelOptions;
import dev.repartee.finetune.source.PrecisionOption;
import dev.repartee.finetune.source.PredictorLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures typed text saved by the very engine that serves, or by the frequency baseline. */
@Command(
    name = "evaluate",
    description =
        "Measures how much typing a model saves on conversations it has not seen; one JSON object.")
public final class EvaluateCommand implements Callable<Integer> {

  /** The name of the baseline in place of a model; a folder of that name is {@code ./freq}. */
  static final String FREQUENCY = "freq";

  static final String REPORT = "evaluation.json";

  /** A predictor and what the report says about it. */
  private record Subject(String name, Optional<Precision> precision, ReplyPredictor predictor) {}

  private final PredictorLoader loader;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|NAME@ALIAS|freq",
      description = "Model folder, model of the registry, or the most frequent replies of --train.")
  private String model;

  @Mixin private ModelOptions source;
  @Mixin private PrecisionOption precision;

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations to measure on: JSON Lines or CSV, plain or gzip.")
  private List<Path> conversations;

  @Option(
      names = "--train",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations that --model freq learns from.")
  private List<Path> train = List.of();

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many conversations at most, a fixed sample by their ids.")
  private Optional<Integer> limit;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder for " + REPORT + ", the same JSON.")
  private Optional<Path> output;

  public EvaluateCommand() {
    this(SuggestionEngine::load);
  }

  EvaluateCommand(PredictorLoader loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() {
    EvaluationSettings settings =
        limit.map(EvaluationSettings.DEFAULT::withLimit).orElse(EvaluationSettings.DEFAULT);
    checkTraining();
    List<Conversation> test = ConversationReader.readAll(conversations);
    Subject subject = model.equals(FREQUENCY) ? baseline() : engine();
    try (ReplyPredictor predictor = subject.predictor()) {
      Evaluation evaluation = measure(predictor, test, settings);
      report(
          new EvaluationReport(
              subject.name(),
              subject.precision(),
              conversations.stream().map(Path::toString).toList(),
              evaluation));
    }
    return 0;
  }

  private void checkTraining() {
    boolean frequency = model.equals(FREQUENCY);
    if (frequency && train.isEmpty()) {
      throw UserException.usage("--model freq learns from --train FILE; give it");
    }
    if (!frequency && !train.isEmpty()) {
      throw UserException.usage(
          "--train is for --model freq only; a model has been trained by 'repartee finetune'");
    }
  }

  private Subject baseline() {
    return new Subject(
        FREQUENCY, Optional.empty(), FrequencyPredictor.train(ConversationReader.readAll(train)));
  }

  private Subject engine() {
    ModelOptions.LocalModel found = source.locate(model);
    EngineOptions options = precision.engineOptions(found.folder());
    return new Subject(
        found.name(), Optional.of(options.precision()), loader.load(found.folder(), options));
  }

  private static Evaluation measure(
      ReplyPredictor predictor, List<Conversation> test, EvaluationSettings settings) {
    try (ReplyProgress progress = new ReplyProgress()) {
      return TypedTextSaved.evaluate(predictor, test, settings, progress);
    }
  }

  private void report(EvaluationReport report) {
    String json = Json.PRETTY.writeValueAsString(report);
    if (output.isPresent()) {
      Path file = output.get().resolve(REPORT);
      try {
        AtomicFile.writeString(file, json + System.lineSeparator());
      } catch (IOException e) {
        throw new UserException(file + ": cannot be written: " + e, e);
      }
    }
    spec.commandLine().getOut().println(json);
  }
}
