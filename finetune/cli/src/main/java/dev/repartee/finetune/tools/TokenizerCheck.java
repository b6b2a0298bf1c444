package dev.repartee.finetune.tools;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import java.util.Map;

/** The tokenizer's native library, by encoding and decoding a word. */
final class TokenizerCheck implements Check {

  private static final String NAME = "tokenizer";
  private static final String SAMPLE = "Hello world";

  @Override
  public Finding run() {
    try (Gpt2Tokenizer tokenizer = StandardVocabulary.tokenizer()) {
      if (!tokenizer.decode(tokenizer.encode(SAMPLE)).equals(SAMPLE)) {
        return broken("it does not restore '" + SAMPLE + "'");
      }
      int size = tokenizer.vocabularySize();
      return Finding.ok(
          NAME, "GPT-2's, %,d tokens".formatted(size), new Details().add("vocabulary", size).map());
    } catch (RuntimeException | LinkageError e) {
      return broken(e.toString());
    }
  }

  private static Finding broken(String error) {
    return Finding.missing(
        NAME,
        "the tokenizer does not work: " + error,
        Map.of("error", error),
        "see that the native folder is writable, and build again with 'mvn clean package'");
  }
}
