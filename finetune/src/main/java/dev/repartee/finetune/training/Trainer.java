package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.TorchScriptProgram;
import dev.repartee.finetune.corpus.Batching;
import dev.repartee.finetune.corpus.Corpora;
import dev.repartee.finetune.corpus.EpochPlan;
import dev.repartee.finetune.corpus.Prefetch;
import dev.repartee.finetune.corpus.Seeds;
import dev.repartee.finetune.corpus.Step;
import dev.repartee.finetune.corpus.Steps;
import dev.repartee.finetune.gpt2.AdamW;
import dev.repartee.finetune.gpt2.LossScale;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import dev.repartee.finetune.report.ProgressText;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.ProcessMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * The training loop. What a step does follows from settings, data and {@link Progress} alone, so a
 * run that goes on from a checkpoint ends in the same bytes as one that was never interrupted.
 */
final class Trainer {

  private static final int PREFETCHED_STEPS = 3;

  /**
   * What the loop works with.
   *
   * @param model that is trained
   * @param corpora that it is trained and validated on
   * @param checkpoints where its state is kept
   * @param bestWriter writes the model's files, for the lowest validation loss
   * @param events takes what happens
   */
  record Parts(
      TrainableGpt2 model,
      Corpora corpora,
      Checkpoints checkpoints,
      AtomicFile.FolderContent bestWriter,
      RunEvents events) {}

  private final Parts parts;
  private final TrainingSettings settings;
  private final CheckpointSettings checkpointing;
  private final StopRequest stop;
  private final Batching batching;
  private final Validator validator;
  private final DivergenceGuard guard;
  private final AdamW adamW;
  private final long steps;
  private final ProgressText progressText;
  private final long started = System.nanoTime();

  private double secondsBefore;
  private Progress progress;
  private long savedStep;
  private long savedAt = started;

  Trainer(
      Parts parts, TrainingSettings settings, CheckpointSettings checkpointing, StopRequest stop) {
    this.parts = parts;
    this.settings = settings;
    this.checkpointing = checkpointing;
    this.stop = stop;
    TrainableGpt2 model = parts.model();
    this.batching = settings.batches().batching(model.workers(), settings.seed());
    this.validator =
        new Validator(model, parts.corpora().validation(), settings.batches().batchTokens());
    this.guard =
        new DivergenceGuard(
            model.lossScale().isDynamic(),
            Math.toIntExact(model.weights().arrays().getFirst().getShape().get(0)));
    this.adamW = settings.optimization().adamW();
    Length length = settings.optimization().length();
    this.steps = length.steps(Steps.count(parts.corpora().training(), batching, length.epochs()));
    this.progressText = new ProgressText(steps, new ProcessMemory());
    this.progress = beginning();
  }

  private Progress beginning() {
    int first = EpochPlan.of(parts.corpora().training(), batching, 1).steps();
    return new Progress(new Position(0, 1, 0, first), Evaluations.NONE, optimizerState(), 0, 0);
  }

  /** Steps that the run takes unless it stops early. */
  long steps() {
    return steps;
  }

  /**
   * Trains to the end, from the beginning or from {@code resumed}, whose weights and moments the
   * model has already.
   *
   * @throws StoppedException when a stop was asked for; a checkpoint was taken
   * @throws UserException when training diverges or a checkpoint cannot be written
   */
  Progress train(Optional<Progress> resumed) {
    resumed.ifPresent(this::restore);
    Position at = progress.position();
    int epochs = settings.optimization().length().epochs();
    Steps stepsAhead =
        new Steps(parts.corpora().training(), batching, epochs, at.epoch(), at.stepInEpoch());
    try (Prefetch<Step> prefetch = new Prefetch<>(stepsAhead, PREFETCHED_STEPS);
        ProgressBar bar = progressBar(at.step())) {
      while (true) {
        if (isEvaluationDue()) {
          evaluate(bar);
        }
        if (isFinished()) {
          saveUnlessSaved();
          return progress;
        }
        if (stop.isRequested()) {
          throw stopped();
        }
        if (isCheckpointDue()) {
          saveUnlessSaved();
        }
        step(prefetch.take(), bar);
      }
    }
  }

  private void restore(Progress resumed) {
    progress = resumed;
    secondsBefore = resumed.seconds();
    savedStep = resumed.position().step();
    Progress.OptimizerState state = resumed.optimizer();
    parts.model().lossScale().restore(state.lossScale(), state.goodSteps());
  }

  private Progress.OptimizerState optimizerState() {
    LossScale scale = parts.model().lossScale();
    return new Progress.OptimizerState(parts.model().steps(), scale.scale(), scale.goodSteps());
  }

  private void step(Step step, ProgressBar bar) {
    long begun = System.nanoTime();
    long before = progress.position().step();
    TorchScriptProgram.seed(Seeds.mix(settings.seed(), before));
    double count = step.scored();
    double rate = settings.optimization().schedule().rate(before, steps);
    double loss = parts.model().accumulate(step.batches(), 1 / count) / count;
    double norm = parts.model().update(rate, adamW, settings.optimization().clip());
    double taken = (System.nanoTime() - begun) / 1e9;
    RunEvents.Measured measured = new RunEvents.Measured(loss, rate, norm, taken);
    // Before the guard, so that the step that ends a run is seen as well.
    bar.setExtraMessage(
        progressText.after(parts.events().step(before + 1, step, measured, seconds())));
    guard
        .check(loss, norm)
        .ifPresent(
            what -> {
              throw diverged(step, what);
            });
    progress =
        new Progress(
            new Position(before + 1, step.epoch(), step.index() + 1, step.stepsInEpoch()),
            progress.evaluations(),
            optimizerState(),
            progress.tokens() + step.tokens(),
            seconds());
    bar.step();
  }

  private UserException diverged(Step step, String what) {
    return new UserException(
        "training diverged at step %d (epoch %d): %s; %s; %s; start a new run with a lower"
                .formatted(
                    progress.position().step() + 1,
                    step.epoch(),
                    what,
                    BatchDescription.of(step, parts.corpora()),
                    goodCheckpoint())
            + " --learning-rate or a longer --warmup, and look at these conversations");
  }

  private String goodCheckpoint() {
    return parts
        .checkpoints()
        .last()
        .map(path -> "the last good checkpoint is " + path)
        .orElse("there is no checkpoint yet");
  }

  private boolean isLastStep() {
    Position at = progress.position();
    return at.step() >= steps;
  }

  private boolean isEvaluationDue() {
    Position at = progress.position();
    if (at.step() == progress.evaluations().lastStep()) {
      return false;
    }
    long every = settings.validation().everySteps();
    return isLastStep() || (every == 0 ? at.isEpochEnd() : at.step() % every == 0);
  }

  private void evaluate(ProgressBar bar) {
    OptionalDouble result = validator.loss(stop::isRequested);
    if (result.isEmpty()) {
      throw stopped();
    }
    double loss = result.getAsDouble();
    Position at = progress.position();
    if (!Double.isFinite(loss)) {
      throw new UserException(
          "the validation loss after step %d is %s; %s; start a new run with a lower --learning-rate"
              .formatted(at.step(), loss, goodCheckpoint()));
    }
    boolean best = progress.evaluations().isBest(loss);
    if (best) {
      // A kill between this and the checkpoint that names it leaves the best of the checkpoint
      // before, in a folder of its own; the run then comes here again.
      parts.checkpoints().saveBest(at.step(), parts.bestWriter());
    }
    progress =
        new Progress(
            at,
            progress.evaluations().plus(loss, at.step()),
            progress.optimizer(),
            progress.tokens(),
            seconds());
    parts.events().validation(at.step(), at.epoch(), loss, best, seconds());
    bar.setExtraMessage("epoch %d: validation loss %.3f".formatted(at.epoch(), loss));
  }

  private boolean isFinished() {
    return isLastStep() || progress.evaluations().sinceBest() >= settings.validation().patience();
  }

  private boolean isCheckpointDue() {
    Position at = progress.position();
    Duration sinceLast = Duration.ofNanos(System.nanoTime() - savedAt);
    return at.step() > 0
        && !guard.isSuspicious()
        && (at.isEpochEnd() || checkpointing.isDue(at.step(), sinceLast));
  }

  private void saveUnlessSaved() {
    long step = progress.position().step();
    if (step > savedStep) {
      Path saved =
          parts.checkpoints().save(progress, parts.events().sync(), parts.model()::writeState);
      savedStep = step;
      savedAt = System.nanoTime();
      parts.events().event(step, "checkpoint", saved.toString());
    }
  }

  private StoppedException stopped() {
    saveUnlessSaved();
    long step = progress.position().step();
    parts.events().event(step, "stopped", goodCheckpoint());
    return new StoppedException("stopped after step %d of %d".formatted(step, steps));
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - started) / 1e9;
  }

  private ProgressBar progressBar(long done) {
    return new ProgressBarBuilder()
        .setInitialMax(steps)
        .hideEta() // the text's own follows the recent speed
        .startsFrom(done, Duration.ofMillis(Math.round(secondsBefore * 1000)))
        .setUpdateIntervalMillis(1000)
        .build();
  }
}
