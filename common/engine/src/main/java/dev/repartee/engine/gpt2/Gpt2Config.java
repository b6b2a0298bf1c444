package dev.repartee.engine.gpt2;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The shape of a GPT-2, as Hugging Face's {@code config.json} gives it.
 *
 * @param vocabulary V, number of token ids
 * @param positions longest sequence in tokens
 * @param width C, of the residual stream
 * @param layers L
 * @param heads NH, attention heads a layer; divides {@code width}
 * @param epsilon of the layer norms
 */
public record Gpt2Config(
    int vocabulary, int positions, int width, int layers, int heads, double epsilon) {

  /** The file's name in a model folder. */
  public static final String FILE = "config.json";

  /** Above any GPT-2; what is as wide as a hidden state may be made before the weights are read. */
  private static final int MOST_WIDTH = 1 << 16;

  public Gpt2Config {
    requirePositive("vocab_size", vocabulary);
    requirePositive("n_positions", positions);
    requirePositive("n_embd", width);
    if (width > MOST_WIDTH) {
      throw new IllegalArgumentException(
          "n_embd must be at most " + MOST_WIDTH + " but is " + width);
    }
    requirePositive("n_layer", layers);
    requirePositive("n_head", heads);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "n_embd must be a multiple of n_head but " + width + " is none of " + heads);
    }
    if (!(epsilon > 0)) {
      throw new IllegalArgumentException("layer_norm_epsilon must be above 0 but is " + epsilon);
    }
  }

  private static void requirePositive(String field, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + " must be at least 1 but is " + value);
    }
  }

  /** Number of weights. The LM head is tied to the token embedding and counts once. */
  public long parameters() {
    long c = width;
    return ((long) vocabulary + positions) * c + layers * (12 * c * c + 13 * c) + 2 * c;
  }

  /**
   * Reads {@code config.json} of a model folder.
   *
   * @throws UserException naming the file and the field, when it is missing or not a GPT-2 that
   *     this engine can run
   */
  public static Gpt2Config read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new UserException(file + " is missing: is " + folder + " a GPT-2 model folder?");
    }
    JsonNode json = Json.readFile(file);
    try {
      return of(file, json);
    } catch (IllegalArgumentException e) {
      throw new UserException(file + ": " + e.getMessage(), e);
    }
  }

  private static Gpt2Config of(Path file, JsonNode json) {
    require(json.path("model_type").asString("gpt2").equals("gpt2"), "model_type must be gpt2");
    String activation = json.path("activation_function").asString("gelu_new");
    require(
        List.of("gelu_new", "gelu_pytorch_tanh").contains(activation),
        "activation_function must be gelu_new but is " + activation);
    require(json.path("tie_word_embeddings").asBoolean(true), "tie_word_embeddings must be true");
    require(
        !json.path("scale_attn_by_inverse_layer_idx").asBoolean(false),
        "scale_attn_by_inverse_layer_idx must be false");
    int width = integer(file, json, "n_embd", () -> integer(file, json, "hidden_size", null));
    require(
        json.path("n_inner").isMissingNode()
            || json.path("n_inner").isNull()
            || json.path("n_inner").asLong(0) == 4L * width,
        "n_inner must be absent or 4 times n_embd");
    return new Gpt2Config(
        integer(file, json, "vocab_size", null),
        integer(file, json, "n_positions", () -> integer(file, json, "n_ctx", null)),
        width,
        integer(file, json, "n_layer", null),
        integer(file, json, "n_head", null),
        json.path("layer_norm_epsilon").asDouble(1e-5));
  }

  private static int integer(Path file, JsonNode json, String field, Supplier<Integer> fallback) {
    JsonNode value = json.path(field);
    if (value.isIntegralNumber() && value.canConvertToInt()) {
      return value.asInt();
    }
    if (value.isMissingNode() && fallback != null) {
      return fallback.get();
    }
    throw new UserException(
        file + ": " + field + (value.isMissingNode() ? " is missing" : " must be an integer"));
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /** Writes {@code config.json}, which Hugging Face's tools can read. */
  public void write(Path folder) throws IOException {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("model_type", "gpt2");
    json.put("architectures", List.of("GPT2LMHeadModel"));
    json.put("vocab_size", vocabulary);
    json.put("n_positions", positions);
    json.put("n_ctx", positions);
    json.put("n_embd", width);
    json.put("n_layer", layers);
    json.put("n_head", heads);
    json.put("activation_function", "gelu_new");
    json.put("layer_norm_epsilon", epsilon);
    json.put("tie_word_embeddings", true);
    AtomicFile.writeString(
        folder.resolve(FILE), Json.PRETTY.writeValueAsString(json) + System.lineSeparator());
  }

  /** The same model with room for {@code vocabulary} token ids. */
  public Gpt2Config withVocabulary(int vocabulary) {
    return new Gpt2Config(vocabulary, positions, width, layers, heads, epsilon);
  }
}
