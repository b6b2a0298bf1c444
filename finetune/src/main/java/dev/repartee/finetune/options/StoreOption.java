package dev.repartee.finetune.options;

import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --store}, for commands that may do without a registry. */
public final class StoreOption {

  @Option(
      names = "--store",
      paramLabel = "URI",
      description = "Registry of NAME@ALIAS: gs://BUCKET/PREFIX or a folder.")
  private Optional<String> uri = Optional.empty();

  /** The registry's URI, as it was given. */
  public Optional<String> uri() {
    return uri;
  }
}
