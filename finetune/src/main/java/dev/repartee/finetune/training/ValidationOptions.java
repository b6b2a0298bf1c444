package dev.repartee.finetune.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options that say what is validated on, when, and what follows. */
final class ValidationOptions {

  @Option(
      names = "--validation",
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "Conversations that choose the best weights.")
  private List<Path> files = new ArrayList<>();

  @Option(
      names = "--validation-share",
      defaultValue = "0.05",
      description = "Share of the conversations set aside for it where no file is given.")
  private double share;

  @Option(
      names = "--evaluate-steps",
      defaultValue = "0",
      description = "Steps between validations; 0 for one after each epoch.")
  private long everySteps;

  @Option(
      names = "--patience",
      defaultValue = "3",
      description = "Validations without improvement after which training stops.")
  private int patience;

  List<Path> files() {
    return List.copyOf(files);
  }

  ValidationSettings settings() {
    return new ValidationSettings(everySteps, patience, share);
  }
}
