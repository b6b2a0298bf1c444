package dev.repartee.finetune.training;

import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.suggest.Wordings;
import dev.repartee.finetune.corpus.Corpora;
import dev.repartee.finetune.corpus.Sources;
import dev.repartee.finetune.corpus.WindowCutter;
import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run: prepares the data, trains, keeps the best weights, and assembles the model folder. It
 * may be killed anywhere; what is done again after a resume comes out the same.
 */
final class FinetuneRun {

  private static final Logger log = LoggerFactory.getLogger(FinetuneRun.class);

  /**
   * What a person asked for.
   *
   * @param inputs that the run reads
   * @param settings of training
   * @param checkpointing when its state is kept
   * @param minProbability of a completion, for the model card
   * @param resume whether to go on with the run that is there
   */
  record Request(
      FinetuneInputs inputs,
      TrainingSettings settings,
      CheckpointSettings checkpointing,
      double minProbability,
      boolean resume) {}

  private final Request request;
  private final RunFolder folder;
  private final RunRecord record;
  private final StopRequest stop;

  FinetuneRun(Request request, RunFolder folder, RunRecord record, StopRequest stop) {
    this.request = request;
    this.folder = folder;
    this.record = record;
    this.stop = stop;
  }

  /** Refuses an output folder that holds a run already, unless that is to go on. */
  static void requireFree(RunFolder folder, boolean resume) {
    if (folder.isUsed() && !resume) {
      throw UserException.usage(
          "--output %s holds a run already; go on with it by --resume, or name another folder"
              .formatted(folder.folder()));
    }
  }

  /**
   * Runs it and returns its summary.
   *
   * @throws UserException when something is wrong that its reader can mend
   * @throws StoppedException when a stop was asked for
   */
  Map<String, Object> execute() {
    try {
      return executeLocked();
    } catch (IOException e) {
      throw new UserException(
          "%s: %s (%s free); when that is mended, go on with --resume"
              .formatted(folder.folder(), e, DiskSpace.text(DiskSpace.free(folder.folder()))),
          e);
    }
  }

  private Map<String, Object> executeLocked() throws IOException {
    requireFree(folder, request.resume());
    try (LockFile lock = folder.lock()) {
      log.debug("holding {}", lock);
      if (request.resume()) {
        requireSameRecord();
      }
      if (folder.isDone()) {
        log.info("{} is complete: the run is done", folder.model());
        return RunSummary.ofModel(folder);
      }
      return prepareAndTrain();
    }
  }

  private void requireSameRecord() {
    if (Files.exists(folder.record())) {
      record.requireSameAs(RunRecord.read(folder.record()), folder.record());
    } else {
      log.info("{} holds no run; starting from the beginning", folder.folder());
    }
  }

  private Map<String, Object> prepareAndTrain() throws IOException {
    FinetuneInputs inputs = request.inputs();
    TrainingSettings settings = request.settings();
    AnswerSet answers =
        inputs.answers().map(AnswerSetFile::read).orElseGet(() -> new AnswerSet(List.of()));
    try (BaseModel base =
        BaseModel.open(inputs.base(), inputs.baseFolder(), settings.seed(), settings.model())) {
      base.requirePositions(settings.batches().maxTokens());
      new DiskSpace(base.config().parameters(), request.checkpointing().keep())
          .require(folder.folder(), DiskSpace.free(folder.folder()), folder.checkpointBytes());
      try (Corpora corpora = corpora(base, answers)) {
        // Not earlier: what cannot be started leaves no run behind that would stand in the way.
        record.write(folder.record());
        return train(base, corpora, answers);
      }
    }
  }

  private Corpora corpora(BaseModel base, AnswerSet answers) throws IOException {
    FinetuneInputs inputs = request.inputs();
    TrainingSettings settings = request.settings();
    WindowCutter cutter =
        new WindowCutter(
            new PromptFormat(base.tokenizer()),
            settings.batches().maxTokens(),
            settings.batches().scored());
    return Corpora.prepare(
        folder.data(),
        new Sources(
            inputs.conversations(),
            inputs.validation(),
            settings.validation().share(),
            settings.seed(),
            inputs.preparation()),
        new Corpora.Recipe(cutter, new Wordings(answers)::label, stop::check),
        record.fingerprint());
  }

  private Map<String, Object> train(BaseModel base, Corpora corpora, AnswerSet answers)
      throws IOException {
    TrainingSettings settings = request.settings();
    Checkpoints checkpoints =
        new Checkpoints(folder, record.fingerprint(), request.checkpointing().keep());
    Optional<Checkpoint> resumed = request.resume() ? newest(checkpoints) : Optional.empty();
    SampleTaker taker =
        new SampleTaker(
            base, settings, new SampleFile(folder.samples(), record.fingerprint()), stop);
    // While the weights are still the base model's.
    List<SamplePrediction> samples = taker.before(corpora);
    resumed.ifPresent(
        checkpoint ->
            base.model().readState(checkpoint.state(), checkpoint.progress().optimizer().steps()));
    RunReporting reporting =
        new RunReporting(
            folder, ReportFacts.of(record, settings, base), corpora.trainingDetails(), samples);
    Progress done = train(base, corpora, checkpoints, resumed, reporting);
    reporting.complete(taker.after(samples, checkpoints.best(done.evaluations().bestStep())));
    Map<String, Object> summary = RunSummary.of(folder, base, corpora, answers, done);
    ModelFolder model =
        new ModelFolder(
            checkpoints.best(done.evaluations().bestStep()),
            base.tokenizer(),
            answers,
            Memory.explained(
                checkpoints,
                () ->
                    new BestModel(base, settings, stop).head(checkpoints, done, corpora, answers)),
            words(corpora),
            ModelCard.of(
                settings.batches().maxTokens(),
                request.minProbability(),
                request.inputs().redact(),
                RunSummary.provenance(request.inputs().base(), record, summary)));
    folder.writeModel(model::write);
    return summary;
  }

  /** The base model's too: it learned them from as many conversations. */
  private Optional<CommonWords> words(Corpora corpora) {
    Optional<CommonWords> learned = corpora.words();
    Optional<CommonWords> before = request.inputs().baseFolder().flatMap(CommonWords::read);
    return learned.map(words -> before.map(words::with).orElse(words));
  }

  private Progress train(
      BaseModel base,
      Corpora corpora,
      Checkpoints checkpoints,
      Optional<Checkpoint> resumed,
      RunReporting reporting)
      throws IOException {
    TrainingSettings settings = request.settings();
    long stepsBefore = resumed.map(FinetuneRun::steps).orElse(0L);
    try (MetricsLog metrics =
            new MetricsLog(folder.metrics(), resumed.map(Checkpoint::metricsBytes).orElse(0L));
        TensorBoardLog board = new TensorBoardLog(folder.tensorboard(), stepsBefore + 1)) {
      Utilization utilization = Utilization.of(base, settings.computing().precision());
      RunEvents events = new RunEvents(metrics, board, utilization, reporting);
      resumed.ifPresent(checkpoint -> announce(checkpoint, events));
      Trainer trainer =
          new Trainer(
              new Trainer.Parts(base.model(), corpora, checkpoints, base::write, events),
              settings,
              request.checkpointing(),
              stop);
      RunSummary.log(base, corpora, settings, trainer.steps());
      return reporting.during(
          trainer.steps(),
          stop,
          () ->
              Memory.explained(
                  checkpoints, () -> trainer.train(resumed.map(Checkpoint::progress))));
    }
  }

  private Optional<Checkpoint> newest(Checkpoints checkpoints) throws IOException {
    Optional<Checkpoint> newest = checkpoints.newest();
    if (newest.isEmpty()) {
      log.info("{} has no whole checkpoint; starting from the beginning", folder.folder());
    }
    return newest;
  }

  private static long steps(Checkpoint checkpoint) {
    return checkpoint.progress().position().step();
  }

  private static void announce(Checkpoint checkpoint, RunEvents events) {
    long step = steps(checkpoint);
    log.info("going on after step {}, from {}", step, checkpoint.folder());
    events.event(step, "resumed", checkpoint.folder().toString());
  }
}
