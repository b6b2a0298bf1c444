package dev.repartee.finetune.training;

import dev.repartee.common.UserException;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.AnswerSetFile;
import dev.repartee.common.gpt2.Gpt2Config;
import dev.repartee.common.gpt2.Gpt2Weights;
import dev.repartee.common.registry.Manifest;
import dev.repartee.common.suggest.AnswerHead;
import dev.repartee.common.suggest.ModelCard;
import dev.repartee.common.suggest.SuggestionEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;

/** The model folder that a run leaves behind: assembled under another name, renamed when whole. */
final class ModelFolder {

  static final String NAME = "model";

  private final Path output;
  private final Path checkpoint;

  ModelFolder(Path output, Path checkpoint) {
    this.output = output;
    this.checkpoint = checkpoint;
  }

  /** Refuses an output folder that holds a model already. */
  static void requireFree(Path output) {
    if (Files.exists(output.resolve(NAME))) {
      throw UserException.usage(
          "--output "
              + output
              + " holds a model already; name another folder, or delete "
              + output.resolve(NAME));
    }
  }

  /** Turns the checkpoint into the complete folder {@code output/model}. */
  void assemble(
      BaseModel base,
      AnswerSet answers,
      Optional<AnswerHead> head,
      int contextTokens,
      double minProbability,
      Map<String, Object> provenance)
      throws IOException {
    base.tokenizer().write(checkpoint);
    AnswerSetFile.write(checkpoint.resolve(SuggestionEngine.ANSWERS_FILE), answers);
    if (head.isPresent()) {
      head.get().write(checkpoint);
    }
    ModelCard.of(contextTokens, minProbability, provenance).write(checkpoint);
    for (String file : new String[] {Gpt2Config.FILE, Gpt2Weights.FILE}) {
      if (!Files.exists(checkpoint.resolve(file))) {
        throw new IllegalStateException("the checkpoint lacks " + file);
      }
    }
    Manifest.of(checkpoint).write(checkpoint);
    Files.move(checkpoint, output.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }
}
