package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.finetune.corpus.WindowCutter.ScoredTokens;
import dev.repartee.finetune.gpt2.TrainingPrecision;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Section;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationsOption;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.TermsOption;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Field;
import java.nio.file.Path;
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
  private static final double DROPOUT = 0.1;

  /** The values that an option takes. Without {@code most} there is no upper bound. */
  @Retention(RetentionPolicy.RUNTIME)
  @Target(ElementType.FIELD)
  private @interface Within {
    double least();

    double most() default Double.POSITIVE_INFINITY;
  }

  // What is read and written

  @Section("Data and model")
  @Option(
      names = "--base",
      required = true,
      paramLabel = "MODEL",
      description =
          "support-14m; hf:OWNER/NAME[@REVISION] or gpt2, of the Hugging Face hub; a folder;"
              + " NAME@ALIAS of --store; random:tiny|small|gpt2.")
  String base = "";

  @Mixin private ConversationsOption conversations = new ConversationsOption();

  @Option(
      names = "--answers",
      paramLabel = "FILE",
      description = "Answer set of extract; without it only completions are suggested.")
  Optional<Path> answers;

  @Mixin TermsOption terms = new TermsOption();

  @Option(
      names = "--keep-calibration",
      description = "The base was trained alike on a part of these: its calibration holds.")
  boolean keepCalibration;

  // The default is enough for one domain and language, and fast to predict.
  @Within(least = 256)
  @Option(
      names = "--vocabulary",
      defaultValue = "8000",
      paramLabel = "N",
      description = "Tokens that a model of random weights learns from the conversations.")
  int vocabulary;

  @Mixin private StoreOptions models;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "The run's folder.")
  Path output;

  private Optional<LocalModel> located = Optional.empty();

  /** False only in tests of what a model learns by heart. */
  boolean redact = true;

  // Batches

  @Section("Training")
  @Option(
      names = "--loss-on",
      defaultValue = "agent",
      paramLabel = "agent|all",
      description = "What is scored: the agent's tokens, or all.")
  ScoredTokens scoredTokens;

  @Within(least = 8)
  @Option(
      names = "--max-tokens",
      defaultValue = "256",
      paramLabel = "N",
      description = "Longest window of a conversation.")
  int maxTokens;

  @Within(least = 0)
  @Option(
      names = "--batch-tokens",
      paramLabel = "N",
      defaultValue = "0",
      description = "Tokens in a batch; 0: 2048 on a CPU, 16384 on a GPU.")
  int batchTokens;

  @Within(least = 1)
  @Option(
      names = "--accumulate",
      paramLabel = "N",
      defaultValue = "1",
      description = "Batches per optimizer step, in the memory of one.")
  int accumulate;

  @Within(least = 0)
  @Option(
      names = "--lanes",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads of a CPU that share a batch; 0: the fastest.")
  int lanes;

  // Optimization

  @Within(least = 1)
  @Option(
      names = "--epochs",
      defaultValue = "3",
      paramLabel = "N",
      description = "Passes over the conversations.")
  int epochs;

  @Within(least = 0)
  @Option(
      names = "--max-steps",
      paramLabel = "N",
      defaultValue = "0",
      description = "Most steps; 0: no limit.")
  long maxSteps;

  @Within(least = 0, most = 1)
  @Option(
      names = "--learning-rate",
      defaultValue = "5e-4",
      paramLabel = "X",
      description = "Highest learning rate.")
  double learningRate;

  // Validation

  @Option(
      names = "--validation",
      arity = "1..*",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "FILE,...",
      description = "They choose the best weights. Default: some set aside.")
  List<Path> validation = new ArrayList<>();

  // Computing

  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Option(
      names = "--seed",
      defaultValue = "1",
      paramLabel = "N",
      description = "Seed of all random choices.")
  long seed;

  // Checkpoints

  @Section("Training")
  @Option(
      names = "--resume",
      description = "Continue the run in --output from its newest checkpoint.")
  boolean resume;

  @Within(least = 0)
  @Option(
      names = "--checkpoint-steps",
      defaultValue = "0",
      paramLabel = "N",
      description = "Steps between checkpoints; 0: not by steps.")
  long checkpointSteps;

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
   * The share of the activations that are dropped; none before fine-tuning, where all tokens are
   * scored and each text is read once.
   */
  double dropout() {
    return scoredTokens == ScoredTokens.ALL ? 0 : DROPOUT;
  }

  /**
   * The devices to train on, at least one, and the precision. Decides {@link #batchTokens} where
   * the option was not given.
   *
   * @param before the precision of the run that is resumed, where one is
   */
  List<Compute> compute(Optional<Precision> before) {
    List<Compute> chosen =
        compute.forTraining(before, () -> TrainingPrecision.fastest(shapeOfBase()));
    if (lanes > 1 && (chosen.size() > 1 || chosen.getFirst().isGpu())) {
      throw UserException.usage(
          "--lanes must be 1 on GPUs and on several devices but is %d".formatted(lanes));
    }
    if (batchTokens == 0) {
      batchTokens =
          Math.max(
              maxTokens, chosen.getFirst().isGpu() ? BATCH_TOKENS_ON_GPU : BATCH_TOKENS_ON_CPU);
    }
    return chosen;
  }

  /** The files to train on. */
  List<Path> conversations() {
    return conversations.files();
  }

  /** For the benchmark, which a misspelled base must not wait for. */
  private Gpt2Config shapeOfBase() {
    return locateBase()
        .map(found -> Gpt2Config.read(found.folder()))
        .orElseGet(() -> BaseModel.randomShape(base).config(vocabulary));
  }

  /** Brings the base model to this machine, once; empty for random weights. */
  Optional<LocalModel> locateBase() {
    if (located.isEmpty() && !BaseModel.isRandom(base)) {
      located = Optional.of(models.locate("--base", base));
    }
    return located;
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
