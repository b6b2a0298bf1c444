package dev.repartee.engine.suggest;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The tokens that a served model may expect: those of the replies that it knows, the most frequent
 * ones of the language, and the markers. The others would cost a third of the weights that are read
 * for each token, and nothing that is shown has them.
 */
public final class Shortlist {

  /** Byte-level BPE gives the lowest ids to bytes and then to what is most frequent. */
  private static final int FREQUENT = 16_384;

  private Shortlist() {}

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
