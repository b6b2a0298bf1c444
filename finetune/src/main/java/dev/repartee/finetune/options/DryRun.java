package dev.repartee.finetune.options;

import picocli.CommandLine.Option;

/** {@code --dry-run}, for commands that delete. */
public final class DryRun {

  @Option(names = "--dry-run", description = "Say what would be deleted, and delete nothing.")
  private boolean given;

  public boolean isGiven() {
    return given;
  }
}
