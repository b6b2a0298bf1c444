package dev.repartee.serving;

import dev.repartee.common.cli.Cli;
import dev.repartee.common.gpt2.BatchedPasses;
import dev.repartee.common.suggest.EngineOptions;
import dev.repartee.common.suggest.OperatingPoint;
import dev.repartee.common.suggest.SuggestionEngine;
import dev.repartee.serving.launch.EngineFactory;
import dev.repartee.serving.launch.ServeCommand;
import dev.repartee.serving.model.PredictorLoader;
import java.time.Duration;
import java.util.Optional;

/** Starts the service; takes the options of {@code serve}. */
public final class Main {

  /** Passes that come while another one runs are joined anyway; waiting for more gains little. */
  private static final BatchedPasses.Limits JOINT =
      new BatchedPasses.Limits(48, Duration.ofNanos(200_000));

  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(new ServeCommand(Main::loader), args));
  }

  private static PredictorLoader loader(EngineFactory.Options options) {
    return folder ->
        SuggestionEngine.load(
            folder,
            new EngineOptions(
                options.precision().forInference(folder),
                OperatingPoint.EAGER,
                Optional.of(options.deadline()),
                options.naive()
                    ? Optional.empty()
                    : Optional.of(new EngineOptions.Batching(JOINT, options.passes())),
                !options.naive()));
  }
}
