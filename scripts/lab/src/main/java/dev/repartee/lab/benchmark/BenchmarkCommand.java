package dev.repartee.lab.benchmark;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.finetune.gpt2.AdamW;
import dev.repartee.finetune.gpt2.Lanes;
import dev.repartee.finetune.gpt2.PackedBatch;
import dev.repartee.finetune.gpt2.RandomShape;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import dev.repartee.finetune.gpt2.TrainingOptions;
import dev.repartee.finetune.gpt2.TrainingPrecision;
import dev.repartee.text.Quantiles;
import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.json.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times training steps of a GPT-2 on random tokens; {@code scripts/bench-train} runs it. */
@Command(
    name = "benchmark",
    footer = {"  scripts/repartee benchmark --model small --batch 8"},
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Times training steps of a GPT-2 on random tokens.")
public final class BenchmarkCommand implements Callable<Integer> {

  /** GPT-2's, and with the markers of roles that of a learned vocabulary. */
  private static final int GPT2_VOCABULARY = 50257;

  private static final int LEARNED_VOCABULARY = 8002;

  private static final AdamW ADAMW = new AdamW(0.9, 0.95, 1e-8, 0.1);

  /** The first steps fill the memory pool and the caches. */
  private static final int WARM_UP = 2;

  @Option(
      names = "--model",
      defaultValue = "gpt2",
      description = "tiny, small (14M weights) or gpt2 (124M).")
  private RandomShape shape;

  @Option(
      names = "--lanes",
      defaultValue = "0",
      description = "Lanes of the CPU that share each batch; 0: as many as are fastest.")
  private int lanes;

  @Option(names = "--batch", defaultValue = "4", description = "Sequences per step.")
  private int batch;

  @Option(names = "--length", defaultValue = "256", description = "Tokens per sequence.")
  private int length;

  @Option(names = "--steps", defaultValue = "8", description = "Steps; the first two do not count.")
  private int steps;

  @Option(names = "--scored", defaultValue = "1", description = "Share of scored tokens.")
  private double scored;

  @Mixin private ComputeOptions computeOptions = new ComputeOptions();

  @Override
  public Integer call() {
    Gpt2Config config =
        shape.config(shape == RandomShape.GPT2 ? GPT2_VOCABULARY : LEARNED_VOCABULARY);
    Compute compute =
        computeOptions
            .forTraining(Optional.empty(), () -> TrainingPrecision.fastest(config))
            .getFirst();
    TrainingOptions options = new TrainingOptions(compute.precision(), 0, 1);
    PackedBatch tokens = randomBatch(config.vocabulary());
    Map<String, Object> result = new LinkedHashMap<>();
    double[] rates = new double[steps];
    try (Gpt2Program program = TrainableGpt2.openProgram(config, compute.device());
        TrainableGpt2 model = model(program, options)) {
      result.put("lanes", model.lanes());
      for (int step = 0; step < steps; step++) {
        long started = System.nanoTime();
        model.accumulate(List.of(tokens), 1.0 / tokens.scored(), step);
        double loss = model.update(1e-4, ADAMW, 1).loss() / tokens.scored();
        rates[step] = tokens.tokens() / ((System.nanoTime() - started) / 1e9);
        System.err.printf("step %d loss %.4f tokens/s %.0f%n", step, loss, rates[step]);
      }
    }
    double median =
        Quantiles.median(Arrays.copyOfRange(rates, Math.min(WARM_UP, steps - 1), steps));
    result.put("device", compute.isGpu() ? "cuda:" + compute.device().getDeviceId() : "cpu");
    result.put("precision", options.precision());
    result.put("model", shape.id());
    result.put("batch", batch);
    result.put("length", length);
    result.put("scored_share", scored);
    result.put("tokens_per_second_median", median);
    result.put("peak_memory_bytes", new ProcessMemory().peak().orElse(0));
    System.out.println(Json.COMPACT.writeValueAsString(result));
    return 0;
  }

  private TrainableGpt2 model(Gpt2Program program, TrainingOptions options) {
    Gpt2Weights weights = Gpt2Weights.random(program.config(), program, 1);
    int chosen = lanes > 0 ? lanes : Lanes.fastest(program, weights, options);
    return new TrainableGpt2(program, weights, options.withLanes(chosen));
  }

  private PackedBatch randomBatch(int vocabulary) {
    Random random = new Random(1);
    int count = batch * length;
    long[] ids = random.longs(count, 0, vocabulary).toArray();
    int chosen = (int) Math.max(1, Math.round(count * scored));
    long[] positions = random.longs(0, count).distinct().limit(chosen).sorted().toArray();
    long[] labels = random.longs(chosen, 0, vocabulary).toArray();
    int[] lengths = new int[batch];
    Arrays.fill(lengths, length);
    return new PackedBatch(ids, lengths, positions, labels);
  }
}
