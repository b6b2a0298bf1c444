import java.util.Locale;

/** What a request is, which decides how long its answer may take to be of use. */
enum Kind {
  /** There is another message, and the draft is empty: the answer is whole replies. */
  MESSAGE,
  /** The agent ended a word with a blank: the model has something new to read. */
  COMPLETION,
  /** Any other key, or an offer that was taken. */
  KEYSTROKE;

  static Kind of(String draft) {
    if (draft.isEmpty()) {
      return MESSAGE;
    }
    return draft.endsWith(" ") ? COMPLETION : KEYSTROKE;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
