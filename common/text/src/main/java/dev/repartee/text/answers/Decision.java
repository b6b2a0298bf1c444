package dev.repartee.text.answers;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A person's decision about an answer.
 *
 * @param kind what to do with the answer
 * @param newText the text to use instead, for {@link Kind#EDIT}; ignored for other kinds
 * @param mergeInto the id of the answer to count it as, for {@link Kind#MERGE}; ignored for other
 *     kinds
 * @param note a note for people
 */
public record Decision(Kind kind, String newText, String mergeInto, String note) {

  /** No decision and no note. */
  public static final Decision NONE = new Decision(Kind.NONE, "", "", "");

  /** What to do with an answer. */
  public enum Kind {
    NONE(""),
    APPROVE("approve"),
    EDIT("edit"),
    REJECT("reject"),
    MERGE("merge");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /** The word that stands for it in files. */
    public String word() {
      return word;
    }

    /** The kind that {@code cell} names. Case and surrounding blanks do not matter. */
    public static Optional<Kind> of(String cell) {
      String word = cell.strip().toLowerCase(Locale.ROOT);
      return Stream.of(values()).filter(kind -> kind.word.equals(word)).findFirst();
    }
  }

  public Decision {
    if (kind == Kind.EDIT && newText.isBlank()) {
      throw new IllegalArgumentException("new_text is empty for an edit");
    }
    if (kind == Kind.MERGE && mergeInto.isBlank()) {
      throw new IllegalArgumentException("merge_into is empty for a merge");
    }
  }

  public boolean isMade() {
    return kind != Kind.NONE;
  }

  /** Whether a person keeps the answer, even if it is used too little. */
  public boolean keeps() {
    return kind == Kind.APPROVE || kind == Kind.EDIT;
  }
}
