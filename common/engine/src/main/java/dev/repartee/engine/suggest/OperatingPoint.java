package dev.repartee.engine.suggest;

/**
 * How readily inline offers are shown. An offer that is not taken costs the agent a glance, and
 * many of them the habit of looking; how much that weighs is for each contact center to say.
 */
public enum OperatingPoint {
  /** Shows whatever is expected to save typing, also where a longer guess is mostly wrong. */
  EAGER,

  /** Shows only offers of which about half are taken: fewer, and worth a look. */
  CALM
}
