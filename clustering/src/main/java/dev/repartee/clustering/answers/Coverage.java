package dev.repartee.clustering.answers;

import java.util.List;

/**
 * How much of what agents write the most used answers stand for: what perfect suggestions of whole
 * answers could save, not what a model will.
 */
public final class Coverage {

  private final Share[] covered; // (answers + 1), by the first so many answers
  private final Share all;

  /**
   * @param answers what each answer stands for, most used first
   * @param all the agent messages of the corpus
   */
  public Coverage(List<Share> answers, Share all) {
    this.all = all;
    covered = new Share[answers.size() + 1];
    covered[0] = Share.NONE;
    for (int i = 0; i < answers.size(); i++) {
      covered[i + 1] = covered[i].plus(answers.get(i));
    }
  }

  /** Agent messages and their length in UTF-16 units. */
  public record Share(long messages, long characters) {

    /** Nothing, as of an answer that is gone from the data. */
    public static final Share NONE = new Share(0, 0);

    /** This and {@code other} together. */
    public Share plus(Share other) {
      return new Share(messages + other.messages, characters + other.characters);
    }
  }

  /** The shares, 0 to 1, of messages and characters that the most used answers cover. */
  public record Point(double messages, double characters) {}

  /** What the first {@code top} answers cover. */
  public Point of(int top) {
    Share share = covered[Math.min(top, covered.length - 1)];
    return new Point(
        ratio(share.messages(), all.messages()), ratio(share.characters(), all.characters()));
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
