package dev.repartee.finetune.tools;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.suggest.Memory;
import dev.repartee.finetune.evaluate.Remembered;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a model folder holds and predicts, as {@code inspect} prints it.
 *
 * @param config the shape, under Hugging Face's names
 * @param parameters number of weights, the tied LM head counted once
 * @param dtype the type of the stored weights, such as {@code F32}, or {@code mixed}
 * @param dtypeCounts how many weights are stored in each type
 * @param memory how much of agents' replies it remembers, where it remembers any
 * @param tokens the ids that were read
 * @param meanNll mean over tokens 2 to n of -log p(token given those before it), in nats; empty for
 *     fewer than two tokens
 * @param top the most probable tokens after the last one, best first; empty without tokens
 */
public record Inspection(
    Shape config,
    long parameters,
    String dtype,
    @JsonProperty("dtype_counts") SortedMap<String, Integer> dtypeCounts,
    Optional<Remembered> memory,
    List<Integer> tokens,
    @JsonProperty("mean_nll") OptionalDouble meanNll,
    List<Next> top) {

  private static final String MIXED = "mixed";

  public Inspection {
    tokens = List.copyOf(tokens);
    top = List.copyOf(top);
  }

  /** {@link Gpt2Config} under the names of {@code config.json}. */
  public record Shape(
      @JsonProperty("vocab_size") int vocabulary,
      @JsonProperty("n_positions") int positions,
      @JsonProperty("n_embd") int width,
      @JsonProperty("n_layer") int layers,
      @JsonProperty("n_head") int heads,
      @JsonProperty("layer_norm_epsilon") double epsilon) {

    static Shape of(Gpt2Config config) {
      return new Shape(
          config.vocabulary(),
          config.positions(),
          config.width(),
          config.layers(),
          config.heads(),
          config.epsilon());
    }
  }

  /**
   * A possible next token.
   *
   * @param token its text, where the tokenizer is known; U+FFFD stands for part of a character
   */
  public record Next(int id, Optional<String> token, float logit, double probability) {}

  /** What the files alone say, before the model has run. */
  static Inspection ofFiles(
      Gpt2Config config, Map<String, Integer> dtypes, Optional<Memory.Size> memory) {
    return new Inspection(
        Shape.of(config),
        config.parameters(),
        dtypes.size() == 1 ? dtypes.keySet().iterator().next() : MIXED,
        new TreeMap<>(dtypes),
        memory.map(Remembered::of),
        List.of(),
        OptionalDouble.empty(),
        List.of());
  }

  /** The same with what the model says about {@code tokens}. */
  Inspection with(List<Integer> tokens, OptionalDouble meanNll, List<Next> top) {
    return new Inspection(config, parameters, dtype, dtypeCounts, memory, tokens, meanNll, top);
  }
}
