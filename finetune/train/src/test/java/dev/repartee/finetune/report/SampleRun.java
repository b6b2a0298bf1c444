package dev.repartee.finetune.report;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;

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
    line.put("mfu", speed / 3300);
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

  RunFacts facts() {
    return new RunFacts(
        "acme-support",
        new RunFacts.Plan(steps, 1),
        Optional.of(new RunFacts.Ending(RunFacts.Outcome.DONE, "all 3 epochs done")),
        new RunFacts.Machine("CPU", "BF16", 2),
        new RunFacts.Sources(
            "random:small",
            29_934_720,
            "0.1.0",
            List.of(
                new RunFacts.DataFile("train.jsonl.gz", "training", "0f".repeat(32)),
                new RunFacts.DataFile("validation.jsonl", "validation", "5b".repeat(32)))),
        settings());
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("epochs", "3");
    settings.put("batch-size", "8");
    settings.put("max-tokens", "256");
    settings.put("learning-rate", "3.0E-4");
    settings.put("warmup", "0.05");
    settings.put("weight-decay", "0.1");
    settings.put("clip", "1.0");
    settings.put("dropout", "0.1");
    settings.put("seed", "1");
    return settings;
  }

  DataStatistics data() {
    DataStatistics.Counter counter = new DataStatistics.Counter();
    String[] domains = {"billing", "delivery", "internet", "hotel"};
    for (int i = 0; i < 2000; i++) {
      List<Message> messages = new ArrayList<>();
      IntStream.range(0, 3 + random.nextInt(10))
          .forEach(message -> messages.add(Message.customer("Hello?")));
      IntStream.range(0, 5)
          .map(reply -> (int) (18 + 40 * Math.exp(0.6 * random.nextGaussian())))
          .forEach(characters -> messages.add(Message.agent("x".repeat(characters))));
      counter.addConversation(
          new Conversation(
              "c-" + i,
              Optional.of("agent-" + (int) Math.abs(random.nextGaussian() * 9)),
              Optional.of(domains[(int) Math.min(3, Math.abs(random.nextGaussian() * 1.6))]),
              messages),
          i == 0 ? 1 : 0);
      int tokens = Math.clamp((int) (120 + 55 * random.nextGaussian()), 12, 256);
      counter.addWindow(tokens, tokens / 2);
    }
    return counter.statistics();
  }

  static List<SamplePrediction> samples() {
    return List.of(
        new SamplePrediction(
            List.of(
                Message.customer("Hi, I was charged twice for my March invoice."),
                Message.agent("I'm sorry about that! Could I have your account number?"),
                Message.customer("Sure, it's <number>.")),
            "Thank you. Let me check that for you.",
            prediction("the the, and of I is", 9.81),
            prediction("Thank you, let me look into that for you.", 1.07)),
        new SamplePrediction(
            List.of(Message.customer("My router blinks red & nothing works 😡")),
            "I'm sorry to hear that. Have you tried to turn it off and on again?",
            prediction("", 10.42),
            prediction("I'm sorry to hear that. Can you tell me the model?", 1.93)));
  }

  private static Optional<SamplePrediction.Prediction> prediction(String text, double loss) {
    return Optional.of(new SamplePrediction.Prediction(text, OptionalDouble.of(loss)));
  }
}
