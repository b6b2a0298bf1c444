package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2.TokenMask;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts replies with a fine-tuned GPT-2: the context is read once, and what the answer head and
 * the model say about the reply is worked out from its key-value cache.
 */
public final class SuggestionEngine implements ReplyPredictor, ReplyLikelihood {

  private static final Logger LOG = LoggerFactory.getLogger(SuggestionEngine.class);

  /** The answer set's file in a model folder. */
  public static final String ANSWERS_FILE = "answers.json";

  // A placeholder has up to six tokens, and ends a completion only when all of them were read.
  private static BranchSearch.Limits completions(long nanos) {
    return new BranchSearch.Limits(6, 8, 0.02, 28, nanos);
  }

  private static BranchSearch.Limits replies(long nanos) {
    return new BranchSearch.Limits(6, 8, 0.006, 120, nanos);
  }

  /** What the sessions of one engine share. */
  record Parts(Completer completer, ReplyScorer scorer, Calibration calibration) {}

  private final Gpt2 model;
  private final Gpt2Tokenizer tokenizer;
  private final PromptFormat format;
  private final int contextTokens;
  private final boolean redacts;
  private final KnownReplies known;
  private final Optional<CommonWords> words;
  private final OperatingPoint point;
  private final Passes passes;
  private final ContextCaches caches;
  private final Parts parts;

  private SuggestionEngine(
      Gpt2 model,
      Gpt2Tokenizer tokenizer,
      ModelCard card,
      KnownReplies known,
      Optional<CommonWords> words,
      EngineOptions options) {
    this.point = options.operatingPoint();
    long nanos = options.deadline().map(Duration::toNanos).orElse(Long.MAX_VALUE);
    this.known = known;
    this.words = words;
    this.model = model;
    this.tokenizer = tokenizer;
    this.format = new PromptFormat(tokenizer);
    this.contextTokens = Math.min(card.contextTokens(), model.config().positions() - 1);
    this.redacts = card.redacted();
    TokenIndex index = new TokenIndex(tokenizer);
    this.passes = passes(model, index, options);
    this.caches = new ContextCaches(passes, contextTokens + ReplyTree.ROOM, options.takesOver());
    this.parts =
        new Parts(
            new Completer(tokenizer, index, format.endMarker(), completions(nanos)),
            new ReplyScorer(tokenizer, index, format.endMarker(), replies(nanos)),
            card.calibration());
  }

  private static Passes passes(Gpt2 model, TokenIndex index, EngineOptions options) {
    TokenMask wordEnds = model.newTokenMask(index.endWords(model.config().vocabulary()));
    return options
        .batching()
        .<Passes>map(
            batching -> new BatchedPasses(model, wordEnds, batching.limits(), batching.listener()))
        .orElseGet(() -> new Passes.Direct(model, wordEnds));
  }

  /**
   * Loads a model folder that {@code finetune} wrote.
   *
   * @throws UserException naming the file that is missing or does not fit the others
   */
  public static SuggestionEngine load(Path folder, EngineOptions options) {
    ModelCard card = ModelCard.read(folder);
    if (card.calibration().equals(Calibration.NONE)) {
      LOG.info("{} is not calibrated; 'repartee evaluate --calibrate' does that", folder);
    }
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
      AnswerSet set = answers(folder);
      Wordings wordings = new Wordings(set);
      Optional<AnswerHead> head = AnswerHead.read(folder, set, model.config().width());
      return new SuggestionEngine(
          model,
          tokenizer,
          card,
          new KnownReplies(Memory.read(folder, wordings, model.config().width()), wordings, head),
          CommonWords.read(folder),
          options);
    } catch (RuntimeException e) {
      if (model != null) {
        model.close();
      }
      tokenizer.close();
      throw e;
    }
  }

  /** The answer set of a model folder; one of no answers where it has none. */
  public static AnswerSet answers(Path folder) {
    Path file = folder.resolve(ANSWERS_FILE);
    return Files.exists(file) ? AnswerSetFile.read(file) : new AnswerSet(List.of());
  }

  @Override
  public EngineSession open(List<Message> context) {
    return open(context, Optional.empty());
  }

  @Override
  public EngineSession open(List<Message> context, Optional<String> agentId) {
    ModelView view = view(context);
    ReplyTree tree = new ReplyTree(passes, caches, tokens(view));
    AllowedWords sayable = new AllowedWords(words, context);
    return new EngineSession(
        parts,
        new Completer.Situation(
            view,
            tree,
            sayable,
            new ContextWords(context),
            known.in(tree.contextHidden(), view, sayable, agentId)),
        point);
  }

  /**
   * Remembers what an agent replied in a conversation; it counts in the next prediction. Nothing is
   * written into the model folder.
   */
  public void learn(Conversation conversation) {
    List<Message> messages = conversation.messages();
    List<Memory.Given> given = new ArrayList<>();
    for (int m = 0; m < messages.size(); m++) {
      if (messages.get(m).isAgent()) {
        ModelView view = view(messages.subList(0, m));
        try (ReplyTree tree = new ReplyTree(passes, caches, tokens(view))) {
          given.add(
              new Memory.Given(
                  tree.contextHidden(), view.context(), whole(view, messages.get(m).text())));
        }
      }
    }
    known.memory().add(given, conversation.agentId());
  }

  @Override
  public boolean forget(String agentId) {
    return known.memory().forget(agentId);
  }

  /** What was learned, to be written into a model folder. */
  public Memory memory() {
    return known.memory();
  }

  private ModelView view(List<Message> context) {
    return redacts ? RedactedView.of(context) : new PlainView(context);
  }

  private int[] tokens(ModelView view) {
    return format.context(view.context(), contextTokens);
  }

  /** A reply as the model reads it: with a blank behind it the last word is over, and redacted. */
  private static String whole(ModelView view, String reply) {
    return view.draft(reply + " ").stripTrailing();
  }

  @Override
  public LogLikelihood logLikelihood(List<Message> context, String reply) {
    ModelView view = view(context);
    try (ReplyTree tree = new ReplyTree(passes, caches, tokens(view))) {
      return tree.logLikelihood(tokenizer.encode(whole(view, reply)), format.endMarker());
    }
  }

  @Override
  public void close() {
    caches.close();
    passes.close();
    model.close();
    tokenizer.close();
  }
}
