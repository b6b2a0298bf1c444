package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.evaluate.Canaries.CanaryResult;
import dev.repartee.finetune.evaluate.EvaluationReport.EvaluationEvidence;
import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.evaluate.GoldenPrompts.GoldenResult;
import dev.repartee.finetune.evaluate.ModelCalibration.CalibrationResult;
import dev.repartee.finetune.evaluate.StoredEvaluation.MachineKind;
import dev.repartee.finetune.hub.LocalModel;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.metric.BaselinePredictor;
import dev.repartee.finetune.metric.Costs;
import dev.repartee.finetune.metric.Evaluation;
import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.Proposable;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.metric.TestSample;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.finetune.options.EngineSettings;
import dev.repartee.finetune.options.EngineSettings.PredictorFactory;
import dev.repartee.finetune.options.ModelOptions;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.cli.Section;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.CommonWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code repartee evaluate}: measures the typing that a model saves, with the engine that the
 * service runs, beside baselines and another model.
 */
@Command(
    name = "evaluate",
    footer = {
      "  repartee evaluate --model runs/acme/model --conversations test.jsonl.gz --output runs/test"
    },
    description = "Measures how much typing a model saves on conversations it has not seen.")
public final class EvaluateCommand implements Callable<Integer> {

  /** What was found for every draft of them is held in memory. */
  private static final int MOST_TO_CALIBRATE = 200;

  static final String REPORT = "evaluation.json";
  static final String PAGE = "report.html";

  /** Rules of which the page and the JSON tell more than a line would. */
  private static final Set<String> ONLY_IN_FILES =
      Stream.of(
              Rule.NET_READ05, Rule.NET_READ25, Rule.WORD4, Rule.WHOLE4, Rule.WORD10, Rule.WHOLE20)
          .map(Rule::name)
          .collect(Collectors.toUnmodifiableSet());

  /** The environment variable with the key of a service that wants one. */
  public static final String SERVICE_KEY = "REPARTEE_API_KEY";

  private static final Logger log = LoggerFactory.getLogger(EvaluateCommand.class);

  private final PredictorFactory loader;

  @Section("Model")
  @Option(
      names = "--model",
      paramLabel = "DIR|NAME@ALIAS|BASELINE",
      description =
          "Model folder, model of the registry, or a baseline alone: freq, knn, words, words+knn.")
  private Optional<String> model;

  @Option(
      names = "--service",
      paramLabel = "URL",
      description =
          "A running service, instead of --model: measured over HTTP, one request per key. Its API"
              + " key comes from the environment variable "
              + SERVICE_KEY
              + ".")
  private Optional<String> service;

  @Mixin private ModelOptions source;
  @Mixin private EngineSettings engine;

  @Section("What is measured")
  @Option(
      names = "--golden",
      paramLabel = "FILE",
      description =
          "Situations with what must and must not be suggested in them, JSON Lines"
              + " (docs/gates.md).")
  private Optional<Path> golden;

  @Option(
      names = "--canaries",
      paramLabel = "FILE",
      description =
          "Secrets planted in the training data, JSON Lines (docs/gates.md): how well they can be"
              + " extracted from the model.")
  private Optional<Path> canaries;

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
      description = "The model's training conversations, from which the baselines learn.")
  private List<Path> train = List.of();

  @Option(
      names = "--validation",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "Other conversations, from which baselines learn how probable a text must be to be shown;"
              + " without them, baselines have no net time saved.")
  private List<Path> validation = List.of();

  @Option(
      names = "--compare",
      paramLabel = "DIR|NAME@ALIAS|BASELINE",
      description = "Another model, measured on the same conversations and compared in pairs.")
  private Optional<String> compare;

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description =
          "What reading and taking a suggestion cost your agents, from 'report --fit-costs': adds"
              + " net_costs and steady_costs.")
  private Optional<Path> costs;

  @Option(
      names = "--calibrate",
      description =
          "Calibrate the model on --conversations, which must be validation conversations, and"
              + " write the result into the model folder, instead of measuring.")
  private boolean calibrate;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "Most conversations: a fixed sample by their ids. Default: all; to calibrate, "
              + MOST_TO_CALIBRATE)
  private Optional<Integer> limit;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Folder for "
              + PAGE
              + ", a page, and "
              + REPORT
              + ", the same JSON with example replies and what 'models attach' needs.")
  private Optional<Path> output;

  @Mixin private Output printed;

  public EvaluateCommand() {
    this(SuggestionEngine::load);
  }

  EvaluateCommand(PredictorFactory loader) {
    this.loader = loader;
  }

  /**
   * A predictor that can be measured: a model or a baseline, not yet loaded or trained.
   *
   * @param name in the report
   * @param options of the engine; empty for a baseline and a service
   * @param folder of the model; empty for a baseline
   * @param opener loads or trains it; the caller closes the result
   */
  private record Contender(
      String name,
      Optional<EngineOptions> options,
      Optional<Path> folder,
      Supplier<ReplyPredictor> opener) {

    static Contender of(Baseline baseline, List<Conversation> training) {
      return new Contender(
          baseline.id(), Optional.empty(), Optional.empty(), () -> baseline.train(training));
    }
  }

  /**
   * What all are measured on.
   *
   * @param validation for the thresholds of baselines; empty without
   */
  private record Data(
      List<Conversation> validation, List<Conversation> test, EvaluationSettings settings) {}

  @Override
  public Integer call() {
    EvaluationSettings standard =
        costs
            .map(Costs::read)
            .map(found -> Stream.concat(Rule.ALL.stream(), found.rules().stream()).toList())
            .map(EvaluationSettings.DEFAULT::withRules)
            .orElse(EvaluationSettings.DEFAULT);
    EvaluationSettings settings = limit.map(standard::withLimit).orElse(standard);
    if (model.isPresent() == service.isPresent()) {
      throw UserException.usage("give one of --model and --service");
    }
    if (service.isPresent() && canaries.isPresent()) {
      throw UserException.usage(
          "--canaries needs the likelihoods of a model, which a service does not send; give"
              + " --model");
    }
    if (calibrate) {
      return calibrate();
    }
    // Every input is read and checked before anything is measured.
    Optional<Baseline> alone = model.flatMap(name -> baseline("--model", name));
    compare.ifPresent(other -> baseline("--compare", other));
    List<Conversation> training = train.isEmpty() ? List.of() : ConversationReader.readAll(train);
    Optional<GoldenPrompts> prompts = golden.map(GoldenPrompts::read);
    Optional<Canaries> secrets = canaries.map(Canaries::read);
    Data data =
        new Data(
            validation.isEmpty() ? List.of() : ConversationReader.readAll(validation),
            ConversationReader.readAll(conversations),
            settings);
    Contender ours =
        service
            .map(this::contender)
            .orElseGet(() -> contender("--model", model.orElseThrow(), training));
    Optional<Contender> other = compare.map(name -> contender("--compare", name, training));
    requireNew(ours, data.test());
    other.ifPresent(rival -> requireNew(rival, data.test()));

    // The folder is hashed first, so that a change during the measurement does not go unnoticed.
    Optional<ModelDigest> files = ours.folder().flatMap(EvaluateCommand::digest);
    Measurement measured;
    Optional<GoldenResult> goldenResult;
    Optional<CanaryResult> canaryResult;
    try (ReplyPredictor predictor = ours.opener().get()) {
      if (predictor instanceof SuggestionEngine engine && !engine.knowledge().isCalibrated()) {
        log.warn("{} is not calibrated; --calibrate does that", ours.name());
      }
      // Canaries refuse a baseline; that should not come to light after an hour of measuring.
      goldenResult = prompts.map(file -> file.measure(predictor));
      canaryResult = secrets.map(file -> file.measure(predictor));
      measured = measure(ours.name(), predictor, data);
    }
    Map<String, Rival> baselines = new LinkedHashMap<>();
    if (alone.isEmpty() && !training.isEmpty()) {
      for (Baseline baseline : Baseline.values()) {
        Measurement theirs = measure(Contender.of(baseline, training), data);
        baselines.put(baseline.id(), Rival.of(baseline.id(), theirs, measured));
      }
    }
    Optional<Rival> comparison =
        other.map(
            rival ->
                rival.options().isEmpty() && baselines.containsKey(rival.name())
                    ? baselines.get(rival.name())
                    : Rival.of(rival.name(), measure(rival, data), measured));
    write(
        new EvaluationReport(
            ours.name(),
            ours.options().map(options -> options.compute().precision()),
            ours.options()
                .map(EngineOptions::display)
                .or(() -> service.map(_ -> engine.display()))
                .map(display -> display.point().name().toLowerCase(Locale.ROOT)),
            names(conversations),
            names(train),
            measured.evaluation(),
            baselines,
            baselines.isEmpty() ? Map.of() : BestBaseline.of(baselines, measured.evaluation()),
            comparison,
            ours.folder()
                .flatMap(
                    folder ->
                        Proposable.of(
                            CommonWords.read(folder),
                            TestSample.of(data.test(), settings.limit()))),
            new EvaluationEvidence(
                Instant.now().truncatedTo(ChronoUnit.SECONDS),
                files,
                measured.data(),
                MachineKind.here(ours.options().map(EngineOptions::compute)),
                goldenResult,
                canaryResult),
            measured.counts(),
            measured.examples()));
    return 0;
  }

  /**
   * The baseline that {@code name} names, if any.
   *
   * @throws UserException (wrong usage) when it has nothing to learn from
   */
  private Optional<Baseline> baseline(String option, String name) {
    Optional<Baseline> baseline = Baseline.named(name);
    if (baseline.isPresent() && train.isEmpty()) {
      throw UserException.usage(
          option + " " + name + " is a baseline that learns from --train FILE; give it");
    }
    return baseline;
  }

  private Contender contender(String address) {
    return new Contender(
        address,
        Optional.empty(),
        Optional.empty(),
        () -> new ServicePredictor(address, engine.display()));
  }

  private Contender contender(String option, String name, List<Conversation> training) {
    Optional<Baseline> baseline = Baseline.named(name);
    if (baseline.isPresent()) {
      return Contender.of(baseline.get(), training);
    }
    LocalModel found = source.locate(option, name);
    EngineOptions options = engine.options(found.folder());
    return new Contender(
        found.name(),
        Optional.of(options),
        Optional.of(found.folder()),
        () -> loader.load(found.folder(), options));
  }

  /** What a service was trained on is not known here. */
  private void requireNew(Contender contender, List<Conversation> test) {
    contender
        .folder()
        .ifPresent(
            folder -> ConversationKeys.requireNewTo(folder, contender.name(), conversations, test));
  }

  private static Optional<ModelDigest> digest(Path folder) {
    try {
      return Optional.of(ModelDigest.of(folder));
    } catch (UserException e) {
      log.warn("what is measured cannot be stored with a version: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Measurement measure(Contender contender, Data data) {
    try (ReplyPredictor predictor = contender.opener().get()) {
      return measure(contender.name(), predictor, data);
    }
  }

  private static Measurement measure(String name, ReplyPredictor predictor, Data data) {
    try (ProgressLine progress = new ProgressLine("evaluate " + name, "replies")) {
      return predictor instanceof BaselinePredictor baseline
          ? TypedTextSaved.measureBaseline(
              baseline, data.validation(), data.test(), data.settings(), progress::stepTo)
          : TypedTextSaved.measure(predictor, data.test(), data.settings(), progress::stepTo);
    }
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  private void write(EvaluationReport report) {
    if (output.isPresent()) {
      AtomicFile.writeResult(
          output.get().resolve(REPORT), Json.PRETTY.writeValueAsString(report) + "\n");
      AtomicFile.writeResult(output.get().resolve(PAGE), EvaluationPage.of(report).html());
    }
    ObjectNode withoutReplies = Json.PRETTY.valueToTree(report);
    withoutReplies.remove(EvaluationReport.FOR_FILES);
    printed.print(withoutReplies, text(report));
  }

  private List<String> text(EvaluationReport report) {
    List<String> lines = new ArrayList<>();
    boolean few = report.evaluation().conversations() < Interval.LEAST_CONVERSATIONS;
    lines.add(
        "%s on %d conversations, %d replies; percent saved, by rule (%s)"
            .formatted(
                report.model(),
                report.evaluation().conversations(),
                report.evaluation().replies(),
                few ? Interval.TOO_FEW : "95% interval"));
    report
        .evaluation()
        .rules()
        .forEach(
            (rule, saving) -> {
              if (!ONLY_IN_FILES.contains(rule)) {
                lines.add(line(rule, saving, few));
              }
            });
    report
        .proposable()
        .ifPresent(
            most ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "  %-16s %6.2f%% of the characters may be proposed; not %.2f%% in numbers,"
                            + " %.2f%% in other words",
                        "at most",
                        most.characters(),
                        most.lostToNumbers(),
                        most.lostToWords())));
    // Without validation conversations a baseline has no thresholds, and so no net time saved.
    report.baselines().forEach((name, rival) -> rivalLine(name, rival, few).ifPresent(lines::add));
    if (report.baselines().isEmpty() && report.comparison().isEmpty()) {
      lines.add("  no baseline: --train and --validation measure what counted words save");
    }
    report
        .comparison()
        .filter(rival -> !report.baselines().containsKey(rival.model()))
        .flatMap(rival -> rivalLine(rival.model(), rival, few))
        .ifPresent(lines::add);
    lines.add(
        output
            .map(
                folder ->
                    "%slook at %s; with the model: repartee models publish NAME --model DIR --evaluation %s"
                        .formatted(Output.NEXT, folder.resolve(PAGE), folder.resolve(REPORT)))
            .orElse(Output.NEXT + "--output DIR writes a page with examples"));
    return lines;
  }

  private static Optional<String> rivalLine(String name, Rival rival, boolean few) {
    return Stream.of(Rule.NET, Rule.WHOLE10)
        .map(Rule::name)
        .filter(rival.rules()::containsKey)
        .findFirst()
        .map(rule -> line(name + ", " + rule, rival.rules().get(rule), few));
  }

  private static String line(String name, Evaluation.Saving saving, boolean few) {
    String line = String.format(Locale.ROOT, "  %-16s %6.2f%%", name, saving.saved());
    Interval ci95 = saving.ci95();
    return few
        ? line
        : line + String.format(Locale.ROOT, " (%.2f to %.2f)", ci95.low(), ci95.high());
  }

  private int calibrate() {
    boolean more =
        compare.isPresent()
            || !train.isEmpty()
            || !validation.isEmpty()
            || golden.isPresent()
            || canaries.isPresent();
    if (more || service.isPresent() || Baseline.named(model.orElseThrow()).isPresent()) {
      throw UserException.usage(
          "--calibrate changes a model folder; give it with --model DIR and --conversations only");
    }
    String name = model.orElseThrow();
    if (!Files.isDirectory(Path.of(name))) {
      throw UserException.usage(
          "--calibrate changes the model, so --model must be a folder, not a published version; but"
              + " it is "
              + name);
    }
    Path folder = Path.of(name);
    List<Conversation> unseen = ConversationReader.readAll(conversations);
    ConversationKeys.requireNewTo(folder, name, conversations, unseen);
    int most = limit.orElse(MOST_TO_CALIBRATE);
    CalibrationResult result =
        new ModelCalibration(folder, unseen, Optional.of(most))
            .calibrate(engine.calibrationCompute());
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s is calibrated on %d conversations: its scores are probabilities"
            .formatted(folder, Math.min(unseen.size(), most)));
    result
        .int8()
        .ifPresent(
            check ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "INT8 saves %.2f%%, FP32 %.2f%%: --precision auto %s",
                        check.netInt8(),
                        check.netFp32(),
                        check.allowed() ? "may take INT8" : "does not take INT8")));
    lines.add(
        "%smeasure it on conversations that it has not seen: repartee evaluate --model %s --conversations TEST"
            .formatted(Output.NEXT, folder));
    printed.print(result, lines);
    return 0;
  }
}
