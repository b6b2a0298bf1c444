package dev.repartee.common.suggest;

import dev.repartee.common.UserException;
import dev.repartee.common.answers.AnswerSet;
import dev.repartee.common.answers.AnswerSetFile;
import dev.repartee.common.data.Message;
import dev.repartee.common.gpt2.Gpt2;
import dev.repartee.common.tokenizer.Gpt2Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Predicts replies with a fine-tuned GPT-2: the context is read once, the answer comes from its
 * last hidden state, and completions are decoded from its key-value cache.
 */
public final class SuggestionEngine implements ReplyPredictor {

  /** The answer set's file in a model folder. */
  public static final String ANSWERS_FILE = "answers.json";

  private static final int MAX_REPLY_TOKENS = 200;

  private final Gpt2 model;
  private final Gpt2Tokenizer tokenizer;
  private final PromptFormat format;
  private final int contextTokens;
  private final AnswerPredictor answers;
  private final Completer completer;
  private final boolean redacts;

  private SuggestionEngine(
      Gpt2 model, Gpt2Tokenizer tokenizer, ModelCard card, AnswerPredictor answers) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.format = new PromptFormat(tokenizer);
    this.contextTokens = Math.min(card.contextTokens(), model.config().positions() - 1);
    this.answers = answers;
    this.redacts = card.redacted();
    this.completer =
        new Completer(
            tokenizer, new TokenIndex(tokenizer), format.endMarker(), card.minProbability());
  }

  /**
   * Loads a model folder that {@code finetune} wrote.
   *
   * @throws UserException naming the file that is missing or does not fit the others
   */
  public static SuggestionEngine load(Path folder, EngineOptions options) {
    ModelCard card = ModelCard.read(folder);
    Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(folder);
    Gpt2 model = null;
    try {
      model = Gpt2.load(folder, options.precision());
      int wanted = tokenizer.vocabularySize() + PromptFormat.MARKERS;
      if (model.config().vocabulary() < wanted) {
        throw new UserException(
            "%s: vocab_size must be at least %d, for the tokenizer and the role markers, but is %d"
                .formatted(folder.resolve("config.json"), wanted, model.config().vocabulary()));
      }
      Path file = folder.resolve(ANSWERS_FILE);
      AnswerSet set = Files.exists(file) ? AnswerSetFile.read(file) : new AnswerSet(List.of());
      Optional<AnswerHead> head =
          AnswerHead.read(folder, set.answers().size(), model.config().width());
      return new SuggestionEngine(model, tokenizer, card, new AnswerPredictor(set, head));
    } catch (RuntimeException e) {
      if (model != null) {
        model.close();
      }
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public ReplySession open(List<Message> context) {
    ModelView view = redacts ? RedactedView.of(context) : new PlainView(context);
    return new Session(
        view,
        new ReplyTokens(model, format.context(view.context(), contextTokens), MAX_REPLY_TOKENS));
  }

  @Override
  public void close() {
    model.close();
    tokenizer.close();
  }

  private final class Session implements ReplySession {
    private final ModelView view;
    private final ReplyTokens reply;
    private final List<String> texts;
    private final double[] probabilities;

    Session(ModelView view, ReplyTokens reply) {
      this.view = view;
      this.reply = reply;
      this.texts = answers.texts().map(view::fill).toList();
      this.probabilities = answers.probabilities(reply.contextHidden());
    }

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return answers.best(probabilities, texts, draft, limit);
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return completer.complete(view.draft(draft), reply).flatMap(this::filled);
    }

    /** Without what cannot be filled in: the agent would have to take it out again. */
    private Optional<Suggestion> filled(Suggestion completion) {
      String text = view.fillOrCut(completion.text()).stripTrailing();
      return text.isEmpty()
          ? Optional.empty()
          : Optional.of(Suggestion.completion(text, completion.score()));
    }

    @Override
    public void close() {
      reply.close();
    }
  }
}
