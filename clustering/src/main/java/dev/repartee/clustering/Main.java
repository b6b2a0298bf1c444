package dev.repartee.clustering;

import dev.repartee.clustering.extract.ExtractCommand;
import dev.repartee.text.cli.Cli;

/** Starts the command of this module. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(Cli.run(new ExtractCommand(), args));
  }
}
