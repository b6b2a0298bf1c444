package dev.repartee.serving;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.TorchScriptProgram;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Cli;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/** Starts the service with the suggestion engine; takes the options of {@code serve}. */
public final class Main {

  /**
   * At most 48 passes in one, within a window of 0.2 ms. It is short because passes that arrive
   * while another one runs are joined anyway.
   */
  private static final BatchedPasses.Limits JOINT =
      new BatchedPasses.Limits(48, Duration.ofNanos(200_000));

  /** A GPU takes as long for a thousand tokens as for one. */
  private static final BatchedPasses.Limits JOINT_ON_GPU =
      new BatchedPasses.Limits(1024, Duration.ofNanos(200_000));

  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(new ServeCommand(Main::loader), args));
  }

  private static Function<Path, ServingEngine> loader(
      ServeConfig config, BatchedPasses.Listener passes) {
    ReentrantLock turn = new ReentrantLock(true); // a new version's passes, too, take turns
    CompletableFuture<Void> libtorch = // while the model is pulled and verified
        CompletableFuture.runAsync(
            TorchScriptProgram::openLibtorch, Thread.ofPlatform().name("open-libtorch")::start);
    return folder -> {
      Threads.await(libtorch);
      Compute compute = config.compute.forInference(folder);
      BatchedPasses.Limits joint = compute.isGpu() ? JOINT_ON_GPU : JOINT;
      SuggestionEngine engine =
          SuggestionEngine.load(
              folder,
              new EngineOptions(
                  compute,
                  Display.CALM,
                  Optional.of(new EngineOptions.Batching(joint, passes, turn)),
                  config.onlyApproved,
                  config.countsAlone));
      try {
        config.requireApproved(engine.knowledge().library());
      } catch (UserException e) {
        engine.close();
        throw e;
      }
      return engine;
    };
  }
}
