package dev.repartee.finetune.metric;

/** Told how far an evaluation is. */
@FunctionalInterface
public interface EvaluationProgress {

  /** Tells nobody. */
  EvaluationProgress NONE = (done, total) -> {};

  /** Called after every agent message: {@code done} of {@code total} are evaluated. */
  void replies(int done, int total);
}
