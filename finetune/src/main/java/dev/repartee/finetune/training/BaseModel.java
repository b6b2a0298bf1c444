package dev.repartee.finetune.training;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.Lanes;
import dev.repartee.finetune.gpt2.RandomShape;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import dev.repartee.finetune.gpt2.TrainingOptions;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The model that training starts from, with its tokenizer and room for the role markers. */
final class BaseModel implements AutoCloseable {

  private static final String RANDOM = "random:";
  private static final int GPT2_VOCABULARY = 50257;

  /**
   * How and on what to train.
   *
   * @param options of the computation, in one lane
   * @param lanes 0 for as many as are fastest
   * @param compute the devices that share the work, at least one
   */
  private record Computing(TrainingOptions options, int lanes, List<Compute> compute) {

    Gpt2Program openProgram(Gpt2Config config) {
      return TrainableGpt2.openProgram(config, compute.getFirst().device());
    }
  }

  private final Gpt2Tokenizer tokenizer;
  private final Gpt2Config config;
  private final Gpt2Program program;
  private final TrainableGpt2 model;
  private final Precision precision;

  private BaseModel(
      Gpt2Tokenizer tokenizer,
      Gpt2Config config,
      Gpt2Program program,
      Gpt2Weights weights,
      Computing computing) {
    this.tokenizer = tokenizer;
    this.config = config;
    this.program = program;
    this.precision = computing.options().precision();
    List<Device> more = computing.compute().stream().skip(1).map(Compute::device).toList();
    int lanes =
        computing.lanes() == 0 && more.isEmpty()
            ? Lanes.fastest(program, weights, computing.options())
            : Math.max(1, computing.lanes());
    this.model = new TrainableGpt2(program, weights, computing.options().withLanes(lanes), more);
  }

  /** Whether {@code base} names random weights. */
  static boolean isRandom(String base) {
    return base.startsWith(RANDOM);
  }

  /**
   * The shape after {@code random:}.
   *
   * @throws UserException (wrong usage) naming the shapes that there are
   */
  static RandomShape randomShape(String base) {
    String size = base.substring(RANDOM.length());
    return RandomShape.ofId(size)
        .orElseThrow(
            () ->
                UserException.usage(
                    "--base random:" + size + " is unknown; sizes are " + RandomShape.ids()));
  }

  /**
   * Opens {@code --base}: {@code random:tiny|small|gpt2}, or the model in {@code folder}.
   *
   * @param compute the devices to train on, at least one
   * @param lanes of the CPU; 0 for as many as are fastest
   * @param vocabulary the tokenizer of a model with random weights; closed with this
   * @throws UserException saying what is wrong with it
   */
  static BaseModel open(
      TrainingConfig config,
      Optional<Path> folder,
      List<Compute> compute,
      int lanes,
      Supplier<Gpt2Tokenizer> vocabulary) {
    Computing computing =
        new Computing(
            new TrainingOptions(compute.getFirst().precision(), config.dropout(), 1),
            lanes,
            compute);
    return folder
        .map(path -> read(path, computing))
        .orElseGet(() -> random(config, vocabulary, computing));
  }

  private static BaseModel random(
      TrainingConfig training, Supplier<Gpt2Tokenizer> learned, Computing computing) {
    RandomShape shape = randomShape(training.base);
    Gpt2Tokenizer tokenizer = learned.get();
    Gpt2Config config = shape.config(new PromptFormat(tokenizer).vocabularySize());
    Gpt2Program program = computing.openProgram(config);
    return new BaseModel(
        tokenizer, config, program, Gpt2Weights.random(config, program, training.seed), computing);
  }

  private static BaseModel read(Path folder, Computing computing) {
    Gpt2Config config = Gpt2Config.read(folder);
    Gpt2Tokenizer tokenizer = tokenizer(folder, config);
    Gpt2Program program = computing.openProgram(config);
    try {
      Gpt2Weights weights = Gpt2Weights.read(folder, config, program);
      if (tokenizer.vocabularySize() > config.vocabulary()) {
        throw new UserException(
            "%s: tokenizer.json has ids up to %d but config.json's vocab_size is %d; they belong to different models"
                .formatted(folder, tokenizer.vocabularySize() - 1, config.vocabulary()));
      }
      int vocabulary = new PromptFormat(tokenizer).vocabularySize();
      if (config.vocabulary() < vocabulary) {
        weights = weights.withVocabulary(vocabulary, config);
        config = config.withVocabulary(vocabulary);
      }
      return new BaseModel(tokenizer, config, program, weights, computing);
    } catch (RuntimeException e) {
      program.close();
      tokenizer.close();
      throw e;
    }
  }

  private static Gpt2Tokenizer tokenizer(Path folder, Gpt2Config config) {
    if (Files.exists(folder.resolve(Gpt2Tokenizer.FILE))) {
      return Gpt2Tokenizer.read(folder);
    }
    if (config.vocabulary() < GPT2_VOCABULARY) {
      throw new UserException(
          "%s has no tokenizer.json and its vocab_size %d is not GPT-2's"
              .formatted(folder, config.vocabulary()));
    }
    return StandardVocabulary.tokenizer();
  }

  /**
   * Refuses windows that the model has no positions for.
   *
   * @throws UserException naming the bound
   */
  void requirePositions(int maxTokens) {
    if (maxTokens > config.positions()) {
      throw UserException.usage(
          "--max-tokens must be at most the model's n_positions, %d, but is %d"
              .formatted(config.positions(), maxTokens));
    }
  }

  Gpt2Tokenizer tokenizer() {
    return tokenizer;
  }

  Gpt2Config config() {
    return config;
  }

  Gpt2Program program() {
    return program;
  }

  /** The weights that are trained: no longer the base's once training began. */
  TrainableGpt2 model() {
    return model;
  }

  /** What matrix products and attention compute in. */
  Precision precision() {
    return precision;
  }

  /** Writes the weights as they are, with their config.json. */
  void write(Path folder) throws IOException {
    config.write(folder);
    model.weights().write(folder);
  }

  @Override
  public void close() {
    model.close();
    program.close();
    tokenizer.close();
  }
}
