package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Between token ids and text for one model folder, as far as that is possible. */
final class TokenTexts implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(TokenTexts.class);

  /** GPT-2's vocabulary; models with more ids have it first and markers behind it. */
  private static final int GPT2_VOCABULARY = 50257;

  private final Optional<Gpt2Tokenizer> tokenizer;

  private TokenTexts(Optional<Gpt2Tokenizer> tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * For encoding: the folder's own tokenizer, or GPT-2's where the vocabulary is large enough.
   *
   * @throws UserException when there is neither, or the folder's own is damaged
   */
  static TokenTexts required(Path folder, Gpt2Config config) {
    Path file = folder.resolve(Gpt2Tokenizer.FILE);
    if (!Files.exists(file) && config.vocabulary() < GPT2_VOCABULARY) {
      throw UserException.usage(
          "--text needs %s, since the vocabulary of %d tokens is not GPT-2's; give --tokens"
              .formatted(file, config.vocabulary()));
    }
    return new TokenTexts(Optional.of(open(folder)));
  }

  /**
   * For showing tokens, where text is a convenience: a folder whose tokenizer is none of GPT-2's
   * kind can still be inspected.
   */
  static TokenTexts ifKnown(Path folder, Gpt2Config config) {
    Path file = folder.resolve(Gpt2Tokenizer.FILE);
    if (!Files.exists(file) && config.vocabulary() < GPT2_VOCABULARY) {
      return new TokenTexts(Optional.empty());
    }
    try {
      return new TokenTexts(Optional.of(open(folder)));
    } catch (UserException e) {
      log.warn("tokens are shown without text: {}", e.getMessage());
      return new TokenTexts(Optional.empty());
    }
  }

  private static Gpt2Tokenizer open(Path folder) {
    return Files.exists(folder.resolve(Gpt2Tokenizer.FILE))
        ? Gpt2Tokenizer.read(folder)
        : StandardVocabulary.tokenizer();
  }

  int[] encode(String text) {
    return tokenizer
        .orElseThrow(() -> new IllegalStateException("opened without a tokenizer"))
        .encode(text);
  }

  /** The text of a token; empty where it is not known, as for a model's own markers. */
  Optional<String> text(int id) {
    return tokenizer
        .filter(known -> id < known.vocabularySize())
        .map(known -> known.decode(new int[] {id}));
  }

  @Override
  public void close() {
    tokenizer.ifPresent(Gpt2Tokenizer::close);
  }
}
