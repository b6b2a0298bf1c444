package dev.repartee.engine.suggest;

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

  /** Which whole replies are shown before the agent types. Completions do not depend on it. */
  public enum AnswerDisplay {
    /** Those that are expected to save more time than it costs to read them; maybe none. */
    WORTH,

    /**
     * The best ones that fit at all. For a place of their own, where an agent who does not want
     * them need not read them.
     */
    ALWAYS,

    /** None. */
    NEVER
  }

  /**
   * How readily texts are shown. One that is not taken costs the agent a look; how much that weighs
   * is for each contact center to say.
   */
  public enum OperatingPoint {
    /** For agents who read fast: shows what saves more than half a keystroke of reading. */
    EAGER(0.5),

    /** Shows less: what saves more than one and a half keystrokes of reading. */
    CALM(1.5);

    private final double read;

    OperatingPoint(double read) {
      this.read = read;
    }

    /** What it costs to read a text, in keystrokes. */
    public double read() {
      return read;
    }
  }
}
