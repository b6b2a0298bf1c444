package dev.repartee.clustering.extract;

import dev.repartee.clustering.extract.ExtractionReport.CoveragePoint;
import java.util.ArrayList;
import java.util.List;

/**
 * How much of what agents write the most used answers stand for. An answer covers the messages of
 * all its phrasings, so this is what perfect suggestions could save, not what a model will.
 */
public final class Coverage {

  private final long[] messages; // (answers + 1), of the first so many answers
  private final long[] characters;
  private final long allMessages;
  private final long allCharacters;

  /**
   * @param answers messages and their length in UTF-16 units, of each answer, most used first
   * @param allMessages agent messages of the corpus
   * @param allCharacters their length
   */
  public Coverage(List<Share> answers, long allMessages, long allCharacters) {
    this.allMessages = allMessages;
    this.allCharacters = allCharacters;
    messages = new long[answers.size() + 1];
    characters = new long[answers.size() + 1];
    for (int i = 0; i < answers.size(); i++) {
      messages[i + 1] = messages[i] + answers.get(i).messages();
      characters[i + 1] = characters[i] + answers.get(i).characters();
    }
  }

  /** What one answer stands for. */
  public record Share(long messages, long characters) {

    /** Nothing, as of an answer that is gone from the data. */
    public static final Share NONE = new Share(0, 0);

    /** This and {@code other} together. */
    public Share plus(Share other) {
      return new Share(messages + other.messages, characters + other.characters);
    }
  }

  /** How many answers there are. */
  public int answers() {
    return messages.length - 1;
  }

  /** The share of all messages, 0 to 1, that the first {@code top} answers stand for. */
  public double ofMessages(int top) {
    return share(messages, top, allMessages);
  }

  /** The share of all characters, 0 to 1, that the first {@code top} answers stand for. */
  public double ofCharacters(int top) {
    return share(characters, top, allCharacters);
  }

  /** Enough points for a curve, round numbers of answers among them. */
  public List<CoveragePoint> points() {
    List<CoveragePoint> points = new ArrayList<>();
    for (int top = 0; top < answers(); top += top < 100 ? 1 : top < 500 ? 5 : 10) {
      points.add(new CoveragePoint(top, ofMessages(top), ofCharacters(top)));
    }
    points.add(new CoveragePoint(answers(), ofMessages(answers()), ofCharacters(answers())));
    return points;
  }

  private static double share(long[] covered, int top, long all) {
    return all == 0 ? 0 : (double) covered[Math.min(top, covered.length - 1)] / all;
  }
}
