package dev.repartee.engine.memory;

/**
 * Who writes a reply, and where.
 *
 * @param agent a number, or {@link #UNKNOWN}
 * @param queue a number, or {@link #UNKNOWN}
 */
record Writer(int agent, int queue) {

  static final int UNKNOWN = -1;
}
