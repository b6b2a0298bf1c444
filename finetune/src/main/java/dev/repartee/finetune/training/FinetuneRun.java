package dev.repartee.finetune.training;

import dev.repartee.common.UserException;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.AnswerSetFile;
import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.ConversationReader;
import dev.repartee.common.gpt2.Gpt2Program;
import dev.repartee.common.gpt2.Gpt2Weights;
import dev.repartee.common.gpt2.Precision;
import dev.repartee.common.gpt2.TrainableGpt2;
import dev.repartee.common.gpt2.TrainingOptions;
import dev.repartee.common.io.Sha256;
import dev.repartee.common.suggest.AnswerHead;
import dev.repartee.common.suggest.PromptFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run: reads the data, trains, keeps the best checkpoint, and assembles the model folder. */
final class FinetuneRun {

  private static final Logger log = LoggerFactory.getLogger(FinetuneRun.class);

  /** One conversation in this many validates when no file does. */
  private static final int VALIDATION_SHARE = 20;

  /** What a run reads; {@code baseFolder} is where {@code base} lies, unless it is random. */
  record Inputs(
      List<Path> conversations,
      List<Path> validation,
      Optional<Path> answers,
      String base,
      Optional<Path> baseFolder) {

    Inputs {
      conversations = List.copyOf(conversations);
      validation = List.copyOf(validation);
    }

    /** Every file with the hash of its content, for the model's provenance. */
    Map<String, String> hashes() throws IOException {
      Map<String, String> hashes = new LinkedHashMap<>();
      List<Path> files = new ArrayList<>(conversations);
      files.addAll(validation);
      answers.ifPresent(files::add);
      for (Path file : files) {
        hashes.put(file.getFileName().toString(), Sha256.of(file));
      }
      return hashes;
    }
  }

  private record Split(List<Conversation> training, List<Conversation> validation) {}

  private final Inputs inputs;
  private final TrainingSettings settings;
  private final double minProbability;
  private final Path output;
  private final Path checkpoint;

  FinetuneRun(Inputs inputs, TrainingSettings settings, double minProbability, Path output) {
    this.inputs = inputs;
    this.settings = settings;
    this.minProbability = minProbability;
    this.output = output;
    this.checkpoint = output.resolve("checkpoint");
  }

  /** Runs it and returns its summary. */
  Map<String, Object> execute() throws IOException {
    ModelFolder.requireFree(output);
    Split split = readConversations();
    AnswerSet answers =
        inputs.answers().map(AnswerSetFile::read).orElseGet(() -> new AnswerSet(List.of()));
    Files.createDirectories(output);
    try (BaseModel base =
            BaseModel.open(
                inputs.base(), inputs.baseFolder(), settings.seed(), settings.options());
        MetricsLog metrics = new MetricsLog(output.resolve("metrics.jsonl"))) {
      int maxTokens = Math.min(settings.maxTokens(), base.config().positions());
      ExampleReader reader = new ExampleReader(new PromptFormat(base.tokenizer()), maxTokens);
      List<Example> training = requireExamples(reader.read(split.training()), "--conversations");
      List<Example> validation = requireExamples(reader.read(split.validation()), "--validation");
      log.info(
          "training on {} windows of {} conversations, validating on {} of {}; {} parameters, {}",
          training.size(),
          split.training().size(),
          validation.size(),
          split.validation().size(),
          base.config().parameters(),
          settings.precision());
      Trainer.Result result =
          new Trainer(base.model(), settings, metrics)
              .train(training, validation, () -> saveCheckpoint(base));
      Optional<AnswerHead> head = trainHead(base, answers, training, validation);
      Map<String, Object> summary = summary(base, result, split, training.size(), answers);
      new ModelFolder(output, checkpoint)
          .assemble(base, answers, head, maxTokens, minProbability, provenance(summary));
      return summary;
    }
  }

  private Split readConversations() {
    List<Conversation> training = ConversationReader.readAll(inputs.conversations());
    if (!inputs.validation().isEmpty()) {
      return new Split(training, ConversationReader.readAll(inputs.validation()));
    }
    if (training.size() < 2) {
      throw new UserException(
          "--conversations hold %d conversation(s); at least 2 are needed to set one aside"
              .formatted(training.size()));
    }
    List<Conversation> shuffled = new ArrayList<>(training);
    Collections.shuffle(shuffled, new Random(settings.seed()));
    int aside = Math.max(1, shuffled.size() / VALIDATION_SHARE);
    return new Split(shuffled.subList(aside, shuffled.size()), shuffled.subList(0, aside));
  }

  private static List<Example> requireExamples(List<Example> examples, String option) {
    if (examples.isEmpty()) {
      throw new UserException(option + ": no conversation has a message of an agent");
    }
    return examples;
  }

  private void saveCheckpoint(BaseModel base) throws IOException {
    base.config().write(checkpoint);
    base.model().weights().write(checkpoint);
  }

  private Optional<AnswerHead> trainHead(
      BaseModel base, AnswerSet answers, List<Example> training, List<Example> validation) {
    if (answers.answers().isEmpty()) {
      return Optional.empty();
    }
    log.info("training the answer head on {} answers", answers.answers().size());
    Gpt2Program program = base.program();
    // The best checkpoint, which need not be the last state; in FP32, as it will be compared.
    Gpt2Weights best = Gpt2Weights.read(checkpoint, base.config(), program);
    try (TrainableGpt2 frozen =
        new TrainableGpt2(program, best, TrainingOptions.of(Precision.FP32))) {
      return Optional.of(
          new AnswerHeadTrainer(program, frozen, answers).train(training, validation));
    }
  }

  private Map<String, Object> summary(
      BaseModel base, Trainer.Result result, Split split, int windows, AnswerSet answers) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("model", output.resolve(ModelFolder.NAME).toString());
    summary.put("parameters", base.config().parameters());
    summary.put("conversations", split.training().size());
    summary.put("validation_conversations", split.validation().size());
    summary.put("windows", windows);
    summary.put("answers", answers.answers().size());
    summary.put("steps", result.steps());
    summary.put("validation_loss", result.bestLoss());
    summary.put("validation_perplexity", Math.exp(result.bestLoss()));
    summary.put("tokens_per_second", result.tokensPerSecond());
    return summary;
  }

  private Map<String, Object> provenance(Map<String, Object> summary) throws IOException {
    Map<String, Object> metrics = new LinkedHashMap<>(summary);
    metrics.remove("model");
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("base", inputs.base());
    provenance.put("settings", settings);
    provenance.put("data_sha256", inputs.hashes());
    provenance.put("metrics", metrics);
    provenance.put("created", java.time.Instant.now().toString());
    Optional.ofNullable(FinetuneRun.class.getPackage().getImplementationVersion())
        .ifPresent(version -> provenance.put("code_version", version));
    return provenance;
  }
}
