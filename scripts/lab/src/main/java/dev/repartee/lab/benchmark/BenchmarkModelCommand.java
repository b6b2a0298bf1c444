package dev.repartee.lab.benchmark;

import dev.repartee.registry.models.Manifest;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the model that the benchmarks measure, so that {@code serve} can be measured with it. */
@Command(
    name = "benchmark-model",
    footer = {"  scripts/repartee benchmark-model --output benchmark-model"},
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Writes GPT-2 124M with random weights and 300 answers as a model folder.")
public final class BenchmarkModelCommand implements Callable<Integer> {

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder to write; made when it is not there, and must be empty.")
  private Path output;

  @Option(names = "--quick", description = "A small model of two narrow layers instead.")
  private boolean quick;

  @Override
  public Integer call() {
    try {
      Files.createDirectories(output);
      requireEmpty();
      RandomModel.fill(output, quick);
    } catch (IOException e) {
      throw new UserException(
          "%s cannot be written: %s; the model takes 600 MB".formatted(output, e), e);
    }
    Manifest.of(output).write(output);
    return 0;
  }

  private void requireEmpty() throws IOException {
    if (!Folders.list(output).isEmpty()) {
      throw UserException.usage("--output " + output + " is not empty; name a new folder");
    }
  }
}
