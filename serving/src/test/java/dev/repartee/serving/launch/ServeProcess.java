package dev.repartee.serving.launch;

import dev.repartee.common.cli.Cli;

/** A process that serves as {@code Main} does, but without a neural model. */
final class ServeProcess {

  private ServeProcess() {}

  public static void main(String[] args) {
    System.exit(Cli.run(new ServeCommand(engine -> StartTest::load), args));
  }
}
