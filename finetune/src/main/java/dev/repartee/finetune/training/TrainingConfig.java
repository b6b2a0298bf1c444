package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.finetune.corpus.WindowCutter.ScoredTokens;
import dev.repartee.finetune.source.ModelOptions;
import dev.repartee.finetune.source.ModelOptions.LocalModel;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.DurationConverter;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PublicFacts;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Every option of {@code finetune}: name, default, description and bounds of each in one place.
 * Picocli sets the fields; nothing changes them after {@link #compute}.
 */
final class TrainingConfig {

  private static final int BATCH_TOKENS_ON_CPU = 2048;
  private static final int BATCH_TOKENS_ON_GPU = 16_384;

  /** The values that an option takes. Without {@code most} there is no upper bound. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  private @interface Within {
    double least();

    double most() default Double.POSITIVE_INFINITY;
  }

  /** How the learning rate falls after the warm-up. */
  enum Schedule {
    COSINE,
    LINEAR,
    CONSTANT
  }

  // What is read and written

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations to train on (JSONL or CSV, also .gz).")
  List<Path> conversations = new ArrayList<>();

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Answer set that extract wrote; without it only completions are suggested.")
  Optional<Path> answers;

  @Option(
      names = "--base",
      required = true,
      paramLabel = "MODEL",
      description =
          "Model folder, NAME@ALIAS with --store, hf:OWNER/NAME[@REVISION] of the Hugging Face hub,"
              + " gpt2 for short, support-30m of a release, or random:tiny|small|gpt2.")
  String base = "";

  @Mixin private ModelOptions models;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The run's folder.")
  Path output;

  @Option(
      names = "--redact",
      arity = "1",
      defaultValue = "true",
      paramLabel = "true|false",
      description =
          "Replace personal data by placeholders before anything is learned; the model then sees"
              + " conversations in the same way.")
  boolean redact;

  // Batches

  @Option(
      names = "--loss-on",
      defaultValue = "agent",
      paramLabel = "agent|all",
      description = "Which tokens are learned: the agent's, or all of the conversation.")
  ScoredTokens scoredTokens;

  @Within(least = 8)
  @Option(
      names = "--max-tokens",
      defaultValue = "256",
      description = "Longest window of a conversation.")
  int maxTokens;

  @Within(least = 0)
  @Option(
      names = "--batch-tokens",
      defaultValue = "0",
      description =
          "Most tokens of a batch; decides speed and memory. 0 for 2048 on a CPU and 16384 on a GPU,"
              + " which fewer do not fill.")
  int batchTokens;

  @Within(least = 1)
  @Option(
      names = "--accumulate",
      defaultValue = "1",
      description = "Batches a step; as one that many times as large, in the memory of one.")
  int accumulate;

  // Optimization

  @Within(least = 1)
  @Option(names = "--epochs", defaultValue = "3", description = "Passes over the conversations.")
  int epochs;

  @Within(least = 0)
  @Option(
      names = "--max-steps",
      defaultValue = "0",
      description = "Steps after which training ends in any case; 0 for none.")
  long maxSteps;

  @Within(least = 0, most = 1)
  @Option(names = "--learning-rate", defaultValue = "5e-4", description = "Highest rate.")
  double learningRate;

  @Option(
      names = "--schedule",
      defaultValue = "cosine",
      paramLabel = "cosine|linear|constant",
      description = "How the rate falls after the warm-up.")
  Schedule schedule;

  @Within(least = 0, most = 1)
  @Option(names = "--warmup", defaultValue = "0.05", description = "Share of steps to reach it.")
  double warmup;

  @Within(least = 0, most = 1)
  @Option(
      names = "--final-rate",
      defaultValue = "0.1",
      description = "Share of the highest rate that is left at the end.")
  double finalRate;

  @Within(least = 0, most = 10)
  @Option(names = "--weight-decay", defaultValue = "0.1", description = "AdamW's, for matrices.")
  double weightDecay;

  @Within(least = 1e-6, most = 1e6)
  @Option(names = "--clip", defaultValue = "1.0", description = "Largest gradient norm.")
  double clip;

  // Validation

  @Option(
      names = "--validation",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations that choose the best weights.")
  List<Path> validation = new ArrayList<>();

  @Within(least = 0)
  @Option(
      names = "--validation-steps",
      defaultValue = "0",
      paramLabel = "<everySteps>",
      description = "Steps between validations; 0 for one after each epoch.")
  long validationSteps;

  @Within(least = 1)
  @Option(
      names = "--patience",
      defaultValue = "3",
      description = "Validations without improvement after which training stops.")
  int patience;

  @Within(least = 1e-6, most = 0.9)
  @Option(
      names = "--validation-share",
      defaultValue = "0.05",
      paramLabel = "<share>",
      description = "Share of the conversations set aside for it where no file is given.")
  double validationShare;

  // Computing

  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Within(least = 0, most = 0.9)
  @Option(names = "--dropout", defaultValue = "0.1", description = "Dropped activations.")
  double dropout;

  @Option(
      names = "--recompute",
      description = "Compute activations again instead of keeping them: less memory, more work.")
  boolean recompute;

  @Option(names = "--seed", defaultValue = "1", description = "Of everything random.")
  long seed;

  // Checkpoints

  @Option(
      names = "--resume",
      description = "Go on with the run in --output, from its newest whole checkpoint.")
  boolean resume;

  @Option(
      names = "--checkpoint-every",
      defaultValue = "10m",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "Time between checkpoints, such as 30s or 10m; 0 for none beside each epoch's.")
  Duration checkpointEvery;

  @Within(least = 0)
  @Option(
      names = "--checkpoint-steps",
      defaultValue = "0",
      paramLabel = "<steps>",
      description = "Steps between checkpoints; 0 for none by steps.")
  long checkpointSteps;

  @Within(least = 1)
  @Option(
      names = "--keep-checkpoints",
      defaultValue = "2",
      paramLabel = "<keep>",
      description = "How many are kept; each takes three times the model's size.")
  int keepCheckpoints;

  /**
   * Checks all bounds.
   *
   * @throws UserException naming option, bound and value
   */
  void check() {
    for (Field field : TrainingConfig.class.getDeclaredFields()) {
      Within bounds = field.getAnnotation(Within.class);
      if (bounds != null) {
        check(field.getAnnotation(Option.class).names()[0], bounds, value(field));
      }
    }
    if (batchTokens > 0 && batchTokens < maxTokens) {
      throw UserException.usage(
          "--batch-tokens must be at least --max-tokens, %d, but is %d"
              .formatted(maxTokens, batchTokens));
    }
  }

  private static void check(String option, Within bounds, Number value) {
    double number = value.doubleValue();
    if (number >= bounds.least() && number <= bounds.most()) {
      return;
    }
    // Written like the option itself: a whole number without a fraction.
    throw UserException.usage(
        value instanceof Double
            ? "%s must be between %s and %s but is %s"
                .formatted(option, bounds.least(), bounds.most(), value)
            : "%s must be at least %d but is %d".formatted(option, (long) bounds.least(), value));
  }

  private Number value(Field field) {
    try {
      return (Number) field.get(this);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /**
   * The devices to train on, at least one, and the precision. Decides {@link #batchTokens} where
   * the option was not given.
   *
   * @param before the precision of the run that is resumed, where one is
   */
  List<Compute> compute(Optional<Precision> before) {
    List<Compute> chosen = compute.forTraining(before);
    if (batchTokens == 0) {
      batchTokens =
          Math.max(
              maxTokens, chosen.getFirst().isGpu() ? BATCH_TOKENS_ON_GPU : BATCH_TOKENS_ON_CPU);
    }
    return chosen;
  }

  /** Brings the base model to this machine; empty for random weights. */
  Optional<LocalModel> locateBase() {
    return BaseModel.isRandom(base) ? Optional.empty() : Optional.of(models.locate("--base", base));
  }

  /** The salt of the store, where there is one and the model will remember agents. */
  Optional<String> agentSalt() {
    return answers.flatMap(file -> models.agentSalt());
  }

  /**
   * What happens to each conversation before anything is learned from it.
   *
   * @param facts stay readable
   */
  UnaryOperator<Conversation> preparation(PublicFacts facts) {
    if (!redact) {
      return UnaryOperator.identity();
    }
    ConversationRedactor redactor = new ConversationRedactor(facts);
    return conversation -> redactor.redact(conversation).conversation();
  }
}
