package dev.repartee.finetune.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.memory.Wordings;
import dev.repartee.finetune.corpus.Steps;
import dev.repartee.finetune.corpus.WindowStore;
import dev.repartee.finetune.gpt2.AdamW;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Trains the answer head: multinomial logistic regression from the frozen model's hidden state at
 * the agent's marker to the answer that the agent gave, or to "none of these". The weights of the
 * lowest validation loss are kept. Shapes: N replies, A answers, C the model's width.
 */
final class AnswerHeadTrainer {

  private static final int MAX_STEPS = 400;
  private static final int CHECK_EVERY = 10;
  private static final int PATIENCE = 5;
  private static final double LEARNING_RATE = 3e-3;
  private static final double WEIGHT_DECAY = 0.05;
  private static final int FEATURE_TOKENS = 4096;
  private static final int MOST_REPLIES = 200_000;
  private static final long MOST_FEATURE_BYTES = 512L << 20;

  private final Gpt2Program program;
  private final TrainableGpt2 model;
  private final Wordings wordings;
  private final int width;
  private final long seed;
  private final StopRequest stop;

  /** Trains a head for the answers of {@code wordings} on a model that stays as it is. */
  AnswerHeadTrainer(
      Gpt2Program program, TrainableGpt2 model, Wordings wordings, long seed, StopRequest stop) {
    this.program = program;
    this.model = model;
    this.wordings = wordings;
    this.width = program.config().width();
    this.seed = seed;
    this.stop = stop;
  }

  /**
   * Replies to learn from.
   *
   * @param features hidden states (N, C)
   * @param labels the answers given, A where it was none of them (N)
   */
  private record Samples(NDArray features, NDArray labels) {}

  /** Trains the head; none where there are no replies to learn from or to validate on. */
  Optional<AnswerHead> train(WindowStore training, WindowStore validation) {
    try (PtNDManager scope = program.newScope()) {
      Optional<Samples> fit = samples(training, scope);
      Optional<Samples> check = samples(validation, scope);
      if (fit.isEmpty() || check.isEmpty()) {
        return Optional.empty();
      }
      long rows = wordings.answers() + 1L; // "none of these" is the last
      PtNDArray weight = (PtNDArray) scope.zeros(new Shape(rows, width)); // (A + 1, C)
      PtNDArray bias = (PtNDArray) scope.zeros(new Shape(rows)); // (A + 1)
      return Optional.of(fit(List.of(weight, bias), fit.get(), check.get(), scope));
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
    try (AdamW.ParameterGroup optimizer = new AdamW.ParameterGroup(program, head, gradients)) {
      for (int step = 1; step <= MAX_STEPS && sinceBest < PATIENCE; step++) {
        stop.check();
        accumulate(head, gradients, fit);
        optimizer.step(LEARNING_RATE, adamW, WEIGHT_DECAY);
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

  private AnswerHead snapshot(List<PtNDArray> head) {
    return new AnswerHead(
        program.read(head.get(0), PtNDArray::toFloatArray),
        program.read(head.get(1), PtNDArray::toFloatArray));
  }

  private void accumulate(List<PtNDArray> head, List<PtNDArray> gradients, Samples samples) {
    try (PtNDManager scope = program.newScope()) {
      NDList arguments = new NDList();
      named(arguments, "head[]", head);
      named(arguments, "grads[]", gradients);
      arguments.add(samples.features());
      arguments.add(samples.labels());
      program.differentiate("answer_head_backward", arguments, scope);
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
        IValue result = program.run("answer_head_loss", list, features, labels)) {
      return result.toTensor(scope).toFloatArray()[0];
    }
  }

  private Optional<Samples> samples(WindowStore store, PtNDManager scope) {
    int[] windows = chosen(store);
    int count = IntStream.of(windows).map(store::replies).sum();
    if (count == 0) {
      return Optional.empty();
    }
    float[] features = new float[Math.multiplyExact(count, width)]; // (N, C)
    int[] labels = new int[count]; // (N)
    int at = 0;
    for (int[] batch : Steps.byLength(store, windows, FEATURE_TOKENS)) {
      stop.check();
      float[] rows = model.features(store.replyMarkers(batch));
      int[] given = store.labels(batch);
      System.arraycopy(rows, 0, features, at * width, rows.length);
      System.arraycopy(given, 0, labels, at, given.length);
      at += given.length;
    }
    return Optional.of(
        new Samples(
            scope.create(features, new Shape(count, width)),
            scope.create(IntStream.of(labels).mapToLong(wordings::answerOf).toArray())));
  }

  /** All windows with replies, or a random choice of them that fits in memory. */
  private int[] chosen(WindowStore store) {
    int[] windows =
        IntStream.range(0, store.size()).filter(window -> store.replies(window) > 0).toArray();
    long most = Math.min(MOST_REPLIES, MOST_FEATURE_BYTES / Float.BYTES / width);
    Random random = new Random(seed);
    int replies = 0;
    int count = 0;
    while (count < windows.length) {
      int other = count + random.nextInt(windows.length - count);
      int window = windows[other];
      windows[other] = windows[count];
      replies += store.replies(window);
      if (replies > most) {
        break;
      }
      windows[count++] = window;
    }
    return Arrays.copyOf(windows, count);
  }
}
