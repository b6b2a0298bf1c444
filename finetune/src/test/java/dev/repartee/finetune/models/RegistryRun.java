package dev.repartee.finetune.models;

import dev.repartee.finetune.testing.CommandRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Runs commands on the registry in the folder {@code store}, as text unless they ask for JSON. */
final class RegistryRun {

  private RegistryRun() {}

  static CommandRun of(RegistryCommand.Group group, Path folder, Object... args) {
    List<String> all = new ArrayList<>(Stream.of(args).map(Object::toString).toList());
    all.addAll(List.of("--store", folder.resolve("store").toString()));
    if (!all.contains("--json")) {
      all.add("--no-json");
    }
    return CommandRun.of(group, all.toArray(String[]::new));
  }
}
