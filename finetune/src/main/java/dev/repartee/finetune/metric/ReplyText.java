package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.TextNorm;
import dev.repartee.text.WordBreaks;
import java.util.Arrays;

/** The reply that the agent will write, and the wrong keys on the way, in code points. */
final class ReplyText {

  private final String text;
  private final int[] codePoints;
  private final int[] folded;
  private final String norm;
  private final Typos typos;

  ReplyText(String text) {
    this(text, 0);
  }

  /** With a share of wrong keys. */
  ReplyText(String text, double typoRate) {
    this.text = text;
    codePoints = text.codePoints().toArray();
    folded = Offer.foldCase(text);
    norm = TextNorm.norm(text);
    typos = new Typos(codePoints, typoRate);
  }

  int length() {
    return codePoints.length;
  }

  /** The keystrokes that typing it without suggestions takes. */
  int keys() {
    return length() + typos.keys();
  }

  /** What is typed in vain after the first {@code typed} characters; mostly nothing. */
  int[] wrongKeys(int typed) {
    return typos.after(typed);
  }

  /** Whether {@code suggestion} says the same to a reader. */
  boolean isSaidBy(Suggestion suggestion) {
    return isSaid(TextNorm.norm(suggestion.text()));
  }

  /** Whether it is the same to a reader as a text of this norm. */
  boolean isSaid(String other) {
    return other.equals(norm);
  }

  /** The first {@code typed} characters: the draft. */
  String draft(int typed) {
    return text.length() == length()
        ? text.substring(0, typed) // asked for at every key
        : new String(codePoints, 0, typed);
  }

  /** The first {@code typed} characters as they are compared. */
  int[] foldedDraft(int typed) {
    return Arrays.copyOf(folded, typed);
  }

  /** The characters from {@code from} up to {@code to}. */
  String part(int from, int to) {
    return new String(codePoints, from, to - from);
  }

  /** Whether all of {@code offer} follows {@code typed} characters and ends at a word boundary. */
  boolean isRight(int typed, Offer offer) {
    if (offer.length() > length() - typed) {
      return false;
    }
    for (int i = 0; i < offer.length(); i++) {
      if (offer.folded(i) != folded[typed + i]) {
        return false;
      }
    }
    return isBoundary(typed + offer.length());
  }

  /** Whether {@code position}, at least 1, does not split a word. */
  boolean isBoundary(int position) {
    return position >= length()
        || WordBreaks.isBoundary(text, text.offsetByCodePoints(0, position));
  }
}
