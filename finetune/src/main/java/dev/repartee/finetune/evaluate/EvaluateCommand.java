package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.evaluate.CheckOptions.Checks;
import dev.repartee.finetune.evaluate.EvaluationReport.Best;
import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.source.EngineSettings;
import dev.repartee.finetune.source.EngineSettings.PredictorFactory;
import dev.repartee.finetune.source.ModelOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Measures typed text saved by the very engine that serves, beside the baselines and another model.
 */
@Command(
    name = "evaluate",
    description =
        "Measures how much typing a model saves on conversations it has not seen; one JSON object.")
public final class EvaluateCommand implements Callable<Integer> {

  static final String REPORT = "evaluation.json";
  static final String PAGE = "report.html";

  private final PredictorFactory loader;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|NAME@ALIAS|BASELINE",
      description =
          "Model folder, model of the registry, or a baseline alone: freq, knn, lm5, knn+lm5.")
  private String model;

  @Mixin private ModelOptions source;
  @Mixin private EngineSettings engine;
  @Mixin private CheckOptions checks;

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
      description =
          "Conversations that the baselines learn from, to be laid beside the model: those that it was trained on.")
  private List<Path> train = List.of();

  @Option(
      names = "--compare",
      paramLabel = "DIR|NAME@ALIAS|BASELINE",
      description = "Another model, measured on the same conversations and compared in pairs.")
  private Optional<String> compare;

  @Option(
      names = "--calibrate",
      description =
          "Learn from --conversations how far the model's offers can be trusted and write it into the"
              + " model folder, instead of measuring; give validation conversations.")
  private boolean calibrate;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "How many conversations at most, a fixed sample by their ids.")
  private Optional<Integer> limit;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Folder for "
              + PAGE
              + ", to be looked at, and "
              + REPORT
              + ", the same JSON with example replies and what 'models attach' needs.")
  private Optional<Path> output;

  public EvaluateCommand() {
    this(SuggestionEngine::load);
  }

  EvaluateCommand(PredictorFactory loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() {
    EvaluationSettings settings =
        limit.map(EvaluationSettings.DEFAULT::withLimit).orElse(EvaluationSettings.DEFAULT);
    if (calibrate) {
      return calibrate();
    }
    // What can be wrong with a model's name is found out before anything is measured.
    Optional<Baseline> alone = Contender.baseline("--model", model, !train.isEmpty());
    compare.ifPresent(other -> Contender.baseline("--compare", other, !train.isEmpty()));
    List<Conversation> training = train.isEmpty() ? List.of() : ConversationReader.readAll(train);
    Contender ours = contender("--model", model, training);
    Optional<Contender> other = compare.map(name -> contender("--compare", name, training));
    Checks asked = checks.read();
    List<Conversation> test = ConversationReader.readAll(conversations);
    Checked checked = Checked.of(ours, test, settings, asked);
    Measurement measured = checked.measurement();
    Map<String, Rival> baselines = new LinkedHashMap<>();
    if (alone.isEmpty() && !training.isEmpty()) {
      for (Baseline baseline : Baseline.values()) {
        Measurement theirs = Checked.measure(Contender.of(baseline, training), test, settings);
        baselines.put(baseline.id(), Rival.of(baseline.id(), theirs, measured));
      }
    }
    Optional<Rival> comparison =
        other.map(
            rival ->
                rival.options().isEmpty() && baselines.containsKey(rival.name())
                    ? baselines.get(rival.name())
                    : Rival.of(rival.name(), Checked.measure(rival, test, settings), measured));
    write(report(ours, checked, baselines, comparison));
    return 0;
  }

  private int calibrate() {
    boolean more = compare.isPresent() || !train.isEmpty() || checks.any();
    if (more || Baseline.named(model).isPresent()) {
      throw UserException.usage(
          "--calibrate changes a model folder; give it with --model DIR and --conversations only");
    }
    if (!Files.isDirectory(Path.of(model))) {
      throw UserException.usage(
          "--calibrate changes the model, so --model must be a folder, not a published version; but"
              + " it is "
              + model);
    }
    Path folder = Path.of(model);
    ModelCalibration.Result result =
        new ModelCalibration(folder, ConversationReader.readAll(conversations), limit)
            .calibrate(engine.options(folder));
    spec.commandLine().getOut().println(Json.PRETTY.writeValueAsString(result));
    return 0;
  }

  private Contender contender(String option, String name, List<Conversation> training) {
    return Baseline.named(name)
        .map(baseline -> Contender.of(baseline, training))
        .orElseGet(
            () -> {
              ModelOptions.LocalModel found = source.locate(option, name);
              return Contender.of(found, engine.options(found.folder()), loader);
            });
  }

  private EvaluationReport report(
      Contender ours, Checked checked, Map<String, Rival> baselines, Optional<Rival> comparison) {
    Measurement measured = checked.measurement();
    return new EvaluationReport(
        ours.name(),
        ours.options().map(EngineOptions::precision),
        ours.options().map(options -> options.operatingPoint().name().toLowerCase(Locale.ROOT)),
        names(conversations),
        names(train),
        measured.evaluation(),
        baselines,
        baselines.isEmpty() ? Map.of() : Best.of(baselines, measured.evaluation()),
        comparison,
        checked.evidence(),
        Optional.of(measured.counts()),
        Optional.of(measured.examples()));
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  private void write(EvaluationReport report) {
    if (output.isPresent()) {
      writeFile(output.get().resolve(REPORT), Json.PRETTY.writeValueAsString(report) + "\n");
      writeFile(output.get().resolve(PAGE), EvaluationPage.of(report).html());
    }
    spec.commandLine().getOut().println(Json.PRETTY.writeValueAsString(report.printed()));
  }

  private static void writeFile(Path file, String text) {
    try {
      AtomicFile.writeString(file, text);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be written: " + e, e);
    }
  }
}
