package dev.repartee.finetune.options;

import dev.repartee.registry.models.ModelCache;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a command that builds versions keeps those that it pulls. */
public final class CacheOption {

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Where pulled versions are kept. Default: ~/.cache/repartee/models.")
  private Optional<Path> folder = Optional.empty();

  public ModelCache cache() {
    return new ModelCache(folder.orElseGet(ModelCache::defaultRoot));
  }
}
