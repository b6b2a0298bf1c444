package dev.repartee.finetune.evaluate;

import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.Wordings.AnswerLookup;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.evaluate.EvaluationReport.BestBaseline;
import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.evaluate.ModelCalibration.CalibrationResult;
import dev.repartee.finetune.evaluate.Verdict.Decision;
import dev.repartee.finetune.evaluate.VersionEvaluations.StoredEvaluation;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.metric.Costs;
import dev.repartee.finetune.metric.Evaluation;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Interval;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.Proposable;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.metric.TestSample;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.finetune.options.EngineSettings;
import dev.repartee.finetune.options.EngineSettings.PredictorFactory;
import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.registry.models.Manifest.ModelDigest;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.cli.Output;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.cli.Section;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationsOption;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.json.Json;
import dev.repartee.text.page.PageHtml;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.ConversationRedactor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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

  /** The environment variable with the key of a service that wants one. */
  public static final String SERVICE_KEY = "REPARTEE_API_KEY";

  private static final Logger log = LoggerFactory.getLogger(EvaluateCommand.class);

  private final PredictorFactory loader;

  @Section("What is measured")
  @Option(
      names = "--model",
      paramLabel = "DIR|NAME@ALIAS|BASELINE",
      description = "Model folder, NAME@ALIAS, or a baseline: words+knn, words+knn-3.")
  private Optional<String> model;

  @Option(
      names = "--service",
      paramLabel = "URL",
      description = "A running service instead; its key is in " + SERVICE_KEY + ".")
  private Optional<String> service;

  @Mixin private ConversationsOption conversations = new ConversationsOption();

  @Option(
      names = "--train",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "The model's training data, for the baselines.")
  private List<Path> train = List.of();

  @Option(
      names = "--validation",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "The model's validation data, for the baselines.")
  private List<Path> validation = List.of();

  @Option(
      names = "--compare",
      paramLabel = "DIR|NAME@ALIAS|BASELINE",
      description = "Another model or baseline, compared in pairs.")
  private Optional<String> compare;

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description = "Of 'report --fit-costs': adds net_costs and steady_costs.")
  private Optional<Path> costs;

  @Option(
      names = "--typos",
      paramLabel = "RATE",
      description =
          "Share of wrong keys that agents correct, such as 0.02; at most 0.2. Default: 0")
  private Optional<Double> typos = Optional.empty();

  @Option(
      names = "--timed",
      paramLabel = "N",
      description = "Replies typed one at a time, for latencies, before the others. Default: 30")
  private Optional<Integer> timed = Optional.empty();

  @Option(
      names = "--least-saved",
      paramLabel = "PERCENT",
      description = "Net time saved below which the verdict is 'too little'. Default: 3")
  private Optional<Double> leastSaved = Optional.empty();

  @Option(names = "--calibrate", description = "Calibrate --model on --conversations instead.")
  private boolean calibrate;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "Most conversations. Default: all; to calibrate, " + MOST_TO_CALIBRATE)
  private Optional<Integer> limit;

  @Option(
      names = "--attach",
      paramLabel = "NAME@ALIAS",
      description = "Store the figures with this version, for gates.")
  private Optional<String> attach;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Folder for " + PAGE + " and " + REPORT + ".")
  private Optional<Path> output;

  @Mixin private StoreOptions source;
  @Mixin private EngineSettings engine;
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

    /** A baseline or a service. */
    Contender(String name, Supplier<ReplyPredictor> opener) {
      this(name, Optional.empty(), Optional.empty(), opener);
    }

    static Contender of(Baseline baseline, Data data) {
      return new Contender(baseline.id(), () -> baseline.train(data.training(), data.validation()));
    }
  }

  /**
   * What all are measured on.
   *
   * @param training of baselines; empty without
   * @param validation of baselines; empty without
   */
  private record Data(
      List<Conversation> training,
      List<Conversation> validation,
      List<Conversation> test,
      EvaluationSettings settings) {}

  @Override
  public Integer call() {
    EvaluationSettings settings = settings();
    double least = Verdict.leastSaved(leastSaved);
    if (model.isPresent() == service.isPresent()) {
      throw UserException.usage("give one of --model and --service");
    }
    output.ifPresent(Folders::requireWritable);
    if (calibrate) {
      return calibrate();
    }
    requireThatFits(settings);
    // Every input is read and checked before anything is measured.
    Optional<Baseline> alone = model.flatMap(name -> baseline("--model", name));
    compare.ifPresent(other -> baseline("--compare", other));
    Data data =
        new Data(
            train.isEmpty() ? List.of() : ConversationReader.readAll(train),
            validation.isEmpty() ? List.of() : ConversationReader.readAll(validation),
            ConversationReader.readAll(conversations.files()),
            settings);
    Contender ours =
        service
            .map(url -> new Contender(url, () -> new ServicePredictor(url, engine.display())))
            .orElseGet(() -> contender("--model", model.orElseThrow(), data));
    Optional<Contender> other = compare.map(name -> contender("--compare", name, data));
    requireNew(ours, data.test());
    other.ifPresent(rival -> requireNew(rival, data.test()));

    // The folder is hashed first, so that a change during the measurement does not go unnoticed.
    Optional<ModelDigest> files = ours.folder().flatMap(EvaluateCommand::digest);
    Optional<ModelVersion> version = attach.map(name -> requireMeasured(name, files));
    Measurement measured = measure(ours, data);
    Map<String, Rival> baselines =
        alone.isEmpty() && !train.isEmpty() ? baselines(data, measured) : Map.of();
    Optional<Rival> comparison =
        other.map(
            rival ->
                rival.options().isEmpty() && baselines.containsKey(rival.name())
                    ? baselines.get(rival.name())
                    : Rival.of(rival.name(), measure(rival, data), measured));
    Map<String, BestBaseline> best = BestBaseline.of(baselines, measured.evaluation());
    Verdict verdict =
        Verdict.of(
            measured.evaluation().conversations(),
            measured.evaluation().rules().get(Rule.NET.name()).saved(),
            Optional.ofNullable(best.get(Rule.NET.name())),
            least,
            ours.folder().filter(this::countsAlone).isPresent());
    List<Conversation> sample = TestSample.of(data.test(), settings.limit());
    write(
        new EvaluationReport(
            ours.name(),
            ours.options().map(options -> options.compute().precision()),
            Optional.of(engine.shownAs()).filter(_ -> alone.isEmpty()),
            names(conversations.files()),
            names(train),
            typos.filter(rate -> rate > 0),
            measured.evaluation(),
            baselines,
            best,
            Optional.of(verdict).filter(_ -> alone.isEmpty()),
            comparison,
            countsAlone(ours, data, measured, baselines),
            ours.folder().map(folder -> answers(folder, sample)).orElse(Map.of()),
            ours.folder().flatMap(folder -> Proposable.of(CommonWords.read(folder), sample)),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            files,
            measured.data(),
            measured.counts()),
        version);
    return 0;
  }

  private EvaluationSettings settings() {
    EvaluationSettings standard =
        costs
            .map(Costs::read)
            .map(found -> Stream.concat(Rule.ALL.stream(), found.rules().stream()).toList())
            .map(EvaluationSettings.DEFAULT::withRules)
            .orElse(EvaluationSettings.DEFAULT);
    EvaluationSettings limited = limit.map(standard::withLimit).orElse(standard);
    return timed.map(limited::withTimed).orElse(limited).withTypos(typos.orElse(0.0));
  }

  private void requireThatFits(EvaluationSettings settings) {
    if (attach.isPresent() && (settings.typos() > 0 || engine.countsAlone())) {
      throw UserException.usage(
          "--attach stores what gates compare with other versions, as calibration has them and without typing errors; leave out --typos and --counts-alone");
    }
    if (train.isEmpty() != validation.isEmpty()) {
      throw UserException.usage(
          "baselines learn from --train and from --validation; give both, or neither");
    }
  }

  private static Map<String, Rival> baselines(Data data, Measurement measured) {
    Map<String, Rival> baselines = new LinkedHashMap<>();
    for (Baseline baseline : Baseline.values()) {
      Measurement theirs = measure(Contender.of(baseline, data), data);
      baselines.put(baseline.id(), Rival.of(baseline.id(), theirs, measured));
    }
    return baselines;
  }

  /** The engine without the model, beside baselines and where it shows something else. */
  private Optional<Rival> countsAlone(
      Contender ours, Data data, Measurement measured, Map<String, Rival> baselines) {
    return ours.folder()
        .filter(folder -> !baselines.isEmpty() && hasOtherCounts(folder))
        .map(folder -> model("counts alone", folder, ours.options().get().onCountsAlone()))
        .map(rival -> Rival.of(rival.name(), measure(rival, data), measured));
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
          "%s %s is a baseline that learns from --train and --validation; give them"
              .formatted(option, name));
    }
    return baseline;
  }

  private Contender contender(String option, String name, Data data) {
    Optional<Baseline> baseline = Baseline.named(name);
    if (baseline.isPresent()) {
      return Contender.of(baseline.get(), data);
    }
    LocalModel found = source.locate(option, name);
    return model(found.name(), found.folder(), engine.options(found.folder()));
  }

  private Contender model(String name, Path folder, EngineOptions options) {
    return new Contender(
        name, Optional.of(options), Optional.of(folder), () -> loader.load(folder, options));
  }

  /** What a service was trained on is not known here. */
  private void requireNew(Contender contender, List<Conversation> test) {
    contender
        .folder()
        .ifPresent(
            folder ->
                ConversationKeys.requireNewTo(
                    folder, contender.name(), conversations.files(), test));
  }

  private boolean countsAlone(Path folder) {
    return engine.countsAlone()
        || Calibration.read(folder).policy(engine.display().point()).offers().countsAlone();
  }

  /** Whether the engine would show something else without the model. */
  private boolean hasOtherCounts(Path folder) {
    Calibration chosen = Calibration.read(folder);
    OperatingPoint point = engine.display().point();
    return chosen.countsAlone().stream()
        .anyMatch(counts -> !counts.policy(point).equals(chosen.policy(point)));
  }

  /** How many replies are each answer of the model's set. */
  private static Map<String, Integer> answers(Path folder, List<Conversation> test) {
    AnswerSet set = Knowledge.answers(folder);
    AnswerLookup lookup = new AnswerLookup(set);
    ConversationRedactor redactor = new ConversationRedactor(set.facts());
    Map<String, Integer> given = new HashMap<>();
    test.stream()
        .flatMap(one -> redactor.redact(one).conversation().agentTexts())
        .flatMapToInt(reply -> lookup.positionOf(reply).stream())
        .forEach(answer -> given.merge(set.answers().get(answer).id(), 1, Integer::sum));
    return given;
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
    try (ReplyPredictor predictor = contender.opener().get();
        ProgressLine progress = new ProgressLine("evaluate " + contender.name(), "replies")) {
      if (predictor instanceof SuggestionEngine engine && !engine.isCalibrated()) {
        log.warn("{} is not calibrated; --calibrate does that", contender.name());
      }
      return TypedTextSaved.measure(predictor, data.test(), data.settings(), progress::stepTo);
    }
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  /**
   * The version to store the figures with.
   *
   * @throws UserException where it is not what is measured, before an hour of measuring
   */
  private ModelVersion requireMeasured(String name, Optional<ModelDigest> files) {
    try (ObjectStore store = openStore()) {
      ModelRegistry registry = new ModelRegistry(store);
      ModelVersion version = registry.resolve(ModelReference.parse(name, RegistryKind.MODEL));
      ModelDigest published = ModelDigest.of(registry.describe(version).manifest());
      if (!files.equals(Optional.of(published))) {
        throw new UserException(
            "--attach %s: %s has other files than what is measured; give --model %s"
                .formatted(name, version, name));
      }
      return version;
    }
  }

  private ObjectStore openStore() {
    return ObjectStores.open(
        source
            .store()
            .orElseThrow(
                () ->
                    UserException.usage(
                        "--attach names a version of a registry; give --store URI")));
  }

  private void write(EvaluationReport report, Optional<ModelVersion> version) {
    ObjectNode json = Json.PRETTY.valueToTree(report);
    String stored = Json.PRETTY.writeValueAsString(json) + "\n";
    List<String> lines = text(report);
    version.ifPresent(
        of -> {
          try (ObjectStore store = openStore()) {
            VersionEvaluations.attach(
                    new ModelRegistry(store), of, List.of(StoredEvaluation.of(json)))
                .forEach(entry -> lines.add(of + " has evaluation " + entry.id()));
          }
        });
    json.remove("counts");
    output.ifPresent(
        folder -> {
          AtomicFile.writeResult(folder.resolve(REPORT), stored);
          AtomicFile.writeResult(
              folder.resolve(PAGE),
              PageHtml.of(
                  EvaluateCommand.class, json.deepCopy().put("code_version", CodeVersion.shown())));
        });
    printed.print(json, lines);
  }

  private List<String> text(EvaluationReport report) {
    List<String> lines = new ArrayList<>();
    boolean few = report.evaluation().conversations() < Interval.LEAST_CONVERSATIONS;
    lines.add(
        "%s on %d conversations, %d replies%s; percent saved, by rule (%s)"
            .formatted(
                report.model(),
                report.evaluation().conversations(),
                report.evaluation().replies(),
                report.typos().map(", share of typos %s"::formatted).orElse(""),
                few ? Interval.TOO_FEW : "95% interval"));
    report.evaluation().rules().forEach((rule, saving) -> lines.add(line(rule, saving, few)));
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
    int given = report.answers().values().stream().mapToInt(Integer::intValue).sum();
    if (given > 0) {
      lines.add(
          "  answers          %d replies are one of %d answers of the set"
              .formatted(given, report.answers().size()));
    }
    report.countsAlone().ifPresent(rival -> lines.add(line(rival, few)));
    report.baselines().values().forEach(rival -> lines.add(line(rival, few)));
    report
        .comparison()
        .filter(rival -> !report.baselines().containsKey(rival.model()))
        .ifPresent(rival -> lines.add(line(rival, few)));
    report
        .verdict()
        .ifPresent(
            verdict -> {
              lines.add("  verdict          " + verdict.text());
              lines.add(Output.NEXT + verdict.next() + publishing(verdict));
            });
    lines.add(
        output
            .map(folder -> "  page             " + folder.resolve(PAGE))
            .orElse("  --output DIR writes a page"));
    return lines;
  }

  private String publishing(Verdict verdict) {
    return output
        .filter(_ -> verdict.decision() == Decision.PUBLISH)
        .map(folder -> folder.resolve(REPORT))
        .map(": repartee models publish NAME --model DIR --evaluation %s"::formatted)
        .orElse("");
  }

  private static String line(Rival rival, boolean few) {
    return line(rival.model() + ", net", rival.rules().get(Rule.NET.name()), few);
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
            || attach.isPresent()
            || engine.countsAlone()
            || typos.isPresent();
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
    List<Conversation> unseen = ConversationReader.readAll(conversations.files());
    ConversationKeys.requireNewTo(folder, name, conversations.files(), unseen);
    int most = limit.orElse(MOST_TO_CALIBRATE);
    CalibrationResult result =
        new ModelCalibration(folder, unseen, Optional.of(most))
            .calibrate(engine.calibrationCompute());
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s is calibrated on %d conversations: its scores are probabilities"
            .formatted(folder, Math.min(unseen.size(), most)));
    result
        .offers()
        .forEach(
            (point, choice) ->
                lines.add(
                    "  %-5s offers %s; net saved on the half that each had not learned from, in percent: %s"
                        .formatted(point, choice.chosen(), choice.saved())));
    result
        .int8()
        .ifPresent(
            check ->
                lines.add(
                    String.format(
                        Locale.ROOT,
                        "INT8 saves %.2f%% of these conversations, FP32 %.2f%%, more than of others: --precision auto %s",
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
