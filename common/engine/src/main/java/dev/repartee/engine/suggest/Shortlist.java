package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Supplier;

/**
 * The tokens that a served model may expect: those of the replies that it knows, the most frequent
 * ones of the language, and the markers. The others would cost a third of the weights that are read
 * for each token, and nothing that is shown has them.
 */
public final class Shortlist {

  /** Byte-level BPE gives the lowest ids to bytes and then to what is most frequent. */
  private static final int FREQUENT = 16_384;

  /** The file in a model folder, a JSON array. */
  private static final String FILE = "shortlist.json";

  private Shortlist() {}

  /**
   * That of a model folder; where it has none, the one of these texts.
   *
   * @throws UserException when the file cannot be read
   */
  static int[] read(Path folder, Gpt2Tokenizer tokenizer, Supplier<List<String>> texts) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return of(tokenizer, texts.get());
    }
    int[] tokens = Json.readFile(file, int[].class);
    int size = tokenizer.vocabularySize() + PromptFormat.MARKERS;
    for (int i = 0; i < tokens.length; i++) {
      if (tokens[i] < (i == 0 ? 0 : tokens[i - 1] + 1) || tokens[i] >= size) {
        throw new UserException(
            "%s: [%d] must be an id below %d and above the one before, but is %d; fetch or write it again"
                .formatted(file, i, size, tokens[i]));
      }
    }
    return tokens;
  }

  /** Writes the one of these texts into a model folder: weights go with one, whatever they know. */
  public static void write(Path folder, Gpt2Tokenizer tokenizer, Memory memory) throws IOException {
    AtomicFile.writeString(
        folder.resolve(FILE), Json.COMPACT.writeValueAsString(of(tokenizer, memory.texts())));
  }

  /**
   * The tokens' ids, ascending; empty where a whole vocabulary is hardly larger.
   *
   * @param texts that a model knows
   */
  public static int[] of(Gpt2Tokenizer tokenizer, List<String> texts) {
    int words = tokenizer.vocabularySize();
    if (words < 2 * FREQUENT) {
      return new int[0];
    }
    BitSet tokens = new BitSet();
    tokens.set(0, FREQUENT);
    tokens.set(words, words + PromptFormat.MARKERS);
    texts.forEach(text -> Arrays.stream(tokenizer.encode(text)).forEach(tokens::set));
    return tokens.stream().toArray();
  }
}
