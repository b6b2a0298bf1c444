package dev.repartee.engine.suggest;

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
