package dev.repartee.finetune.training;

import ai.djl.engine.EngineException;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.DeviceException;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.memory.MemoryBuilder;
import dev.repartee.engine.memory.MemoryFile;
import dev.repartee.engine.memory.Wordings;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.GoldenPrompt;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.suggest.Provenance;
import dev.repartee.engine.suggest.Shortlist;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.corpus.ConversationFiles;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.corpus.TrainingData;
import dev.repartee.finetune.corpus.WindowCutter;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import dev.repartee.finetune.gpt2.TrainingOptions;
import dev.repartee.finetune.gpt2.VocabularyTrainer;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.finetune.report.RunMetrics;
import dev.repartee.finetune.report.RunReport;
import dev.repartee.finetune.report.RunReport.Ending;
import dev.repartee.finetune.training.Checkpoints.Checkpoint;
import dev.repartee.finetune.training.StopRequest.StoppedException;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.page.Quantities;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One run: prepares the data, trains, keeps the best weights, and assembles the model folder. It
 * may be killed anywhere; what is done again after a resume comes out the same.
 */
final class FinetuneRun {

  /** Conversations that are read into the memory side by side. */
  private static final int LEARNED_AT_ONCE = 64;

  private static final Logger log = LoggerFactory.getLogger(FinetuneRun.class);

  private final TrainingConfig config;
  private final List<Compute> compute;
  private final Optional<LocalModel> baseFolder; // empty for random weights
  private final RunFolder folder;
  private final AnswerSet answers;
  private final ConversationFiles files;
  private RunRecord record; // without lanes until they are measured

  private FinetuneRun(
      TrainingConfig config,
      List<Compute> compute,
      Optional<LocalModel> baseFolder,
      RunRecord record) {
    this.config = config;
    this.compute = compute;
    this.baseFolder = baseFolder;
    this.folder = new RunFolder(config.output);
    AnswerSet given =
        config.answers.map(AnswerSetFile::read).orElseGet(() -> new AnswerSet(List.of()));
    this.answers = new AnswerSet(given.answers(), given.facts().with(config.terms.facts()));
    this.files =
        new ConversationFiles(
            config.conversations(),
            config.validation,
            config.seed,
            config.preparation(answers.facts()));
    this.record = record;
  }

  /**
   * Checks the options, brings the base model to this machine, and hashes all files.
   *
   * @param options as they were parsed, for the run's record
   * @throws UserException when something is wrong that the user can fix
   */
  static FinetuneRun of(TrainingConfig config, List<OptionSpec> options) throws IOException {
    config.check();
    RunFolder folder = new RunFolder(config.output);
    Optional<RunRecord> started =
        config.resume ? RunRecord.read(folder.record()) : Optional.empty();
    // Before anything is measured, fetched or hashed, which may take long.
    requireFree(folder, config.resume);
    Folders.requireWritable(config.output);
    RunRecord.requireReadable("conversations", config.conversations());
    RunRecord.requireReadable("validation", config.validation);
    RunRecord.requireReadable("answers", config.answers.stream().toList());
    List<Compute> compute = config.compute(started.map(RunRecord::precision));
    Optional<LocalModel> base = config.locateBase();
    if (config.keepCalibration
        && base.map(found -> Calibration.read(found.folder()))
            .filter(found -> !found.equals(Calibration.NONE))
            .isEmpty()) {
      throw UserException.usage(
          "--keep-calibration: --base %s is not calibrated; run 'evaluate --calibrate' on it first"
              .formatted(config.base));
    }
    RunRecord given =
        RunRecord.of(options, config, base.map(LocalModel::folder), compute.getFirst().precision());
    // A run that goes on keeps its lanes, unless others are asked for, which is refused.
    int lanes = config.lanes > 0 ? config.lanes : started.map(RunRecord::lanes).orElse(1);
    RunRecord record =
        given
            .withLanes(lanes)
            .withAgentSalt(started.map(RunRecord::agentSalt).or(config::agentSalt));
    return new FinetuneRun(config, compute, base, record);
  }

  /** Refuses an output folder that holds a run already, unless that is to go on. */
  private static void requireFree(RunFolder folder, boolean resume) {
    if (folder.isUsed() && !resume) {
      throw UserException.usage(
          "--output %s already contains a run; continue it with --resume, or give another folder"
              .formatted(folder.folder()));
    }
  }

  /**
   * Runs it and returns its summary.
   *
   * @throws UserException when something is wrong that the user can fix
   * @throws StoppedException when a stop was requested
   */
  Map<String, Object> execute(StopRequest stop) {
    try (LockFile _ = folder.lock()) {
      requireFree(folder, config.resume);
      if (config.resume) {
        requireSameRecord();
      }
      if (folder.isDone()) {
        log.info("{} is complete: the run is done", folder.model());
        return summary(ModelCard.read(folder.model()).provenance().metrics());
      }
      return prepareAndTrain(stop);
    } catch (IOException e) {
      throw new UserException(
          "%s: %s (%s free); fix that, then continue with %s"
              .formatted(folder.folder(), e, Quantities.size(folder.freeBytes()), RunFolder.AGAIN),
          e);
    }
  }

  private void requireSameRecord() {
    Optional<RunRecord> started = RunRecord.read(folder.record());
    if (started.isPresent()) {
      record.requireSameAs(started.get(), folder.folder());
    } else {
      log.info("{} holds no run; starting from the beginning", folder.folder());
    }
  }

  private Map<String, Object> prepareAndTrain(StopRequest stop) throws IOException {
    Optional<Path> folderOfBase = baseFolder.map(LocalModel::folder);
    requireNewValidation();
    try (BaseModel base =
        BaseModel.open(config, folderOfBase, compute, lanes(), this::vocabulary)) {
      record = record.withLanes(base.model().lanes());
      base.requirePositions(config.maxTokens);
      folder.requireSpace(base.config().parameters(), folder.freeBytes(), folder.checkpointBytes());
      try (TrainingData data = prepare(base, stop)) {
        // Not earlier: a run that cannot be started leaves no record that would stand in the way.
        record.write(folder.record());
        return train(base, data, stop);
      }
    }
  }

  /** 0 where the run is to measure how many are fastest. */
  private int lanes() {
    return config.lanes == 0 && !Files.exists(folder.record()) ? 0 : record.lanes();
  }

  /** Learned from the conversations, for a model that begins with random weights. */
  private Gpt2Tokenizer vocabulary() {
    // A run that goes on keeps its vocabulary: another version might learn another one, which would
    // not fit the windows and weights.
    if (Files.exists(folder.record())) {
      return Gpt2Tokenizer.read(folder.data());
    }
    try {
      VocabularyTrainer trainer = new VocabularyTrainer();
      files.readTraining(trainer::add);
      Gpt2Tokenizer learned = trainer.train(config.vocabulary);
      learned.write(folder.data());
      return learned;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainingData prepare(BaseModel base, StopRequest stop) throws IOException {
    WindowCutter cutter =
        new WindowCutter(new PromptFormat(base.tokenizer()), config.maxTokens, config.scoredTokens);
    return TrainingData.prepare(
        folder.data(),
        files,
        new TrainingData.Recipe(cutter, new Wordings(answers)::label, stop::check),
        record.fingerprint());
  }

  private Map<String, Object> train(BaseModel base, TrainingData data, StopRequest stop)
      throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder, record.fingerprint());
    Optional<Checkpoint> resumed = config.resume ? newest(checkpoints) : Optional.empty();

    resumed.ifPresent(
        checkpoint ->
            base.model().readState(checkpoint.state(), checkpoint.progress().optimizer().steps()));

    // The training loop, and the page of the run however it ends.
    Trainer trainer = new Trainer(config, base, data, checkpoints, stop);
    logStart(base, data, trainer.steps());
    Progress done;
    try (RunLog runLog =
        new RunLog(
            folder,
            resumed,
            new RunReport.Plan(
                String.valueOf(folder.folder().toAbsolutePath().normalize().getFileName()),
                trainer.steps(),
                Trainer.CLIP))) {
      resumed.ifPresent(
          checkpoint -> {
            long step = checkpoint.progress().position().step();
            log.info("continuing after step {}, from {}", step, checkpoint.folder());
            runLog.event(step, RunMetrics.RESUMED, checkpoint.folder().toString());
          });
      try {
        done =
            withMemoryAdvice(
                checkpoints, () -> trainer.train(resumed.map(Checkpoint::progress), runLog));
        assemble(base, data, done, stop);
      } catch (StoppedException e) {
        runLog.end(
            Ending.stopped("stopped by " + stop.signal() + "; continue with " + RunFolder.AGAIN));
        throw e;
      } catch (IOException | RuntimeException | Error e) {
        runLog.end(Ending.failed(reason(e)));
        throw e;
      }
      runLog.end(Ending.done(trainer.reasonOfEnd()));
    }
    Map<String, Object> summary = summary(metrics(base, data, done));
    summary.put("training_seconds", done.seconds());
    return summary;
  }

  /** The answer head, on the frozen best weights; then the model folder. */
  private void assemble(BaseModel base, TrainingData data, Progress done, StopRequest stop)
      throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder, record.fingerprint());
    Path best = checkpoints.best(done.evaluations().bestStep());
    Map<String, Object> metrics = metrics(base, data, done);
    Optional<AnswerHead> head =
        withMemoryAdvice(checkpoints, () -> answerHead(base, data, best, stop));
    ModelCard own =
        ModelCard.of(ModelCard.contextWithin(config.maxTokens), config.redact, provenance(metrics));
    Optional<Path> calibrated =
        baseFolder.map(LocalModel::folder).filter(_ -> config.keepCalibration);
    ModelCard card = calibrated.map(ModelCard::read).map(own::trustedAs).orElse(own);
    AtomicFile.writeFolder(
        folder.model(),
        model -> {
          for (String file : List.of(Gpt2Config.FILE, Gpt2Weights.FILE)) {
            Folders.linkOrCopy(best.resolve(file), model.resolve(file));
          }
          base.tokenizer().write(model);
          AnswerSetFile.write(model.resolve(Knowledge.ANSWERS_FILE), answers);
          if (head.isPresent()) {
            head.get().write(model, answers);
          }
          Optional<CommonWords> words = words(data);
          if (words.isPresent()) {
            words.get().write(model);
          }
          keys().write(model);
          card.write(model);
          if (calibrated.isPresent()) {
            Calibration.read(calibrated.get()).write(model);
          }
          complete(model, base, data, newMemory(base, words), stop);
          Manifest.of(model).write(model);
        });
  }

  private Optional<Checkpoint> newest(Checkpoints checkpoints) throws IOException {
    Optional<Checkpoint> newest = checkpoints.newest();
    if (newest.isEmpty()) {
      log.info("{} has no complete checkpoint; starting from the beginning", folder.folder());
    }
    return newest;
  }

  private static void logStart(BaseModel base, TrainingData data, long steps) {
    log.info(
        "training on {} windows of {} conversations in {} steps, validating on {} of {}; {}"
            + " parameters, {}",
        data.trainingStatistics().windows(),
        data.trainingStatistics().conversations(),
        steps,
        data.validationStatistics().windows(),
        data.validationStatistics().conversations(),
        base.config().parameters(),
        base.precision());
  }

  private static String reason(Throwable failure) {
    String message = failure instanceof RuntimeException ? failure.getMessage() : null;
    return Optional.ofNullable(message).orElseGet(failure::toString);
  }

  /**
   * Does the work.
   *
   * @throws UserException when there was not enough memory: with the peak, what to change, and the
   *     last checkpoint
   */
  static <T> T withMemoryAdvice(Checkpoints checkpoints, Supplier<T> work) {
    try {
      return work.get();
    } catch (OutOfMemoryError e) {
      throw outOfMemory(checkpoints, e);
    } catch (EngineException e) {
      if (DeviceException.lacksMemory(e)) {
        throw outOfMemory(checkpoints, e);
      }
      throw e;
    }
  }

  private static UserException outOfMemory(Checkpoints checkpoints, Throwable cause) {
    StringJoiner used = new StringJoiner(", ", " (", ")").setEmptyValue("");
    new ProcessMemory().peak().ifPresent(peak -> used.add("peak " + Quantities.bytes(peak)));
    Gpus gpus = Gpus.ofThisMachine();
    for (Gpu gpu : gpus.all()) {
      gpus.usage(gpu)
          .ifPresent(
              now ->
                  used.add(
                      "%s holds %s of %s"
                          .formatted(
                              gpu.device(),
                              Quantities.bytes(now.usedBytes()),
                              Quantities.bytes(gpu.memoryBytes()))));
    }
    return new UserException(
        "out of memory%s: %s; %s; start a new run with a lower --batch-tokens and a higher --accumulate"
            .formatted(
                used,
                String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
                checkpoints
                    .last()
                    .map(path -> "the last checkpoint is " + path)
                    .orElse("there is no checkpoint yet")),
        cause);
  }

  /** What the run found, for its summary and the model's provenance. */
  private Map<String, Object> metrics(BaseModel base, TrainingData data, Progress done) {
    double loss = done.evaluations().bestLoss().orElseThrow();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("parameters", base.config().parameters());
    metrics.put("conversations", data.trainingStatistics().conversations());
    metrics.put("validation_conversations", data.validationStatistics().conversations());
    metrics.put("windows", data.trainingStatistics().windows());
    metrics.put("answers", answers.size());
    metrics.put("steps", done.position().step());
    metrics.put("best_step", done.evaluations().bestStep());
    metrics.put("validation_loss", loss);
    metrics.put("validation_perplexity", Math.exp(loss));
    metrics.put("tokens_per_second", done.tokens() / done.seconds());
    return metrics;
  }

  private Map<String, Object> summary(Map<String, Object> metrics) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("model", folder.model().toString());
    summary.putAll(metrics);
    return summary;
  }

  private Provenance provenance(Map<String, Object> metrics) {
    return new Provenance(
        Optional.of(config.base),
        CodeVersion.built(),
        Optional.of(Instant.now()),
        record.inputs(),
        metrics,
        baseFolder.map(LocalModel::name),
        new LinkedHashMap<>(record.settings()),
        Optional.of(Provenance.Environment.here(compute.stream().map(Compute::device).toList())),
        Map.of());
  }

  /** Trains the answer head on the best weights; none without answers. */
  private Optional<AnswerHead> answerHead(
      BaseModel base, TrainingData data, Path best, StopRequest stop) {
    if (answers.size() == 0) {
      return Optional.empty();
    }
    log.info("training the answer head on {} answers", answers.size());
    Gpt2Weights weights = Gpt2Weights.read(best, base.config(), base.program());
    // In FP32, as hidden states are compared when the model is used.
    try (TrainableGpt2 frozen =
        new TrainableGpt2(base.program(), weights, TrainingOptions.of(Precision.FP32))) {
      return new AnswerHeadTrainer(base.program(), frozen, new Wordings(answers), config.seed, stop)
          .train(data.training(), data.validation());
    }
  }

  /** Words that the model may say: those of its training data and those of its base model. */
  private Optional<CommonWords> words(TrainingData data) {
    Optional<CommonWords> ofBase = baseFolder.map(LocalModel::folder).flatMap(CommonWords::read);
    return data.words().map(words -> ofBase.map(words::with).orElse(words));
  }

  /** Refuses to validate on what the base was trained on; warns where that is not known. */
  private void requireNewValidation() throws IOException {
    if (config.keepCalibration && config.validation.isEmpty()) {
      return; // The base is known to have read what is set aside.
    }
    Optional<ConversationKeys> ofBase = keysOfBase();
    if (ofBase.isPresent()) {
      files.requireNewTo(ofBase.get(), config.base);
    } else if (baseFolder.isPresent()) {
      log.warn(
          "--base {} has no {}, so its training data is not known; validate and test on"
              + " conversations that it cannot have read",
          config.base,
          ConversationKeys.FILE);
    }
  }

  /** What the base was trained on, where its folder has the keys. */
  private Optional<ConversationKeys> keysOfBase() {
    return baseFolder.map(LocalModel::folder).flatMap(ConversationKeys::read);
  }

  /** The conversations that the model was trained on: its own and those of its base model. */
  private ConversationKeys keys() throws IOException {
    ConversationKeys own = files.trainingKeys();
    return keysOfBase().map(own::with).orElse(own);
  }

  /** A run without answers remembers nothing; one with an empty set of them does. */
  private Optional<MemoryBuilder> newMemory(BaseModel base, Optional<CommonWords> words) {
    Optional<MemoryBuilder> memory =
        config.answers.map(
            _ ->
                new MemoryBuilder(
                    base.config().width(), record.agentSalt(), new Wordings(answers)));
    return memory.map(builder -> words.map(builder::showing).orElse(builder));
  }

  /**
   * Remembers what agents replied in the training conversations; of too many the model reads evenly
   * spaced ones, and the others are counted. And records the golden prompt; both with the folder as
   * it will be loaded.
   */
  private void complete(
      Path model,
      BaseModel base,
      TrainingData data,
      Optional<MemoryBuilder> memory,
      StopRequest stop)
      throws IOException {
    try (SuggestionEngine engine =
        SuggestionEngine.load(
            model, new EngineOptions(new Compute(compute.getFirst().device(), Precision.FP32)))) {
      if (memory.isPresent()) {
        log.info("reading what agents replied into the memory");
        long replies = data.trainingStatistics().agentMessages();
        long each = Math.ceilDiv(Math.max(1, replies), Memory.MOST);
        AtomicLong number = new AtomicLong();
        List<Conversation> some = new ArrayList<>();
        data.readTraining(
            conversation -> {
              stop.check();
              if (number.getAndIncrement() % each == 0) {
                some.add(conversation);
              } else {
                engine.count(conversation, memory.get());
              }
              if (some.size() == LEARNED_AT_ONCE) {
                engine.read(some, memory.get());
                some.clear();
              }
            });
        engine.read(some, memory.get());
        Memory built = memory.get().build();
        MemoryFile.write(built, model);
        Shortlist.write(model, base.tokenizer(), built);
      }
      GoldenPrompt.record(engine).write(model);
    }
  }
}
