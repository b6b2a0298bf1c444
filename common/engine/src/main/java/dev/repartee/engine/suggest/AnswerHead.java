package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * A linear layer from the hidden state at the agent's marker to the answers of the set, in their
 * order, and "none of these" last.
 */
public final class AnswerHead {

  /** The file's name in a model folder. */
  public static final String FILE = "answer_head.safetensors";

  /** Holds the ids of the answers that the head was trained on, in the order of its rows. */
  static final String ANSWERS = "answer_head.json";

  private final float[] weight; // (A + 1, C)
  private final float[] bias; // (A + 1)
  private final int width;

  /**
   * Makes a head.
   *
   * @param weight (A + 1) rows of C values
   * @param bias A + 1 values
   */
  public AnswerHead(float[] weight, float[] bias) {
    if (bias.length == 0 || weight.length % bias.length != 0) {
      throw new IllegalArgumentException(
          "weight must hold whole rows for each of " + bias.length + " biases");
    }
    this.weight = weight.clone();
    this.bias = bias.clone();
    this.width = weight.length / bias.length;
  }

  /** A, the number of answers. */
  public int answers() {
    return bias.length - 1;
  }

  /** The probabilities of the A answers and of "none of these", which sum to one. */
  public double[] probabilities(float[] hidden) {
    if (hidden.length != width) {
      throw new IllegalArgumentException(
          "hidden must have " + width + " values but has " + hidden.length);
    }
    double[] logits = new double[bias.length];
    double max = Double.NEGATIVE_INFINITY;
    for (int a = 0; a < logits.length; a++) {
      double sum = bias[a];
      for (int c = 0; c < width; c++) {
        sum += (double) weight[a * width + c] * hidden[c];
      }
      logits[a] = sum;
      max = Math.max(max, sum);
    }
    double total = 0;
    for (int a = 0; a < logits.length; a++) {
      logits[a] = Math.exp(logits[a] - max);
      total += logits[a];
    }
    for (int a = 0; a < logits.length; a++) {
      logits[a] /= total;
    }
    return logits;
  }

  /**
   * Reads the head of a model folder, where there is one, for the answers that the folder has now:
   * some may have been added, changed their place or gone since the head was trained.
   *
   * @throws UserException when the tensors fit neither the head's own list of answers nor {@code
   *     answers}
   */
  public static Optional<AnswerHead> read(Path folder, AnswerSet answers, int width) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    List<String> trained = trainedOn(folder, answers);
    try (Safetensors tensors = Safetensors.open(file)) {
      List<Long> wanted = List.of(trained.size() + 1L, (long) width);
      Safetensors.Entry entry = tensors.entries().get("weight");
      if (entry == null || !entry.shape().equals(wanted)) {
        throw new UserException(
            "%s: tensor 'weight' must have shape %s, for the %d answers of %s"
                .formatted(
                    file,
                    wanted,
                    trained.size(),
                    Files.exists(folder.resolve(ANSWERS)) ? ANSWERS : "answers.json"));
      }
      AnswerHead head = new AnswerHead(tensors.floats("weight"), tensors.floats("bias"));
      return Optional.of(head.fitted(trained, answers));
    }
  }

  private static List<String> trainedOn(Path folder, AnswerSet answers) {
    Path file = folder.resolve(ANSWERS);
    if (!Files.isRegularFile(file)) {
      return ids(answers);
    }
    try {
      return List.of(Json.COMPACT.readValue(Files.readString(file), String[].class));
    } catch (IOException | JacksonException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<String> ids(AnswerSet answers) {
    return answers.answers().stream().map(Answer::id).toList();
  }

  /** The same head with rows for {@code answers}, in their order. */
  private AnswerHead fitted(List<String> trained, AnswerSet answers) {
    if (trained.equals(ids(answers))) {
      return this;
    }
    NewAnswerRows rows = new NewAnswerRows(weight, bias, width, trained, answers);
    return new AnswerHead(rows.weight(), rows.bias());
  }

  /** Writes the head into a model folder, with the ids of the answers that it was trained on. */
  public void write(Path folder, AnswerSet answers) throws IOException {
    AtomicFile.writeString(folder.resolve(ANSWERS), Json.COMPACT.writeValueAsString(ids(answers)));
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put("weight", Safetensors.Tensor.of(List.of((long) bias.length, (long) width), weight));
    tensors.put("bias", Safetensors.Tensor.of(List.of((long) bias.length), bias));
    Safetensors.write(folder.resolve(FILE), tensors);
  }
}
