package dev.repartee.finetune.models;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs commands on the registry in the folder {@code store}, as text unless they ask for JSON. */
final class RegistryRun {

  private RegistryRun() {}

  /** A folder that can be served, another model for each number; made where it is missing. */
  static Path model(Path folder, int number) throws IOException {
    if (Files.exists(folder)) {
      Files.delete(folder.resolve(Manifest.FILE));
    } else {
      TinyModel.writeThatShowsAll(folder, TinyModel.answers("Hello there"));
    }
    Files.writeString(folder.resolve("number.txt"), String.valueOf(number));
    Manifest.of(folder).write(folder);
    return folder;
  }

  static CommandRun of(Cli.Group group, Path folder, Object... args) {
    boolean json = List.of(args).contains("--json");
    return CommandRun.of(
        group, args, "--store", folder.resolve("store"), json ? List.of() : "--no-json");
  }
}
