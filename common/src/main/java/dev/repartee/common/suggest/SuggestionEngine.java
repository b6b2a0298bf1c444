package dev.repartee.common.suggest;

import dev.repartee.common.UserException;
import dev.repartee.common.data.Message;
import java.nio.file.Path;
import java.util.List;

/** Predicts replies with a fine-tuned GPT-2. */
public final class SuggestionEngine implements ReplyPredictor {

  private SuggestionEngine() {}

  /** Loads a model folder. */
  public static SuggestionEngine load(Path folder, EngineOptions options) {
    throw new UserException(folder + " cannot be loaded with " + options);
  }

  @Override
  public ReplySession open(List<Message> context) {
    throw new UserException("not loaded");
  }

  @Override
  public void close() {}
}
