package dev.repartee.infra.autoscaling;

import dev.repartee.text.cli.Cli;

/** {@code scripts/simulate-autoscaling}. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(new SimulateCommand(), args));
  }
}
