package dev.repartee.engine.suggest;

/** Which whole replies are shown before the agent types. Completions do not depend on it. */
public enum AnswerDisplay {
  /** Those that are expected to save more time than it costs to read them; maybe none. */
  WORTH,

  /**
   * The best ones that fit at all. For a place of their own, where an agent who does not want them
   * need not read them.
   */
  ALWAYS,

  /** None. */
  NEVER
}
