package dev.repartee.finetune.training;

import dev.repartee.finetune.corpus.Prefetch;
import dev.repartee.finetune.corpus.Steps;
import dev.repartee.finetune.corpus.Steps.Step;
import dev.repartee.finetune.corpus.TrainingData;
import dev.repartee.finetune.gpt2.AdamW;
import dev.repartee.finetune.gpt2.PackedBatch;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import dev.repartee.finetune.gpt2.TrainableGpt2.LossScale;
import dev.repartee.finetune.report.RunMetrics.ProgressText;
import dev.repartee.finetune.report.RunMetrics.StepMetrics;
import dev.repartee.finetune.training.Progress.Evaluations;
import dev.repartee.finetune.training.Progress.OptimizerState;
import dev.repartee.finetune.training.Progress.Position;
import dev.repartee.finetune.training.StopRequest.StoppedException;
import dev.repartee.text.Quantiles;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.io.ProcessMemory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The training loop: validate, end, checkpoint, then one optimizer step, over and over. What a step
 * does follows from configuration, data and {@link Progress} alone, so a run that goes on from a
 * checkpoint ends in the same bytes as one that was never interrupted.
 */
final class Trainer {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-8;

  /** Largest gradient norm. */
  static final double CLIP = 1;

  /** On matrices only. */
  private static final double WEIGHT_DECAY = 0.1;

  /** The learning rate at the end, as a share of the highest. */
  private static final double FINAL_RATE = 0.1;

  /** The share of the steps in which the learning rate rises. */
  private static final double WARM_UP = 0.05;

  private static final Duration CHECKPOINT_EVERY = Duration.ofMinutes(10);

  /** Validations without improvement after which training stops. */
  private static final int PATIENCE = 3;

  private static final int PREFETCHED_STEPS = 3;
  private static final int CONVERSATIONS_NAMED = 5; // in the message about divergence

  private final TrainingConfig config;
  private final BaseModel base;
  private final TrainableGpt2 model;
  private final TrainingData data;
  private final Checkpoints checkpoints;
  private final StopRequest stop;

  private final Steps.Packing packing;
  private final List<int[]> validationBatches;
  private final AdamW adamW;
  private final long steps;
  private final DivergenceGuard guard;
  private final ProcessMemory memory = new ProcessMemory();
  private final ProgressText progressText;
  private final long started;

  private Progress progress;
  private double secondsBefore; // of the processes that worked on the run earlier
  private long savedStep;
  private Optional<CompletableFuture<Path>> saving = Optional.empty(); // of savedStep
  private long savedAt;

  /** Prepares a run of {@code base}, whose weights are trained in place. */
  Trainer(
      TrainingConfig config,
      BaseModel base,
      TrainingData data,
      Checkpoints checkpoints,
      StopRequest stop) {
    this.config = config;
    this.base = base;
    this.model = base.model();
    this.data = data;
    this.checkpoints = checkpoints;
    this.stop = stop;
    started = System.nanoTime();
    savedAt = started;
    packing =
        new Steps.Packing(config.batchTokens, config.accumulate * model.workers(), config.seed);
    validationBatches =
        Steps.byLength(
            data.validation(),
            IntStream.range(0, data.validation().size()).toArray(),
            config.batchTokens);
    adamW = new AdamW(BETA1, BETA2, EPSILON, WEIGHT_DECAY);
    long stepsOfEpochs = Steps.count(data.training(), packing, config.epochs);
    steps = config.maxSteps == 0 ? stepsOfEpochs : Math.min(config.maxSteps, stepsOfEpochs);
    guard = new DivergenceGuard(model.lossScale().isDynamic(), base.config().vocabulary());
    progressText = new ProgressText(steps);
    int stepsOfFirst = Steps.ofEpoch(data.training(), packing, 1).size();
    progress =
        new Progress(new Position(0, 1, 0, stepsOfFirst), Evaluations.NONE, optimizerState(), 0, 0);
  }

  /** Steps that the run takes unless it stops early. */
  long steps() {
    return steps;
  }

  /**
   * Trains to the end, from the beginning or from {@code resumed}, whose weights and moments the
   * model has already.
   *
   * @throws StoppedException when a stop was requested; a checkpoint was taken, unless the last
   *     steps look bad
   * @throws UserException when training diverges or a checkpoint cannot be written
   */
  Progress train(Optional<Progress> resumed, RunLog log) {
    resumed.ifPresent(this::restore);
    Position start = progress.position();
    Steps ahead =
        new Steps(data.training(), packing, config.epochs, start.epoch(), start.stepInEpoch());
    try (Prefetch<Step> prefetch = new Prefetch<>(ahead, PREFETCHED_STEPS);
        ProgressLine bar = new ProgressLine("finetune", "steps")) {
      while (true) {
        // Validate, and keep the weights when they are the best so far.
        if (isValidationDue()) {
          validate(log, bar);
        }

        // End, or stop, with the state on the disk.
        if (isLastStep() || isOutOfPatience()) {
          saveUnlessSaved(log);
          awaitSaved(log);
          return progress;
        }
        if (stop.isRequested()) {
          throw stopped(log);
        }

        // Checkpoint.
        if (isCheckpointDue()) {
          saveUnlessSaved(log);
        }

        // Accumulate gradients over the batches, clip, and take an AdamW step.
        Step step = prefetch.take();
        long begun = System.nanoTime();
        long before = progress.position().step();
        double count = step.scored();
        double rate = learningRate(config, before, steps);
        model.accumulate(step.batches(), 1 / count, Steps.mix(config.seed, before));
        TrainableGpt2.Step taken = model.update(rate, adamW, CLIP);
        double loss = taken.loss() / count; // mean, nats a token
        double norm = taken.norm(); // before clipping
        double took = (System.nanoTime() - begun) / 1e9;

        // Log, before the guard, so that the step that ends a run is seen as well.
        StepMetrics metrics =
            new StepMetrics(
                before + 1,
                step.epoch(),
                loss,
                rate,
                norm,
                step.scored(),
                step.tokens(),
                step.tokens() / Math.max(1e-9, took),
                memory.resident(),
                seconds());
        log.step(metrics);
        bar.message(progressText.after(metrics));
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
        bar.stepTo(before + 1, steps);
      }
    }
  }

  private void restore(Progress resumed) {
    progress = resumed;
    secondsBefore = resumed.seconds();
    savedStep = resumed.position().step();
    OptimizerState state = resumed.optimizer();
    model.lossScale().restore(state.lossScale(), state.goodSteps());
  }

  private OptimizerState optimizerState() {
    LossScale scale = model.lossScale();
    return new OptimizerState(model.steps(), scale.scale(), scale.goodSteps());
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - started) / 1e9;
  }

  /**
   * The learning rate of {@code step}, counted from 0, in a run of {@code steps}: a linear rise
   * from zero, then half a cosine down to {@link #FINAL_RATE} of {@code --learning-rate}.
   */
  static double learningRate(TrainingConfig config, long step, long steps) {
    // Whole steps: a fraction would let the last of them exceed the rate.
    long warmupSteps = Math.max(1, Math.round(WARM_UP * steps));
    if (step < warmupSteps) {
      return config.learningRate * (step + 1) / warmupSteps;
    }
    double share = Math.min(1, (double) (step - warmupSteps) / Math.max(1, steps - warmupSteps));
    double above = 0.5 * (1 + Math.cos(Math.PI * share));
    return config.learningRate * (FINAL_RATE + (1 - FINAL_RATE) * above);
  }

  private boolean isLastStep() {
    return progress.position().step() >= steps;
  }

  private boolean isOutOfPatience() {
    return progress.evaluations().sinceBest() >= PATIENCE;
  }

  /** Why training ended without being stopped, for people. */
  String reasonOfEnd() {
    Position at = progress.position();
    if (at.isEpochEnd() && at.epoch() == config.epochs) {
      return config.epochs == 1 ? "the one epoch done" : "all " + config.epochs + " epochs done";
    }
    if (isLastStep()) {
      return "--max-steps reached";
    }
    return "early stopping: no lower validation loss in the last " + PATIENCE;
  }

  private boolean isValidationDue() {
    Position at = progress.position();
    if (at.step() == progress.evaluations().lastStep()) {
      return false;
    }
    return isLastStep() || at.isEpochEnd();
  }

  private void validate(RunLog log, ProgressLine bar) {
    OptionalDouble result = validationLoss();
    if (result.isEmpty()) {
      throw stopped(log);
    }
    double loss = result.getAsDouble();
    Position at = progress.position();
    if (!Double.isFinite(loss)) {
      throw new UserException(
          "the validation loss after step %d is %s; %s; start a new run with a lower --learning-rate"
              .formatted(at.step(), loss, lastCheckpoint()));
    }
    boolean best = progress.evaluations().isBest(loss);
    if (best) {
      // A kill between this and the checkpoint that names it leaves the best of the checkpoint
      // before, in a folder of its own; the run then comes here again.
      awaitSaved(log); // which deletes the best weights that no checkpoint names
      checkpoints.saveBest(at.step(), base::write);
    }
    progress =
        new Progress(
            at,
            progress.evaluations().plus(loss, at.step()),
            progress.optimizer(),
            progress.tokens(),
            seconds());
    log.validation(at, loss, best, seconds());
    bar.message("epoch %d: validation loss %.3f".formatted(at.epoch(), loss));
  }

  /** Mean loss over all scored tokens, in nats; empty when a stop was requested meanwhile. */
  private OptionalDouble validationLoss() {
    double sum = 0;
    double count = 0;
    int together = model.sideBySide();
    for (int from = 0; from < validationBatches.size(); from += together) {
      if (stop.isRequested()) {
        return OptionalDouble.empty();
      }
      int to = Math.min(validationBatches.size(), from + together);
      List<PackedBatch> batches =
          validationBatches.subList(from, to).stream().map(data.validation()::scoring).toList();
      sum += model.loss(batches);
      count += batches.stream().mapToDouble(PackedBatch::scored).sum();
    }
    return OptionalDouble.of(sum / count);
  }

  private boolean isCheckpointDue() {
    Position at = progress.position();
    if (at.step() == 0 || guard.isSuspicious()) {
      return false;
    }
    Duration sinceLast = Duration.ofNanos(System.nanoTime() - savedAt);
    return at.isEpochEnd()
        || (config.checkpointSteps > 0 && at.step() % config.checkpointSteps == 0)
        || sinceLast.compareTo(CHECKPOINT_EVERY) >= 0;
  }

  /** Takes a checkpoint. From a GPU it is written while training goes on. */
  private void saveUnlessSaved(RunLog log) {
    long step = progress.position().step();
    if (step > savedStep) {
      awaitSaved(log);
      Progress taken = progress;
      long metricsBytes = log.sync();
      TrainableGpt2.State state = model.snapshot();
      Supplier<Path> save =
          () -> {
            try (state) {
              return checkpoints.save(taken, metricsBytes, state::write);
            }
          };
      if (model.isOnGpu()) {
        saving =
            Optional.of(
                CompletableFuture.supplyAsync(save, writer -> Thread.ofPlatform().start(writer)));
      } else {
        log.event(step, "checkpoint", save.get().toString());
      }
      savedStep = step;
      savedAt = System.nanoTime();
    }
  }

  /**
   * Waits until the last checkpoint is on the disk.
   *
   * @throws UserException when it could not be written
   */
  private void awaitSaved(RunLog log) {
    if (saving.isPresent()) {
      CompletableFuture<Path> written = saving.get();
      saving = Optional.empty();
      try {
        log.event(savedStep, "checkpoint", written.join().toString());
      } catch (CompletionException e) {
        switch (e.getCause()) {
          case RuntimeException failure -> throw failure;
          case Error failure -> throw failure; // a lack of memory gets its advice
          default -> throw e;
        }
      }
    }
  }

  private StoppedException stopped(RunLog log) {
    boolean suspicious = guard.isSuspicious();
    if (!suspicious) {
      saveUnlessSaved(log);
    }
    awaitSaved(log);
    long step = progress.position().step();
    log.event(step, "stopped", lastCheckpoint());
    String text = "stopped after step %d of %d".formatted(step, steps);
    return new StoppedException(
        suspicious
            ? "%s; no checkpoint was taken, as the loss of the last steps looks bad; %s"
                .formatted(text, lastCheckpoint())
            : text);
  }

  private UserException diverged(Step step, String what) {
    int[] numbers = step.conversations(data.training());
    String named =
        Arrays.stream(numbers)
            .limit(CONVERSATIONS_NAMED)
            .mapToObj(data::trainingPlace)
            .collect(Collectors.joining(", "));
    String more =
        numbers.length > CONVERSATIONS_NAMED
            ? " and " + (numbers.length - CONVERSATIONS_NAMED) + " more"
            : "";
    return new UserException(
        "training diverged at step %d (epoch %d): %s; its batch holds windows of %s%s; %s; start a new run with a lower --learning-rate, and look at these conversations"
            .formatted(
                progress.position().step() + 1, step.epoch(), what, named, more, lastCheckpoint()));
  }

  private String lastCheckpoint() {
    return checkpoints
        .last()
        .map(path -> "the last good checkpoint is " + path)
        .orElse("there is no checkpoint yet");
  }

  /**
   * Tells a loss that explodes from one that is merely noisy. Its state is the last losses alone,
   * so it never alters a run; it only ends one.
   */
  static final class DivergenceGuard {

    /** Steps that a dynamic loss scale may leave out in a row; each halves it. */
    private static final int MOST_SKIPPED = 25;

    private static final int REMEMBERED = 50;
    private static final int MOST_HIGH = 5;
    private static final double FACTOR = 3;
    private static final double MARGIN = 3;

    private final boolean dynamicScale;
    private final double chance; // loss of a guess among all tokens, nats
    private final Deque<Double> losses = new ArrayDeque<>(); // the last ones that were usual
    private int high;
    private int skipped;

    DivergenceGuard(boolean dynamicScale, int vocabulary) {
      this.dynamicScale = dynamicScale;
      this.chance = Math.log(vocabulary);
    }

    /** Takes a step's loss and gradient norm; says what is wrong when training cannot go on. */
    Optional<String> check(double loss, double norm) {
      if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
        skipped++;
        if (dynamicScale && skipped < MOST_SKIPPED) {
          return Optional.empty();
        }
        return Optional.of(
            "the loss is %s and the gradient norm %s%s"
                .formatted(
                    loss,
                    norm,
                    dynamicScale ? " for the %dth step in a row".formatted(skipped) : ""));
      }
      skipped = 0;
      double bound = Math.min(2 * chance, median() * FACTOR + MARGIN);
      high = loss > bound ? high + 1 : 0;
      if (high >= MOST_HIGH) {
        return Optional.of(
            "the loss is %.3f and was above %.3f for %d steps".formatted(loss, bound, high));
      }
      if (high == 0) {
        losses.addLast(loss);
        if (losses.size() > REMEMBERED) {
          losses.removeFirst();
        }
      }
      return Optional.empty();
    }

    private double median() {
      return losses.isEmpty()
          ? 2 * chance
          : Quantiles.median(losses.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** Whether the last steps look bad, so that no checkpoint should be taken of them. */
    boolean isSuspicious() {
      return high > 0 || skipped > 0;
    }
  }
}
