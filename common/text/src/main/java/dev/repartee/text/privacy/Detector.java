package dev.repartee.text.privacy;

/** Finds one kind of personal data. Stateless, so that all threads may share it. */
interface Detector {

  /** {@link Signs} of which a text needs at least one to be worth a search. */
  int signs();

  /** Adds what it finds in {@code text}, in positions of the folded text. */
  void find(FoldedText text, Finds finds);
}
