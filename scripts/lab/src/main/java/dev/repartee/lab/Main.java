package dev.repartee.lab;

import dev.repartee.lab.benchmark.BenchmarkCommand;
import dev.repartee.lab.benchmark.BenchmarkModelCommand;
import dev.repartee.lab.benchmark.SuggestBenchmarkCommand;
import dev.repartee.lab.transcript.TranscriptCommand;
import dev.repartee.text.cli.Cli;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The commands that {@code scripts/repartee} has in a checkout only. */
@Command(
    name = "repartee",
    footer = {"  scripts/repartee benchmark"},
    description = "Benchmarks of a checkout, and what the demo shows.",
    subcommands = {
      TranscriptCommand.class,
      BenchmarkCommand.class,
      SuggestBenchmarkCommand.class,
      BenchmarkModelCommand.class
    },
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT)
public final class Main extends Cli.Group {

  public static void main(String[] args) {
    System.exit(Cli.run(new Main(), args));
  }
}
