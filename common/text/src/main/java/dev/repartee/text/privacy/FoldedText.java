package dev.repartee.text.privacy;

import java.util.List;

/**
 * A text in the form in which it is searched: digits of any script and full-width forms as ASCII,
 * one kind of dash, quote and blank, nothing invisible, and {@link #MASK} for every placeholder and
 * everything found so far. The original is never changed: positions are mapped back to it.
 */
final class FoldedText {

  /** Stands for a placeholder, of whatever kind, so that what is beside it reads the same. */
  static final char MASK = '\uFFFC';

  private final String original;
  private final String folded;
  private final String lower;
  private final int[] origins;
  private final int formSigns;
  private Words words;

  private FoldedText(String original, Folding folding) {
    this.original = original;
    this.folded = folding.folded();
    this.lower = folding.lower();
    this.origins = folding.origins();
    this.formSigns = folding.signs();
  }

  /**
   * Folds {@code original}.
   *
   * @param masked stretches to hide, in order and without overlaps
   */
  static FoldedText of(String original, List<Span> masked) {
    return new FoldedText(original, new Folding(original, masked));
  }

  String original() {
    return original;
  }

  /** The folded text, its case kept. */
  String folded() {
    return folded;
  }

  /** The folded text in lower case, position by position the same as {@link #folded}. */
  String lower() {
    return lower;
  }

  Words words() {
    if (words == null) {
      words = Words.of(folded, lower);
    }
    return words;
  }

  /** The {@link Signs} that the text shows. */
  int signs() {
    return Signs.withoutLoneWords(formSigns | words().signs());
  }

  /** The span of the original text for a span of the folded text. */
  Span inOriginal(Span span) {
    return new Span(span.kind(), origins[span.start()], origins[span.end()]);
  }
}
