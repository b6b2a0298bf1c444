package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.LockstepPasses;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.ConversationRedactor.Memo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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

  /** Caches that are kept for conversations that go on. */
  private static final int IDLE_CACHES = 4;

  /** Messages that are redacted once, while their conversations go on. */
  private static final int REMEMBERED_MESSAGES = 2000;

  // A placeholder has up to six tokens, and ends a completion only when all of them were read.
  private static final BranchSearch.Limits COMPLETIONS = new BranchSearch.Limits(6, 8, 0.02, 28);

  /** What the sessions of one engine share. */
  record Parts(Completer completer, Calibration calibration, KnownReplies known) {}

  /** What was read of a model folder; owned by the engine that {@link #load} returns. */
  private record Loaded(
      Gpt2 model,
      Gpt2Tokenizer tokenizer,
      TokenIndex index,
      ModelCard card,
      KnownReplies known,
      ConversationRedactor redactor,
      Optional<CommonWords> words,
      EngineOptions options) {

    int contextTokens() {
      return Math.min(card.contextTokens(), ModelCard.contextWithin(model.config().positions()));
    }

    Passes newPasses() {
      return options
          .batching()
          .<Passes>map(
              batching ->
                  new BatchedPasses(model, batching.limits(), batching.listener(), batching.turn()))
          .orElseGet(() -> new Passes.Direct(model));
    }
  }

  private final Loaded loaded;
  private final boolean owner;
  private final PromptFormat format;
  private final Passes passes;
  private final ContextCaches caches;
  private final ContextCaches learning;
  private final Parts parts;
  private LearnedReplies.Shown taught = LearnedReplies.Shown.NOTHING; // of which learned is a part
  private volatile LearnedReplies.Shown learned = LearnedReplies.Shown.NOTHING;

  private SuggestionEngine(Loaded loaded) {
    this.loaded = loaded;
    this.owner = true;
    this.format = new PromptFormat(loaded.tokenizer());
    this.passes = loaded.newPasses();
    this.caches = newCaches();
    this.learning = cachesForLearning();
    this.parts =
        new Parts(
            new Completer(loaded.tokenizer(), loaded.index(), COMPLETIONS, loaded.known().memory()),
            loaded.card().calibration(),
            loaded.known());
  }

  /** The same engine with other passes, and with caches of its own. */
  private SuggestionEngine(SuggestionEngine engine, Passes passes) {
    this.loaded = engine.loaded;
    this.owner = false;
    this.format = engine.format;
    this.passes = passes;
    this.caches = newCaches();
    this.learning = cachesForLearning();
    this.parts = engine.parts;
  }

  private ContextCaches newCaches() {
    return new ContextCaches(
        passes,
        loaded.contextTokens() + ReplyTree.ROOM,
        owner ? IDLE_CACHES : 1,
        loaded.options().takesOver());
  }

  /** One of its own, so that no conversation that goes on loses what was read of it. */
  private ContextCaches cachesForLearning() {
    return new ContextCaches(passes, loaded.contextTokens() + ReplyTree.ROOM, 1, false);
  }

  /**
   * Loads a model folder that {@code finetune} wrote.
   *
   * @throws UserException naming the file that is missing or does not fit the others
   */
  public static SuggestionEngine load(Path folder, EngineOptions options) {
    return load(folder, options, true);
  }

  /**
   * Loads the weights of a model folder and nothing that it knows of replies: no answers, no head
   * for them, no memory. What {@link #learn} is given is all that it will remember.
   *
   * @throws UserException as {@link #load} does
   */
  public static SuggestionEngine loadWithoutReplies(Path folder, EngineOptions options) {
    return load(folder, options, false);
  }

  private static SuggestionEngine load(Path folder, EngineOptions options, boolean replies) {
    ModelCard card = ModelCard.read(folder);
    if (card.calibration().equals(Calibration.NONE)) {
      LOG.info("{} is not calibrated; 'repartee evaluate --calibrate' does that", folder);
    }
    Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(folder);
    Gpt2 model = null;
    try {
      int width = Gpt2Config.read(folder).width();
      AnswerSet set = replies ? answers(folder) : new AnswerSet(List.of());
      Wordings wordings = new Wordings(set);
      Memory memory =
          replies ? Memory.read(folder, wordings, width) : new Memory(width, "", wordings);
      model = Gpt2.load(folder, options.compute(), () -> Shortlist.of(tokenizer, memory.texts()));
      int wanted = tokenizer.vocabularySize() + PromptFormat.MARKERS;
      if (model.config().vocabulary() < wanted) {
        throw new UserException(
            "%s: vocab_size must be at least %d, for the tokenizer and the role markers, but is %d"
                .formatted(folder.resolve("config.json"), wanted, model.config().vocabulary()));
      }
      KnownReplies known =
          new KnownReplies(
              memory, wordings, replies ? AnswerHead.read(folder, set, width) : Optional.empty());
      return new SuggestionEngine(
          new Loaded(
              model,
              tokenizer,
              new TokenIndex(tokenizer),
              card,
              known,
              new ConversationRedactor(set.facts(), Memo.ofNewest(REMEMBERED_MESSAGES)),
              CommonWords.read(folder),
              options));
    } catch (RuntimeException e) {
      if (model != null) {
        model.close();
      }
      tokenizer.close();
      throw e;
    }
  }

  /** On a GPU, what the card leaves beside two versions of the model. */
  @Override
  public long sessionMemory() {
    Compute compute = loaded.options().compute();
    if (!compute.isGpu()) {
      return ReplyPredictor.super.sessionMemory();
    }
    long bytes = compute.precision() == Precision.FP32 ? Float.BYTES : Short.BYTES;
    return Gpus.ofThisMachine()
        .all()
        .get(compute.device().getDeviceId())
        .sessionMemory(loaded.model().config().parameters() * bytes);
  }

  @Override
  public void releaseUnused() {
    caches.closeIdle();
    loaded.model().releaseUnused();
  }

  /** The answer set of a model folder; one of no answers where it has none. */
  public static AnswerSet answers(Path folder) {
    Path file = folder.resolve(ANSWERS_FILE);
    return Files.exists(file) ? AnswerSetFile.read(file) : new AnswerSet(List.of());
  }

  @Override
  public EngineSession open(List<Message> context) {
    return open(context, Desk.NONE);
  }

  @Override
  public EngineSession open(List<Message> context, Desk desk) {
    ModelView view = view(context, desk);
    ReplyTree tree = read(view);
    try {
      return session(context, desk, view, tree);
    } catch (RuntimeException | Error e) {
      tree.close();
      throw e;
    }
  }

  private EngineSession session(List<Message> context, Desk desk, ModelView view, ReplyTree tree) {
    LibraryTexts library = loaded.known().memory().library();
    ReplyLanguage language = new ReplyLanguage(desk, view.context());
    List<WholeReply> known = loaded.known().in(tree.contextHidden(), view, desk, language);
    return new EngineSession(
        parts,
        new Completer.Situation(
            view,
            tree,
            new AllowedWords(loaded.words(), context, desk),
            new LikelyReplies(known),
            library,
            desk,
            language),
        known,
        loaded.options().operatingPoint());
  }

  /**
   * Remembers what an agent replied in a conversation; it counts in the next prediction. Nothing is
   * written into the model folder.
   */
  public void learn(Conversation conversation) {
    loaded.known().memory().add(given(conversation), conversation.agentId());
  }

  /** The same of many, read side by side. */
  public void learn(List<Conversation> conversations) {
    List<List<Memory.Given>> given =
        new ArrayList<>(Collections.nCopies(conversations.size(), List.of()));
    enginesSideBySide(
        IntStream.range(0, conversations.size())
            .<Consumer<SuggestionEngine>>mapToObj(
                c -> own -> given.set(c, own.given(conversations.get(c))))
            .toList());
    for (int c = 0; c < conversations.size(); c++) {
      loaded.known().memory().add(given.get(c), conversations.get(c).agentId());
    }
  }

  private List<Memory.Given> given(Conversation conversation) {
    List<Message> messages = conversation.messages();
    List<Memory.Given> given = new ArrayList<>();
    for (int m = 0; m < messages.size(); m++) {
      if (messages.get(m).isLearned()) {
        ModelView view = view(messages.subList(0, m), Desk.NONE);
        try (ReplyTree tree = read(view)) {
          given.add(
              new Memory.Given(
                  tree.contextHidden(), view.context(), whole(view, messages.get(m).text())));
        }
      }
    }
    return given;
  }

  @Override
  public List<Message> redact(List<Message> messages, Desk desk) {
    return ReplyPredictor.redact(messages, desk, loaded.redactor());
  }

  /** What was public when a reply was stored may not be any more. */
  private String redact(String reply) {
    return redact(List.of(Message.agent(reply)), Desk.NONE).getFirst().text();
  }

  @Override
  public synchronized void learn(LearnedReplies.Shown replies) {
    taught = replies;
    learned = replies.of(this::leadsNowhere);
    memory()
        .learned(
            learned, learned.texts().stream().map(one -> one.worded(redact(one.text()))).toList());
  }

  /**
   * Whoever may teach could send all customers to an address of their own: a learned text has none
   * that the library and the public values do not have.
   */
  private boolean leadsNowhere(String text) {
    return memory().library().holds(loaded.redactor().contacts(text));
  }

  @Override
  public boolean readLearned(BooleanSupplier goOn) {
    Set<String> read = memory().learnedKeys();
    for (LearnedReplies.Reply reply : learned.replies()) {
      if (!read.contains(reply.key())) {
        if (!goOn.getAsBoolean()) {
          return false;
        }
        ModelView view = view(reply.context(), Desk.NONE);
        try (ReplyTree tree =
            new ReplyTree(passes, learning, tokens(view), ReplyTree.ModelAccess.BEHIND)) {
          memory()
              .add(
                  reply,
                  new Memory.Given(tree.contextHidden(), view.context(), redact(reply.text())));
        }
      }
    }
    return true;
  }

  @Override
  public void library(AnswerLibrary library, boolean only) {
    if (memory().library(library, only)) {
      learnAgain();
    }
  }

  /** Another library may have other addresses. */
  private synchronized void learnAgain() {
    learn(taught);
  }

  /** What was learned, to be written into a model folder. */
  public Memory memory() {
    return loaded.known().memory();
  }

  @Override
  public boolean forget(String agentId) {
    return loaded.known().memory().forget(agentId);
  }

  @Override
  public boolean knowsAgents() {
    return loaded.known().memory().size().agents() > 0;
  }

  private ModelView view(List<Message> context, Desk desk) {
    return loaded.card().redacted()
        ? RedactedView.of(context, desk, loaded.redactor())
        : PlainView.of(context, desk, loaded.redactor());
  }

  private ReplyTree read(ModelView view) {
    return new ReplyTree(passes, caches, tokens(view));
  }

  private int[] tokens(ModelView view) {
    return format.context(view.context(), loaded.contextTokens());
  }

  /** A reply as the model reads it: with a blank behind it the last word is over, and redacted. */
  private static String whole(ModelView view, String reply) {
    return view.draft(reply + " ").stripTrailing();
  }

  @Override
  public LogLikelihood logLikelihood(List<Message> context, String reply) {
    ModelView view = view(context, Desk.NONE);
    try (ReplyTree tree = read(view)) {
      return tree.logLikelihood(loaded.tokenizer().encode(whole(view, reply)), format.endMarker());
    }
  }

  /** Where nothing was learned, all tokens are equally probable. */
  @Override
  public double mostTooHigh() {
    return Math.log((double) loaded.model().config().vocabulary() / loaded.model().outputs());
  }

  @Override
  public void sideBySide(List<Consumer<ReplyPredictor>> tasks) {
    enginesSideBySide(tasks);
  }

  /**
   * {@link #sideBySide} for who needs more than a {@link ReplyPredictor}. The passes of the tasks
   * are joined, {@link EngineOptions#batching} or not.
   */
  public void enginesSideBySide(List<? extends Consumer<? super SuggestionEngine>> tasks) {
    LockstepPasses.run(
        loaded.model(),
        tasks.stream().<Consumer<Passes>>map(task -> own -> work(task, own)).toList());
  }

  private void work(Consumer<? super SuggestionEngine> task, Passes own) {
    try (SuggestionEngine engine = new SuggestionEngine(this, own)) {
      task.accept(engine);
    }
  }

  @Override
  public void close() {
    caches.close();
    learning.close();
    passes.close();
    if (owner) {
      loaded.model().close();
      loaded.tokenizer().close();
    }
  }
}
