package dev.repartee.lab.benchmark;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.suggest.Provenance;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.io.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A temporary model folder with random weights, which take as long as trained ones. */
final class RandomModel implements AutoCloseable {

  private static final int ANSWERS = 300;
  private static final int ANSWER_WORDS = 8;
  private static final int CONTEXT_TOKENS = 256;
  private static final float DEVIATION = 0.02f;
  private static final List<String> WORDS =
      List.of(
          "your", "order", "will", "be", "here", "soon", "and", "we", "can", "help", "with", "it");

  private final Path folder;

  private RandomModel(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes GPT-2 124M.
   *
   * @param small whether to write a model of two narrow layers instead
   */
  static RandomModel write(boolean small) throws IOException {
    RandomModel model = new RandomModel(Files.createTempDirectory("repartee-benchmark"));
    try {
      fill(model.folder, small);
      return model;
    } catch (IOException | RuntimeException e) {
      model.close();
      throw e;
    }
  }

  Path folder() {
    return folder;
  }

  /**
   * Writes the same into a folder that stays.
   *
   * @param folder exists and is empty
   */
  static void fill(Path folder, boolean small) throws IOException {
    Gpt2Config config;
    try (Gpt2Tokenizer tokenizer = StandardVocabulary.tokenizer()) {
      int vocabulary = new PromptFormat(tokenizer).vocabularySize();
      config =
          small
              ? new Gpt2Config(vocabulary, 1024, 64, 2, 2, 1e-5)
              : new Gpt2Config(vocabulary, 1024, 768, 12, 12, 1e-5);
      tokenizer.write(folder);
    }
    try (Gpt2Program program = Gpt2Program.open(config, Device.cpu());
        Gpt2Weights weights = Gpt2Weights.random(config, program, 1)) {
      weights.write(folder);
    }
    config.write(folder);
    ModelCard.of(CONTEXT_TOKENS, true, Provenance.NONE).write(folder);
    AnswerSet answers = answers();
    AnswerSetFile.write(folder.resolve(Knowledge.ANSWERS_FILE), answers);
    head(config.width()).write(folder, answers);
  }

  private static AnswerSet answers() {
    Random random = new Random(1);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < ANSWERS; i++) {
      String text = "Answer %d: ".formatted(i) + sentence(random, ANSWER_WORDS);
      answers.add(new Answer("a-" + i, text, 9, 3, List.of(new Phrasing(text, 9))));
    }
    return new AnswerSet(answers);
  }

  /** Common words, each of one token. */
  static String sentence(Random random, int words) {
    return random
        .ints(words, 0, WORDS.size())
        .mapToObj(WORDS::get)
        .collect(Collectors.joining(" "));
  }

  private static AnswerHead head(int width) {
    Random random = new Random(2);
    float[] weight = new float[(ANSWERS + 1) * width];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = DEVIATION * (float) random.nextGaussian();
    }
    return new AnswerHead(weight, new float[ANSWERS + 1]);
  }

  @Override
  public void close() throws IOException {
    Folders.delete(folder);
  }
}
