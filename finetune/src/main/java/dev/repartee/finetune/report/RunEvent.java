package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

/**
 * Something that happened to a run, from {@code metrics.jsonl}.
 *
 * @param step after which it happened
 * @param kind {@code resumed}, {@code checkpoint}, {@code stopped} or one that is not known here
 * @param detail for people; may be empty
 */
public record RunEvent(long step, String kind, String detail) {

  /** The run went on from the state after {@code step}. */
  public static final String RESUMED = "resumed";

  /** The run ended. */
  public static final String STOPPED = "stopped";

  public RunEvent {
    requireNonNull(kind, "kind is null");
    requireNonNull(detail, "detail is null");
  }
}
