package dev.repartee.finetune.training;

import dev.repartee.common.UserException;
import dev.repartee.common.gpt2.AdamW;
import dev.repartee.common.gpt2.Gpt2Program;
import dev.repartee.common.gpt2.PackedBatch;
import dev.repartee.common.gpt2.TrainableGpt2;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/**
 * The training loop: agent tokens only, AdamW with clipping, warm-up and cosine, best checkpoint.
 */
final class Trainer {

  /** What happens when a validation loss is the lowest so far. */
  @FunctionalInterface
  interface Checkpoint {
    void save() throws IOException;
  }

  /**
   * What came out.
   *
   * @param bestLoss lowest validation loss, nats a token
   * @param steps optimizer steps taken
   * @param tokensPerSecond trained tokens, context included and padding not, by wall-clock time
   */
  record Result(double bestLoss, int steps, double tokensPerSecond) {}

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-8;

  private final TrainableGpt2 model;
  private final TrainingSettings settings;
  private final AdamW adamW;
  private final MetricsLog metrics;

  Trainer(TrainableGpt2 model, TrainingSettings settings, MetricsLog metrics) {
    this.model = model;
    this.settings = settings;
    this.adamW = new AdamW(BETA1, BETA2, EPSILON, settings.weightDecay());
    this.metrics = metrics;
  }

  /** Trains, and calls {@code checkpoint} whenever the validation loss is the lowest so far. */
  Result train(List<Example> training, List<Example> validation, Checkpoint checkpoint)
      throws IOException {
    Random random = new Random(settings.seed());
    Gpt2Program.seed(settings.seed());
    int stepsAnEpoch = Batches.byLength(training, settings.batchSize()).size();
    int allSteps = stepsAnEpoch * settings.epochs();
    long started = System.nanoTime();
    long tokens = 0;
    int step = 0;
    int sinceBest = 0;
    double best = Double.POSITIVE_INFINITY;
    try (ProgressBar bar = progressBar(allSteps)) {
      for (int epoch = 1; epoch <= settings.epochs() && sinceBest < settings.patience(); epoch++) {
        for (List<Example> batch : Batches.shuffled(training, settings.batchSize(), random)) {
          double loss = step(batch, step++, allSteps, started);
          tokens += batch.stream().mapToInt(example -> example.ids().length).sum();
          bar.setExtraMessage("loss %.3f".formatted(loss));
          bar.step();
        }
        double loss = validate(validation);
        metrics.write(validationMetrics(epoch, step, loss, started));
        sinceBest = loss < best ? 0 : sinceBest + 1;
        if (loss < best) {
          best = loss;
          checkpoint.save();
        }
        bar.setExtraMessage("epoch %d: validation loss %.3f".formatted(epoch, loss));
      }
    }
    return new Result(best, step, tokens / seconds(started));
  }

  private double step(List<Example> examples, int step, int steps, long started) {
    PackedBatch batch = Batches.scoring(examples);
    double count = batch.scored();
    double loss = model.accumulate(List.of(batch), 1 / count) / count;
    double rate = settings.learningRateAt(step, steps);
    double norm = model.update(rate, adamW, settings.clip());
    if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
      throw new UserException(
          "the loss is %s and the gradient norm %s at step %d: training diverged; lower"
                  .formatted(loss, norm, step + 1)
              + " --learning-rate or raise --warmup");
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step + 1);
    line.put("loss", loss);
    line.put("learning_rate", rate);
    line.put("gradient_norm", norm);
    line.put("scored_tokens", (long) count);
    line.put("seconds", seconds(started));
    metrics.write(line);
    return loss;
  }

  private static Map<String, Object> validationMetrics(
      int epoch, int step, double loss, long started) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("epoch", epoch);
    line.put("step", step);
    line.put("validation_loss", loss);
    line.put("validation_perplexity", Math.exp(loss));
    line.put("seconds", seconds(started));
    return line;
  }

  /** Mean -log p over all scored tokens, in nats. */
  double validate(List<Example> examples) {
    double sum = 0;
    long count = 0;
    for (List<Example> examplesOfBatch : Batches.byLength(examples, settings.batchSize())) {
      PackedBatch batch = Batches.scoring(examplesOfBatch);
      sum += model.loss(List.of(batch));
      count += batch.scored();
    }
    return sum / count;
  }

  private static double seconds(long started) {
    return (System.nanoTime() - started) / 1e9;
  }

  private static ProgressBar progressBar(int steps) {
    return new ProgressBarBuilder()
        .setTaskName("finetune")
        .setInitialMax(steps)
        .setUpdateIntervalMillis(1000)
        .build();
  }
}
