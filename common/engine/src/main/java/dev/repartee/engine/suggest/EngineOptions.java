package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Compute;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How the engine runs, as opposed to what it predicts, which stands in the model folder.
 *
 * @param compute what the model computes on and in
 * @param display what is shown where a request does not say
 * @param batching joins the passes of sessions that are at work at the same time; without it each
 *     session's run on the thread that asks
 * @param onlyLibrary whether nothing but the library's texts, and what continues a draft to them,
 *     may be offered
 * @param countsAlone whether offers are made without the model, whatever calibration chose
 */
public record EngineOptions(
    Compute compute,
    Display display,
    Optional<Batching> batching,
    boolean onlyLibrary,
    boolean countsAlone) {

  /**
   * How passes are joined.
   *
   * @param limits how many, and how long they wait for each other
   * @param listener told of each joint pass
   * @param turn held by a joint pass; engines that share it compute one after the other
   */
  public record Batching(
      BatchedPasses.Limits limits, BatchedPasses.Listener listener, ReentrantLock turn) {}

  /** Each session's passes alone. */
  public EngineOptions(Compute compute, Display display) {
    this(compute, display, Optional.empty(), false, false);
  }

  /** These options without the model. */
  public EngineOptions onCountsAlone() {
    return new EngineOptions(compute, display, batching, onlyLibrary, true);
  }

  /** {@code compute} at {@link Display#CALM}. */
  public EngineOptions(Compute compute) {
    this(compute, Display.CALM);
  }
}
