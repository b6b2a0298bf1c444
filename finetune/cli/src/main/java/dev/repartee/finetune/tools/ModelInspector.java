package dev.repartee.finetune.tools;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.engine.suggest.MemoryFile;
import dev.repartee.engine.suggest.Wordings;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.evaluate.Remembered;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a model folder, and computes in FP32 what its model predicts for some tokens. */
final class ModelInspector {

  private static final Logger log = LoggerFactory.getLogger(ModelInspector.class);
  private static final int MOST_PROBABLE = 10;

  /** GPT-2's vocabulary; models with more ids have it first and markers behind it. */
  private static final int GPT2_VOCABULARY = 50257;

  private static final String MIXED = "mixed";

  /**
   * What a model folder holds and predicts, as {@code inspect} prints it.
   *
   * @param config the shape, under Hugging Face's names
   * @param parameters number of weights, the tied LM head counted once
   * @param dtype the type of the stored weights, such as {@code F32}, or {@code mixed}
   * @param dtypeCounts how many weights are stored in each type
   * @param memory how much of agents' replies it remembers, where it remembers any
   * @param tokens the ids that were read
   * @param meanNll mean over tokens 2 to n of -log p(token given those before it), in nats; empty
   *     for fewer than two tokens
   * @param top the most probable tokens after the last one, best first; empty without tokens
   */
  record Inspection(
      Shape config,
      long parameters,
      String dtype,
      @JsonProperty("dtype_counts") SortedMap<String, Integer> dtypeCounts,
      Optional<Remembered> memory,
      List<Integer> tokens,
      @JsonProperty("mean_nll") OptionalDouble meanNll,
      List<Next> top) {}

  /** {@link Gpt2Config} under the names of {@code config.json}. */
  record Shape(
      @JsonProperty("vocab_size") int vocabulary,
      @JsonProperty("n_positions") int positions,
      @JsonProperty("n_embd") int width,
      @JsonProperty("n_layer") int layers,
      @JsonProperty("n_head") int heads,
      @JsonProperty("layer_norm_epsilon") double epsilon) {}

  /**
   * A possible next token.
   *
   * @param token its text, where the tokenizer is known; U+FFFD stands for part of a character
   */
  record Next(int id, Optional<String> token, float logit, double probability) {}

  private final Path folder;
  private final Supplier<Compute> compute;
  private final Gpt2Config config;
  private final Map<String, Integer> dtypes;
  private final Optional<Remembered> memory;

  /**
   * Reads everything but the weights' values.
   *
   * @param compute asked for when there is something to compute
   * @throws UserException when {@code folder} is no GPT-2 folder
   */
  ModelInspector(Path folder, Supplier<Compute> compute) {
    this.folder = folder;
    this.compute = compute;
    this.config = Gpt2Config.read(folder);
    this.dtypes = Gpt2Weights.storedTypes(folder, config);
    this.memory =
        MemoryFile.isIn(folder)
            ? Optional.of(
                Remembered.of(
                    MemoryFile.read(folder, new Wordings(Knowledge.answers(folder)), config.width())
                        .size()))
            : Optional.empty();
  }

  /**
   * Inspects with the tokens of {@code text}, by the folder's own tokenizer, or by GPT-2's where
   * the vocabulary is large enough.
   *
   * @throws UserException when there is neither, or the folder's own is damaged
   */
  Inspection inspectText(String text) {
    if (!hasTokenizer()) {
      throw UserException.usage(
          "--text needs %s, since the vocabulary of %d tokens is not GPT-2's; give --tokens"
              .formatted(folder.resolve(Gpt2Tokenizer.FILE), config.vocabulary()));
    }
    try (Gpt2Tokenizer tokenizer = tokenizer()) {
      return inspect(tokenizer.encode(text), Optional.of(tokenizer));
    }
  }

  /**
   * Inspects with these token ids, which may be none. A folder whose tokenizer is none of GPT-2's
   * kind can be inspected, too: its tokens are shown without text.
   *
   * @throws UserException (wrong usage) when they are too many or not of the vocabulary
   */
  Inspection inspectTokens(int[] ids) {
    Optional<Gpt2Tokenizer> tokenizer = Optional.empty();
    try {
      tokenizer = hasTokenizer() ? Optional.of(tokenizer()) : Optional.empty();
    } catch (UserException e) {
      log.warn("tokens are shown without text: {}", e.getMessage());
    }
    try {
      return inspect(ids, tokenizer);
    } finally {
      tokenizer.ifPresent(Gpt2Tokenizer::close);
    }
  }

  private boolean hasTokenizer() {
    return Files.exists(folder.resolve(Gpt2Tokenizer.FILE))
        || config.vocabulary() >= GPT2_VOCABULARY;
  }

  private Gpt2Tokenizer tokenizer() {
    return Files.exists(folder.resolve(Gpt2Tokenizer.FILE))
        ? Gpt2Tokenizer.read(folder)
        : StandardVocabulary.tokenizer();
  }

  private Inspection inspect(int[] ids, Optional<Gpt2Tokenizer> tokenizer) {
    check(ids);
    if (ids.length == 0) {
      return inspection(ids, OptionalDouble.empty(), List.of());
    }
    try (Gpt2 model = Gpt2.load(folder, compute.get());
        KvCache cache = model.newCache(ids.length)) {
      List<float[]> logits = model.step(cache, ids, ids.length).logits();
      return inspection(ids, meanNll(ids, logits), mostProbable(logits.getLast(), tokenizer));
    }
  }

  private Inspection inspection(int[] ids, OptionalDouble meanNll, List<Next> top) {
    return new Inspection(
        new Shape(
            config.vocabulary(),
            config.positions(),
            config.width(),
            config.layers(),
            config.heads(),
            config.epsilon()),
        config.parameters(),
        dtypes.size() == 1 ? dtypes.keySet().iterator().next() : MIXED,
        new TreeMap<>(dtypes),
        memory,
        Arrays.stream(ids).boxed().toList(),
        meanNll,
        top);
  }

  private void check(int[] ids) {
    if (ids.length > config.positions()) {
      throw UserException.usage(
          "at most %d tokens fit into the model (n_positions of %s) but there are %d; give fewer"
              .formatted(config.positions(), folder.resolve(Gpt2Config.FILE), ids.length));
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= config.vocabulary()) {
        throw UserException.usage(
            "token ids must be between 0 and %d (vocab_size of %s) but number %d is %d"
                .formatted(
                    config.vocabulary() - 1, folder.resolve(Gpt2Config.FILE), i + 1, ids[i]));
      }
    }
  }

  private static OptionalDouble meanNll(int[] ids, List<float[]> logits) {
    return IntStream.range(1, ids.length)
        .mapToDouble(i -> logSum(logits.get(i - 1)) - logits.get(i - 1)[ids[i]])
        .average();
  }

  private static List<Next> mostProbable(float[] logits, Optional<Gpt2Tokenizer> tokenizer) {
    double logSum = logSum(logits);
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble(id -> -logits[id])) // stable: ties stay in id order
        .limit(MOST_PROBABLE)
        .map(id -> new Next(id, text(id, tokenizer), logits[id], Math.exp(logits[id] - logSum)))
        .toList();
  }

  /** The text of a token; empty where it is not known, as for a model's own markers. */
  private static Optional<String> text(int id, Optional<Gpt2Tokenizer> tokenizer) {
    return tokenizer
        .filter(known -> id < known.vocabularySize())
        .map(known -> known.decode(new int[] {id}));
  }

  /**
   * The logarithm of the sum of all exponentials, in double precision: in FP32 the sum over 50,000
   * would lose the digits by which two implementations are compared.
   */
  private static double logSum(float[] logits) {
    double largest = Double.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit - largest);
    }
    return largest + Math.log(sum);
  }
}
