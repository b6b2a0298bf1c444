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
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.UserException;
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
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the model that the benchmarks measure, so that {@code serve} can be measured with it. */
@Command(
    name = "benchmark-model",
    footer = {"  scripts/repartee benchmark-model --output benchmark-model"},
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Writes GPT-2 124M with random weights and 300 answers as a model folder.")
public final class BenchmarkModelCommand implements Callable<Integer> {

  private static final int ANSWERS = 300;
  private static final int ANSWER_WORDS = 8;
  private static final int CONTEXT_TOKENS = 256;
  private static final float DEVIATION = 0.02f;
  private static final List<String> WORDS =
      List.of(
          "your", "order", "will", "be", "here", "soon", "and", "we", "can", "help", "with", "it");

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder to write; made when it is not there, and must be empty.")
  private Path output;

  @Option(names = "--quick", description = "A small model of two narrow layers instead.")
  private boolean quick;

  @Override
  public Integer call() {
    try {
      Files.createDirectories(output);
      requireEmpty();
      fill(output, quick);
    } catch (IOException e) {
      throw new UserException(
          "%s cannot be written: %s; the model takes 600 MB".formatted(output, e), e);
    }
    Manifest.of(output).write(output);
    return 0;
  }

  private void requireEmpty() throws IOException {
    if (!Folders.list(output).isEmpty()) {
      throw UserException.usage("--output " + output + " is not empty; name a new folder");
    }
  }

  /**
   * Writes a model with random weights, which takes as long as a trained one.
   *
   * @param folder exists and is empty
   * @param small whether to write two narrow layers instead of GPT-2 124M
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
  private static String sentence(Random random, int words) {
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
}
