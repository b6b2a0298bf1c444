package dev.repartee.serving;

import dev.repartee.common.cli.Cli;
import dev.repartee.common.suggest.EngineOptions;
import dev.repartee.common.suggest.OperatingPoint;
import dev.repartee.common.suggest.SuggestionEngine;
import dev.repartee.serving.launch.ServeCommand;
import java.util.Optional;

/** Starts the service; takes the options of {@code serve}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    ServeCommand serve =
        new ServeCommand(
            (precision, deadline) ->
                folder ->
                    SuggestionEngine.load(
                        folder,
                        new EngineOptions(
                            precision.forInference(folder),
                            OperatingPoint.EAGER,
                            Optional.of(deadline))));
    System.exit(Cli.run(serve, args));
  }
}
