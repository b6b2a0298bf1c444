package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

/**
 * What agents are shown of what the engine predicts.
 *
 * @param point how readily texts are shown
 * @param answers which whole replies are shown before typing
 */
public record Display(OperatingPoint point, AnswerDisplay answers) {

  /** What is worth its reading, for agents who read at the usual speed. */
  public static final Display CALM = new Display(OperatingPoint.CALM, AnswerDisplay.WORTH);

  /** What is worth its reading, for agents who read fast. */
  public static final Display EAGER = new Display(OperatingPoint.EAGER, AnswerDisplay.WORTH);

  public Display {
    requireNonNull(point, "point is null");
    requireNonNull(answers, "answers is null");
  }
}
