package dev.repartee.finetune.report;

/**
 * An answer in words to what is asked first of a run.
 *
 * @param level how good it is
 * @param question such as {@code Does it overfit?}
 * @param answer the short answer
 * @param evidence the numbers behind it
 * @param rule how it was decided
 */
record Verdict(Level level, String question, String answer, String evidence, String rule) {

  /** How good an answer is; {@code mark} and {@code word} say so without a colour. */
  enum Level {
    GOOD("✓", "good"),
    NOTE("!", "look at this"),
    BAD("✕", "bad"),
    UNKNOWN("?", "not known");

    private final String mark;
    private final String word;

    Level(String mark, String word) {
      this.mark = mark;
      this.word = word;
    }

    String mark() {
      return mark;
    }

    String word() {
      return word;
    }
  }
}
