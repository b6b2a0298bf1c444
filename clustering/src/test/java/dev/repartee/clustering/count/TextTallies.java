package dev.repartee.clustering.count;

import java.util.List;

/** Tallies for tests, made without counting. */
public final class TextTallies {

  private TextTallies() {}

  /** A text of unknown language and context. */
  public static TextTally of(String key, long messages) {
    TextTally tally = new TextTally(key);
    tally.messages = messages;
    return tally;
  }

  /** A text in conversations of one language. */
  public static TextTally ofLanguage(String language, String key, long messages) {
    TextTally tally = of(key, messages);
    tally.languages.add(language, 1);
    return tally;
  }

  /** A text with as many contexts as are kept, where customers give these answers in turn. */
  public static TextTally answered(String key, long messages, String... answers) {
    TextTally tally = of(key, messages);
    for (int i = 0; i < TextTally.MOST_CONTEXTS; i++) {
      String answer = List.of(answers).get(i % answers.length);
      tally.addContext(new TextTally.Context(i, i, "", answer));
    }
    return tally;
  }
}
