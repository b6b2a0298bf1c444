package dev.repartee.finetune.models;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.cli.Cli;
import java.nio.file.Path;
import java.util.List;

/** Runs commands on the registry in the folder {@code store}, as text unless they ask for JSON. */
final class RegistryRun {

  private RegistryRun() {}

  static CommandRun of(Cli.Group group, Path folder, Object... args) {
    boolean json = List.of(args).contains("--json");
    return CommandRun.of(
        group, args, "--store", folder.resolve("store"), json ? List.of() : "--no-json");
  }
}
