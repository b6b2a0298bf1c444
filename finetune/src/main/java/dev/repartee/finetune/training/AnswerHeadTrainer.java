package dev.repartee.finetune.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.common.answers.Answer;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.Phrasing;
import dev.repartee.common.data.TextNorm;
import dev.repartee.common.gpt2.AdamW;
import dev.repartee.common.gpt2.Gpt2Program;
import dev.repartee.common.gpt2.OptimizedArrays;
import dev.repartee.common.gpt2.TrainableGpt2;
import dev.repartee.common.suggest.AnswerHead;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Trains the answer head: multinomial logistic regression from the frozen model's hidden state at
 * the agent's marker to the answer that the agent gave, or to "none of these". The epoch with the
 * lowest validation loss is kept.
 */
final class AnswerHeadTrainer {

  private static final int MAX_STEPS = 400;
  private static final int CHECK_EVERY = 10;
  private static final int PATIENCE = 5;
  private static final double LEARNING_RATE = 3e-3;
  private static final double WEIGHT_DECAY = 0.05;
  private static final int FEATURE_BATCH = 16;

  private final Gpt2Program program;
  private final TrainableGpt2 model;
  private final Map<String, Integer> answerOf = new HashMap<>(); // by norm of a phrasing
  private final int answers;

  AnswerHeadTrainer(Gpt2Program program, TrainableGpt2 model, AnswerSet answers) {
    this.program = program;
    this.model = model;
    this.answers = answers.answers().size();
    for (int i = 0; i < this.answers; i++) {
      Answer answer = answers.answers().get(i);
      answerOf.putIfAbsent(TextNorm.norm(answer.text()), i);
      for (Phrasing phrasing : answer.phrasings()) {
        answerOf.putIfAbsent(TextNorm.norm(phrasing.text()), i);
      }
    }
  }

  /** Hidden states and the answers given after them. */
  private record Samples(NDArray features, NDArray labels) {}

  AnswerHead train(List<Example> training, List<Example> validation) {
    try (PtNDManager scope = program.newScope()) {
      Samples fit = samples(training, scope);
      Samples check = samples(validation, scope);
      long width = fit.features().getShape().get(1);
      PtNDArray weight = (PtNDArray) scope.zeros(new Shape(answers + 1L, width));
      PtNDArray bias = (PtNDArray) scope.zeros(new Shape(answers + 1L));
      return fit(List.of(weight, bias), fit, check, scope);
    }
  }

  private AnswerHead fit(List<PtNDArray> head, Samples fit, Samples check, PtNDManager scope) {
    AdamW adamW = new AdamW(0.9, 0.999, 1e-8, WEIGHT_DECAY);
    List<PtNDArray> gradients =
        head.stream().map(array -> (PtNDArray) scope.zeros(array.getShape())).toList();
    head.forEach(array -> array.setRequiresGradient(true));
    AnswerHead best = snapshot(head);
    double bestLoss = loss(head, check);
    int sinceBest = 0;
    try (OptimizedArrays optimizer = new OptimizedArrays(program, head, gradients)) {
      for (int step = 1; step <= MAX_STEPS && sinceBest < PATIENCE; step++) {
        accumulate(head, gradients, fit);
        optimizer.step(LEARNING_RATE, adamW, WEIGHT_DECAY, 1);
        if (step % CHECK_EVERY == 0) {
          double loss = loss(head, check);
          sinceBest = loss < bestLoss ? 0 : sinceBest + 1;
          if (loss < bestLoss) {
            bestLoss = loss;
            best = snapshot(head);
          }
        }
      }
    }
    return best;
  }

  private static AnswerHead snapshot(List<PtNDArray> head) {
    return new AnswerHead(head.get(0).toFloatArray(), head.get(1).toFloatArray());
  }

  private void accumulate(List<PtNDArray> head, List<PtNDArray> gradients, Samples samples) {
    try (PtNDManager scope = program.newScope()) {
      NDList arguments = new NDList();
      named(arguments, "head[]", head);
      named(arguments, "grads[]", gradients);
      arguments.add(samples.features());
      arguments.add(samples.labels());
      program.differentiate("accumulate_answers", arguments, scope);
    }
  }

  private static void named(NDList arguments, String name, List<PtNDArray> arrays) {
    for (PtNDArray array : arrays) {
      array.setName(name);
      arguments.add(array);
    }
  }

  private double loss(List<PtNDArray> head, Samples samples) {
    try (PtNDManager scope = program.newScope();
        IValue list = IValue.listFrom(head.toArray(PtNDArray[]::new));
        IValue features = IValue.from((PtNDArray) samples.features());
        IValue labels = IValue.from((PtNDArray) samples.labels());
        IValue result = program.run("answers_loss", list, features, labels)) {
      return result.toTensor(scope).toFloatArray()[0];
    }
  }

  private Samples samples(List<Example> examples, PtNDManager scope) {
    int count = examples.stream().mapToInt(example -> example.replies().size()).sum();
    float[] features = new float[0];
    long[] labels = new long[count];
    int at = 0;
    for (List<Example> batch : Batches.byLength(examples, FEATURE_BATCH)) {
      float[] rows = model.features(Batches.replies(batch));
      int replies = batch.stream().mapToInt(example -> example.replies().size()).sum();
      int width = rows.length / replies;
      if (features.length == 0) {
        features = new float[Math.multiplyExact(count, width)];
      }
      System.arraycopy(rows, 0, features, at * width, rows.length);
      for (Example example : batch) {
        for (Example.Reply reply : example.replies()) {
          labels[at++] = answerOf.getOrDefault(TextNorm.norm(reply.text()), answers);
        }
      }
    }
    return new Samples(
        scope.create(features, new Shape(count, features.length / count)),
        scope.create(Arrays.copyOf(labels, count)));
  }
}
