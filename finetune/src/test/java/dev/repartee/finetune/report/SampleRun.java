package dev.repartee.finetune.report;

import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A made-up run with the looks of a real one: noise, warm-up, an interruption, overfitting. */
final class SampleRun {

  private static final int STEPS_AN_EPOCH = 400;

  private final int steps;
  private final Random random = new Random(11);
  private final List<String> lines = new ArrayList<>();

  SampleRun(int steps) {
    this.steps = steps;
  }

  /** Writes {@code metrics.jsonl} with one interruption two thirds through. */
  void write(Path file) throws IOException {
    lines.clear();
    int checkpoint = Math.max(0, steps * 2 / 3 - 40);
    addValidation(0);
    addSteps(1, checkpoint);
    lines.add(
        "{\"step\":%d,\"event\":\"resumed\",\"detail\":\"from checkpoint-%d\"}"
            .formatted(checkpoint, checkpoint));
    addSteps(checkpoint + 1, steps);
    lines.add(
        "{\"step\":%d,\"event\":\"stopped\",\"detail\":\"all epochs done\"}".formatted(steps));
    Files.write(file, lines);
  }

  private void addSteps(int from, int to) {
    int validateEvery = Math.max(1, steps / 12);
    for (int step = from; step <= to; step++) {
      lines.add(Json.COMPACT.writeValueAsString(line(step)));
      if (step % validateEvery == 0) {
        addValidation(step);
      }
    }
  }

  private Map<String, Object> line(int step) {
    double progress = (double) step / steps;
    double noise = random.nextGaussian();
    boolean spike = step == steps / 3;
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.put("epoch", 1 + (step - 1) / STEPS_AN_EPOCH);
    line.put("loss", trainingLoss(progress) * (1 + 0.09 * noise) + (spike ? 3 : 0));
    double warm = Math.min(1, progress / 0.05);
    line.put("learning_rate", 3e-4 * warm * (0.55 + 0.45 * Math.cos(Math.PI * progress)));
    line.put("gradient_norm", (0.55 + 1.8 * Math.exp(-9 * progress)) * Math.exp(0.25 * noise));
    line.put("scored_tokens", 900 + random.nextInt(300));
    line.put("tokens", 1900 + random.nextInt(300));
    double speed = 1426 * (1 - 0.06 * Math.abs(random.nextGaussian()));
    line.put("tokens_per_second", speed);
    line.put("resident_bytes", (long) (2.1e9 + 3e8 * (1 - Math.exp(-progress * 40))));
    line.put("seconds", step * 1.44);
    return line;
  }

  private void addValidation(int step) {
    double progress = (double) step / steps;
    double loss = 1.15 + 2.6 * Math.exp(-7 * progress) + 0.24 * progress * progress;
    lines.add(
        "{\"step\":%d,\"epoch\":%d,\"validation_loss\":%s,\"validation_perplexity\":%s,\"seconds\":%s}"
            .formatted(step, 1 + step / STEPS_AN_EPOCH, loss, Math.exp(loss), step * 1.44 + 8));
  }

  private static double trainingLoss(double progress) {
    return 0.95 + 2.8 * Math.exp(-7 * progress) - 0.22 * progress;
  }

  RunReport.Plan plan() {
    return new RunReport.Plan("acme-support", steps, 1);
  }
}
