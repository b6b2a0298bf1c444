package dev.repartee.finetune.corpus;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** All steps of a run in their order, from any of them on. */
public final class Steps implements Iterator<Step> {

  private final Corpus corpus;
  private final Batching batching;
  private final int epochs;
  private int epoch;
  private int index;
  private EpochPlan plan;

  /** Starts in {@code epoch}, counted from 1, after {@code done} of its steps. */
  public Steps(Corpus corpus, Batching batching, int epochs, int epoch, int done) {
    this.corpus = corpus;
    this.batching = batching;
    this.epochs = epochs;
    this.epoch = epoch;
    this.index = done;
    this.plan = EpochPlan.of(corpus, batching, epoch);
    skipToStep();
  }

  /** Steps of all epochs together. */
  public static long count(Corpus corpus, Batching batching, int epochs) {
    long steps = 0;
    for (int epoch = 1; epoch <= epochs; epoch++) {
      steps += EpochPlan.of(corpus, batching, epoch).steps();
    }
    return steps;
  }

  private void skipToStep() {
    if (index >= plan.steps()) {
      epoch++;
      index = 0;
      if (epoch <= epochs) {
        plan = EpochPlan.of(corpus, batching, epoch);
      }
    }
  }

  @Override
  public boolean hasNext() {
    return epoch <= epochs;
  }

  @Override
  public Step next() {
    if (!hasNext()) {
      throw new NoSuchElementException("epoch " + epoch + " of " + epochs);
    }
    List<int[]> windows = plan.step(index);
    Step step =
        new Step(
            epoch, index, plan.steps(), windows, windows.stream().map(corpus::scoring).toList());
    index++;
    skipToStep();
    return step;
  }
}
