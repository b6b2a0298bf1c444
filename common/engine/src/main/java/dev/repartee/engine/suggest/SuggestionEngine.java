package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.LockstepPasses;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.MemoryBuilder;
import dev.repartee.engine.memory.ModelView;
import dev.repartee.engine.memory.ReadContext;
import dev.repartee.engine.memory.ReplyLanguage;
import dev.repartee.engine.memory.TypedText;
import dev.repartee.engine.suggest.Completer.AllowedWords;
import dev.repartee.engine.suggest.Completer.LikelyReplies;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.Links;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Predicts replies with a fine-tuned GPT-2: the context is read once, and what the answer head and
 * the model say about the reply is worked out from its key-value cache.
 */
public final class SuggestionEngine implements ServingEngine, ReplyLikelihood {

  /** Caches that are kept for conversations that go on. */
  private static final int IDLE_CACHES = 4;

  // A placeholder has up to six tokens, and ends a completion only when all of them were read.
  // With 0.02 a search took up to twice as many passes and saved no more (STAR).
  private static final BranchSearch.Limits COMPLETIONS = new BranchSearch.Limits(6, 8, 0.08, 28);

  /**
   * What was read of a model folder beside its knowledge; owned by the engine that {@link #load}
   * returns.
   */
  private record Loaded(
      Gpt2 model,
      Gpt2Tokenizer tokenizer,
      ModelCard card,
      Completer completer,
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

  /** What changes while the weights stay. */
  private record Version(Knowledge knowledge, Calibration calibration) {

    static Version read(Path folder, int width, EngineOptions options) {
      return new Version(
          Knowledge.read(folder, width, options.onlyLibrary()),
          options.countsAlone() ? Calibration.readCounts(folder) : Calibration.read(folder));
    }

    Version with(Knowledge other) {
      return new Version(other, calibration);
    }
  }

  private final Loaded loaded;
  private final boolean owner;
  private final PromptFormat format;
  private final Passes passes;
  private final ContextCaches caches;
  private volatile Version version;

  /**
   * @param owner whether closing this closes what was loaded; others have caches of their own
   */
  private SuggestionEngine(Loaded loaded, Version version, Passes passes, boolean owner) {
    this.loaded = loaded;
    this.version = version;
    this.owner = owner;
    this.format = new PromptFormat(loaded.tokenizer());
    this.passes = passes;
    int capacity = loaded.contextTokens() + ReplyTree.ROOM;
    this.caches = new ContextCaches(passes, capacity, owner ? IDLE_CACHES : 1);
  }

  /**
   * Loads a model folder that {@code finetune} wrote, and asks its golden prompt again.
   *
   * @throws UserException naming the file that is missing or does not fit the others
   */
  public static SuggestionEngine load(Path folder, EngineOptions options) {
    Optional<GoldenPrompt> golden =
        GoldenPrompt.read(folder); // before the weights, which take long
    SuggestionEngine engine = open(folder, options);
    try {
      golden.ifPresent(prompt -> prompt.check(folder, engine));
      return engine;
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private static SuggestionEngine open(Path folder, EngineOptions options) {
    ModelCard card = ModelCard.read(folder);
    Gpt2Config config = Gpt2Config.read(folder);
    Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(folder);
    CompletableFuture<Version> version = // a start takes as long as the longer of both
        CompletableFuture.supplyAsync(() -> Version.read(folder, config.width(), options));
    Gpt2 model = null;
    try {
      int wanted = tokenizer.vocabularySize() + PromptFormat.MARKERS;
      if (config.vocabulary() < wanted) {
        throw new UserException(
            "%s: vocab_size must be at least %d, for the tokenizer and the role markers, but is %d"
                .formatted(folder.resolve(Gpt2Config.FILE), wanted, config.vocabulary()));
      }
      model =
          Gpt2.load(
              folder,
              options.compute(),
              () ->
                  Shortlist.read(
                      folder, tokenizer, () -> known(version).knowledge().memory().texts()));
      Loaded loaded =
          new Loaded(
              model,
              tokenizer,
              card,
              new Completer(tokenizer, new TokenIndex(tokenizer), COMPLETIONS),
              options);
      return new SuggestionEngine(loaded, known(version), loaded.newPasses(), true);
    } catch (RuntimeException e) {
      if (model != null) {
        model.close();
      }
      tokenizer.close();
      closeWhenRead(version);
      throw e;
    }
  }

  /** Waits, so that nothing reads the folder any more, and unmaps what was read. */
  private static void closeWhenRead(CompletableFuture<Version> version) {
    try {
      version.join().knowledge().memory().close();
    } catch (CompletionException e) {
      // Nothing was opened.
    }
  }

  private static Version known(CompletableFuture<Version> version) {
    try {
      return version.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** On a GPU, what the card leaves beside two versions of the model. */
  @Override
  public long sessionMemory() {
    Compute compute = loaded.options().compute();
    if (!compute.isGpu()) {
      return SESSION_MEMORY;
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

  @Override
  public Knowledge knowledge() {
    return version.knowledge();
  }

  @Override
  public boolean isCalibrated() {
    return !version.calibration().equals(Calibration.NONE);
  }

  /** Takes other knowledge; sessions that are open keep the one with which they were opened. */
  public void use(Knowledge other) {
    version = version.with(other);
  }

  @Override
  public EngineSession open(List<Message> context) {
    return open(context, Desk.NONE);
  }

  @Override
  public EngineSession open(List<Message> context, Desk desk) {
    Version asked = version;
    Knowledge now = asked.knowledge();
    ModelView view = view(now, context, desk);
    ReplyTree tree = read(view);
    try {
      ReplyLanguage language = new ReplyLanguage(desk, view.context());
      Knowledge.Recalled recalled = now.wholeReplies(tree.contextHidden(), view, desk, language);
      return new EngineSession(
          this::knowledge,
          loaded.completer(),
          new Completer.Situation(
              now,
              desk,
              view,
              tree,
              new AllowedWords(now.words(), context, desk),
              language,
              recalled,
              new LikelyReplies(recalled.replies())),
          asked.calibration(),
          loaded.options().display());
    } catch (RuntimeException | Error e) {
      tree.close();
      throw e;
    }
  }

  /** Reads what agents replied in these conversations, side by side, into {@code memory}. */
  public void read(List<Conversation> conversations, MemoryBuilder memory) {
    List<List<MemoryBuilder.AgentReply>> replies =
        new ArrayList<>(Collections.nCopies(conversations.size(), List.of()));
    enginesSideBySide(
        IntStream.range(0, conversations.size())
            .<Consumer<SuggestionEngine>>mapToObj(
                c -> own -> replies.set(c, own.replies(conversations.get(c), own::contextHidden)))
            .toList());
    for (int c = 0; c < conversations.size(); c++) {
      Conversation one = conversations.get(c);
      memory.add(replies.get(c), one.domain(), one.id());
    }
  }

  /**
   * Builds without reading the contexts with the model, for more conversations than there is time
   * to read: their replies count, and are found by words alone.
   */
  public void count(Conversation conversation, MemoryBuilder memory) {
    memory.add(replies(conversation, _ -> new float[0]), conversation.domain(), conversation.id());
  }

  private float[] contextHidden(ModelView view) {
    try (ReplyTree tree = read(view)) {
      return tree.contextHidden();
    }
  }

  private List<MemoryBuilder.AgentReply> replies(
      Conversation conversation, Function<ModelView, float[]> hidden) {
    List<MemoryBuilder.AgentReply> replies = new ArrayList<>();
    for (Conversation.Reply reply : conversation.replies()) {
      ModelView view = view(knowledge(), reply.context(), Desk.NONE);
      replies.add(
          new MemoryBuilder.AgentReply(
              hidden.apply(view),
              view.context(),
              whole(view, reply.message().text()),
              conversation.agentOf(reply.message())));
    }
    return replies;
  }

  @Override
  public Knowledge.Built build(Knowledge base, Knowledge.Sources sources, BooleanSupplier goOn) {
    return base.build(
        sources,
        (reply, memory) ->
            goOn.getAsBoolean() ? Optional.of(read(base, reply, memory)) : Optional.empty());
  }

  private ReadContext read(Knowledge now, TypedText.TypedReply reply, MemoryBuilder memory) {
    ModelView view = view(now, reply.context(), Desk.NONE);
    try (ReplyTree tree = read(view)) {
      return memory.read(tree.contextHidden(), view.context());
    }
  }

  @Override
  public void reload(Path folder) {
    version = Version.read(folder, loaded.model().config().width(), loaded.options());
  }

  private ModelView view(Knowledge now, List<Message> context, Desk desk) {
    return loaded.card().redacted()
        ? ModelView.redacted(context, desk, now.redactor())
        : ModelView.plain(context, desk, now.redactor());
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
    ModelView view = view(knowledge(), context, Desk.NONE);
    try (ReplyTree tree = read(view)) {
      return tree.logLikelihood(
          loaded.tokenizer().encode(Links.masked(whole(view, reply))), format.endMarker());
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
    try (SuggestionEngine engine = new SuggestionEngine(loaded, version, own, false)) {
      task.accept(engine);
    }
  }

  @Override
  public void close() {
    caches.close();
    passes.close();
    if (owner) {
      loaded.model().close();
      loaded.tokenizer().close();
    }
  }
}
