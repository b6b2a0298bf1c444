package dev.repartee.finetune.metric;

/** Receives how far an evaluation is. */
@FunctionalInterface
public interface EvaluationProgress {

  /** Ignores it. */
  EvaluationProgress NONE = (done, total) -> {};

  /** Is called after every agent message: {@code done} of {@code total} are evaluated. */
  void replies(int done, int total);
}
