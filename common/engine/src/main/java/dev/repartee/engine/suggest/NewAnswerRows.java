package dev.repartee.engine.suggest;

import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rows of an answer head for an answer set that is not quite the one it was trained on. An answer
 * that is new borrows the row of the one that is worded most alike, a little less probable, so that
 * it can be suggested where that one fits; one like no other gets the mean of all rows. Either is a
 * guess until the head is trained again.
 */
final class NewAnswerRows {

  /** Share of common words from which two answers are taken to fit the same contexts. */
  private static final double ALIKE = 0.4;

  /** How much less probable, in log-odds, an answer is whose row is borrowed. */
  private static final float BORROWED = (float) Math.log(2);

  private final float[] trainedWeight;
  private final float[] trainedBias;
  private final int width;
  private final float[] weight;
  private final float[] bias;

  NewAnswerRows(
      float[] trainedWeight,
      float[] trainedBias,
      int width,
      List<String> trained,
      AnswerSet answers) {
    this.trainedWeight = trainedWeight;
    this.trainedBias = trainedBias;
    this.width = width;
    this.weight = new float[(answers.size() + 1) * width];
    this.bias = new float[answers.size() + 1];
    Map<String, Integer> rowOf = new HashMap<>();
    for (int row = 0; row < trained.size(); row++) {
      rowOf.put(trained.get(row), row);
    }
    for (int i = 0; i < answers.size(); i++) {
      Integer row = rowOf.get(answers.answers().get(i).id());
      if (row != null) {
        copy(row, i, 0);
      } else {
        borrow(answers.answers(), rowOf, i);
      }
    }
    copy(trained.size(), answers.size(), 0); // none of these
  }

  float[] weight() {
    return weight;
  }

  float[] bias() {
    return bias;
  }

  private void copy(int from, int to, float less) {
    System.arraycopy(trainedWeight, from * width, weight, to * width, width);
    bias[to] = trainedBias[from] - less;
  }

  private void borrow(List<Answer> answers, Map<String, Integer> rowOf, int at) {
    Set<String> words = words(answers.get(at));
    int best = -1;
    double most = ALIKE;
    for (Answer known : answers) {
      Integer row = rowOf.get(known.id());
      if (row != null) {
        double alike = alike(words, words(known));
        if (alike >= most) {
          most = alike;
          best = row;
        }
      }
    }
    if (best >= 0) {
      copy(best, at, BORROWED);
    } else {
      mean(at);
    }
  }

  private void mean(int at) {
    int rows = trainedBias.length;
    for (int row = 0; row < rows; row++) {
      bias[at] += trainedBias[row] / rows;
      for (int c = 0; c < width; c++) {
        weight[at * width + c] += trainedWeight[row * width + c] / rows;
      }
    }
  }

  private static double alike(Set<String> one, Set<String> other) {
    Set<String> common = new HashSet<>(one);
    common.retainAll(other);
    return (double) common.size() / (one.size() + other.size() - common.size());
  }

  private static Set<String> words(Answer answer) {
    return new HashSet<>(Arrays.asList(TextNorm.norm(answer.text()).split(" ", -1)));
  }
}
