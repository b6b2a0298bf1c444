package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.engine.suggest.Memory;
import dev.repartee.engine.suggest.MemoryFile;
import dev.repartee.engine.suggest.Wordings;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Reads a model folder and asks its model, always in FP32, about some tokens. */
final class ModelInspector {

  private static final int SHOWN = 10;

  private final Path folder;
  private final Supplier<Compute> compute;
  private final Gpt2Config config;
  private final Inspection files;

  /**
   * Reads everything but the weights' values.
   *
   * @param compute asked for when there is something to compute
   * @throws UserException when {@code folder} is no GPT-2 folder
   */
  ModelInspector(Path folder, Supplier<Compute> compute) {
    this.folder = folder;
    this.compute = compute;
    this.config = Gpt2Config.read(folder);
    this.files =
        Inspection.ofFiles(config, Gpt2Weights.storedTypes(folder, config), memory(folder, config));
  }

  private static Optional<Memory.Size> memory(Path folder, Gpt2Config config) {
    if (!MemoryFile.isIn(folder)) {
      return Optional.empty();
    }
    Wordings answers = new Wordings(Knowledge.answers(folder));
    return Optional.of(MemoryFile.read(folder, answers, config.width()).size());
  }

  /** Inspects with the tokens of {@code text}. */
  Inspection inspectText(String text) {
    try (TokenTexts texts = TokenTexts.required(folder, config)) {
      return inspect(texts.encode(text), texts);
    }
  }

  /**
   * Inspects with these token ids, which may be none.
   *
   * @throws UserException (wrong usage) when they are too many or not of the vocabulary
   */
  Inspection inspectTokens(int[] ids) {
    try (TokenTexts texts = TokenTexts.ifKnown(folder, config)) {
      return inspect(ids, texts);
    }
  }

  private Inspection inspect(int[] ids, TokenTexts texts) {
    check(ids);
    if (ids.length == 0) {
      return files;
    }
    try (Gpt2 model = Gpt2.load(folder, compute.get());
        KvCache cache = model.newCache(ids.length)) {
      List<float[]> logits = model.step(cache, ids, ids.length).logits();
      return files.with(
          Arrays.stream(ids).boxed().toList(),
          meanNll(ids, logits),
          mostProbable(logits.getLast(), texts));
    }
  }

  private void check(int[] ids) {
    if (ids.length > config.positions()) {
      throw UserException.usage(
          "at most %d tokens fit into the model (n_positions of %s) but there are %d; give fewer"
              .formatted(config.positions(), folder.resolve(Gpt2Config.FILE), ids.length));
    }
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] < 0 || ids[i] >= config.vocabulary()) {
        throw UserException.usage(
            "token ids must be between 0 and %d (vocab_size of %s) but number %d is %d"
                .formatted(
                    config.vocabulary() - 1, folder.resolve(Gpt2Config.FILE), i + 1, ids[i]));
      }
    }
  }

  private static OptionalDouble meanNll(int[] ids, List<float[]> logits) {
    return IntStream.range(1, ids.length)
        .mapToDouble(i -> -new LogSoftmax(logits.get(i - 1)).of(ids[i]))
        .average();
  }

  private static List<Inspection.Next> mostProbable(float[] logits, TokenTexts texts) {
    LogSoftmax logProbabilities = new LogSoftmax(logits);
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble(id -> -logits[id])) // stable: ties stay in id order
        .limit(SHOWN)
        .map(
            id ->
                new Inspection.Next(
                    id, texts.text(id), logits[id], Math.exp(logProbabilities.of(id))))
        .toList();
  }
}
