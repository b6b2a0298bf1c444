package dev.repartee.engine.memory;

import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A linear layer from the hidden state at the agent's marker to the answers of the set, in their
 * order, and "none of these" last.
 */
public final class AnswerHead {

  /** The file's name in a model folder. */
  public static final String FILE = "answer_head.safetensors";

  /** Holds the ids of the answers that the head was trained on, in the order of its rows. */
  static final String ANSWERS = "answer_head.json";

  /** Share of common words from which two answers are taken to fit the same contexts. */
  private static final double ALIKE = 0.4;

  /** How much less probable, in log-odds, an answer is whose row is borrowed. */
  private static final float BORROWED = (float) Math.log(2);

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

  /** The probabilities of the A answers and of "none of these", which sum to one. */
  public double[] probabilities(float[] hidden) {
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
      String fits =
          "the %d answers of %s"
              .formatted(
                  trained.size(), Files.exists(folder.resolve(ANSWERS)) ? ANSWERS : "answers.json");
      AnswerHead head =
          new AnswerHead(
              tensors.floats("weight", wanted, fits),
              tensors.floats("bias", wanted.subList(0, 1), fits));
      return Optional.of(head.fitted(trained, answers));
    }
  }

  /**
   * Refuses a folder whose answers are not all there: the head copes with one that is gone, but
   * such a model is a copy that is not whole, or is put together from two.
   *
   * @throws UserException with how many are gone
   */
  public static void requireAnswers(Path folder, AnswerSet answers) {
    List<String> trained = trainedOn(folder, answers);
    Set<String> present = Set.copyOf(ids(answers));
    long gone = trained.stream().filter(id -> !present.contains(id)).count();
    if (gone > 0) {
      throw new UserException(
          "%s lacks %d of the %d answers of %s: copy it again, train with it, or forbid answers by the never phrases of a library"
              .formatted(folder.resolve("answers.json"), gone, trained.size(), ANSWERS));
    }
  }

  private static List<String> trainedOn(Path folder, AnswerSet answers) {
    Path file = folder.resolve(ANSWERS);
    if (!Files.isRegularFile(file)) {
      return ids(answers);
    }
    String[] ids = Json.readFile(file, String[].class);
    if (Stream.of(ids).anyMatch(Objects::isNull)) {
      throw new UserException(file + ": an id is null; fetch or write it again");
    }
    return List.of(ids);
  }

  private static List<String> ids(AnswerSet answers) {
    return answers.answers().stream().map(Answer::id).toList();
  }

  /**
   * The same head with rows for {@code answers}, in their order. An answer that is new borrows the
   * row of the one that is worded most alike, a little less probable, so that it can be suggested
   * where that one fits; one like no other gets the mean of all rows. Either is a guess until the
   * head is trained again.
   */
  private AnswerHead fitted(List<String> trained, AnswerSet answers) {
    if (trained.equals(ids(answers))) {
      return this;
    }
    Map<String, Integer> rows = new HashMap<>();
    for (int row = 0; row < trained.size(); row++) {
      rows.put(trained.get(row), row);
    }
    int size = answers.size();
    AnswerHead fitted = new AnswerHead(new float[(size + 1) * width], new float[size + 1]);
    for (int to = 0; to < size; to++) {
      Integer row = rows.get(answers.answers().get(to).id());
      if (row != null) {
        fitted.copy(this, row, to, 0);
      } else {
        fitted.borrow(this, mostAlike(answers, to, rows), to);
      }
    }
    fitted.copy(this, trained.size(), size, 0); // none of these
    return fitted;
  }

  /** The row of the trained answer that is worded most alike; -1 where none is alike. */
  private static int mostAlike(AnswerSet answers, int added, Map<String, Integer> rows) {
    String norm = TextNorm.norm(answers.answers().get(added).text());
    int best = -1;
    double most = ALIKE;
    for (Answer known : answers.answers()) {
      Integer row = rows.get(known.id());
      if (row != null) {
        double alike = Words.overlap(norm, TextNorm.norm(known.text()));
        if (alike >= most) {
          most = alike;
          best = row;
        }
      }
    }
    return best;
  }

  private void copy(AnswerHead trained, int from, int to, float less) {
    System.arraycopy(trained.weight, from * width, weight, to * width, width);
    bias[to] = trained.bias[from] - less;
  }

  /** From a row below 0 the mean of all. */
  private void borrow(AnswerHead trained, int from, int to) {
    if (from >= 0) {
      copy(trained, from, to, BORROWED);
      return;
    }
    int rows = trained.bias.length;
    for (int row = 0; row < rows; row++) {
      bias[to] += trained.bias[row] / rows;
      for (int c = 0; c < width; c++) {
        weight[to * width + c] += trained.weight[row * width + c] / rows;
      }
    }
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
