package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.GoldenPrompt;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The parts of the model folder that a run leaves behind.
 *
 * @param weights the folder with the best weights and their config.json
 * @param tokenizer the model's
 * @param answers the answer set, which may be empty
 * @param head what tells the answers, if there are any
 * @param words that the model may say, where they are known
 * @param card where the model comes from
 */
record ModelFolder(
    Path weights,
    Gpt2Tokenizer tokenizer,
    AnswerSet answers,
    Optional<AnswerHeadTrainer.Trained> head,
    Optional<CommonWords> words,
    ModelCard card) {

  /** Writes all of it into an empty folder. */
  void write(Path folder) throws IOException {
    for (String file : new String[] {Gpt2Config.FILE, Gpt2Weights.FILE}) {
      linkOrCopy(weights.resolve(file), folder.resolve(file));
    }
    tokenizer.write(folder);
    AnswerSetFile.write(folder.resolve(SuggestionEngine.ANSWERS_FILE), answers);
    if (head.isPresent()) {
      head.get().head().write(folder, answers);
      head.get().nearest().write(folder);
    }
    if (words.isPresent()) {
      words.get().write(folder);
    }
    card.write(folder);
    recordGoldenPrompt(folder);
    Manifest.of(folder).write(folder);
  }

  /** Asked of the folder as it will be loaded, so that it shows, too, whether it can be. */
  private static void recordGoldenPrompt(Path folder) throws IOException {
    try (SuggestionEngine engine =
        SuggestionEngine.load(folder, new EngineOptions(Precision.FP32))) {
      GoldenPrompt.record(engine).write(folder);
    }
  }

  /** The file under a second name, which takes no room; some file systems have no links. */
  private static void linkOrCopy(Path from, Path to) throws IOException {
    try {
      Files.createLink(to, from);
    } catch (IOException | UnsupportedOperationException e) {
      Files.copy(from, to);
    }
  }
}
