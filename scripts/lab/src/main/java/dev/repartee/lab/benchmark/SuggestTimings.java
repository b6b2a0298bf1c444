package dev.repartee.lab.benchmark;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.NextTokens;
import dev.repartee.engine.gpt2.Pass;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.Shortlist;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.text.Quantiles;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Times one model folder in one precision. */
final class SuggestTimings {

  private static final int CONTEXT = 128;
  private static final int MESSAGE = 32;
  private static final int SHORT_MESSAGE = 8;
  private static final int PROPOSED = 16;
  private static final int TEXTS = 16;
  private static final int CONTINUATION = 20;
  private static final int CAPACITY = 256;

  /** Tokens of one message in a conversation. */
  private static final int TURN = 16;

  /** Passes of the model before those that count. */
  private static final int WARM_UP = 3;

  /** What is Java alone needs more: the compiler's. */
  private static final int JAVA_WARM_UP = 200;

  /** A message is redacted and ranked in Java. */
  private static final int MESSAGE_WARM_UP = 60;

  private final Compute compute;
  private final int repetitions;
  private final int[] context;
  private final int[] message;
  private final int[] proposal;
  private final Map<SuggestLine, Timing> timings = new EnumMap<>(SuggestLine.class);

  private SuggestTimings(Compute compute, int repetitions, int vocabulary) {
    this.compute = compute;
    this.repetitions = repetitions;
    Random random = new Random(1);
    this.context = random.ints(CONTEXT, 0, vocabulary).toArray();
    this.message = random.ints(MESSAGE, 0, vocabulary).toArray();
    this.proposal = random.ints(PROPOSED, 0, vocabulary).toArray();
  }

  /** Every line, but in other precisions than FP32 the one without a cache. */
  static Map<SuggestLine, Timing> measure(Path folder, Compute compute, int repetitions) {
    SuggestTimings timings;
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(folder);
        Gpt2 model = Gpt2.load(folder, compute, () -> Shortlist.of(tokenizer, List.of()))) {
      timings = new SuggestTimings(compute, repetitions, model.config().vocabulary());
      timings.timePasses(model, head(folder, model));
    }
    try (SuggestionEngine engine = SuggestionEngine.load(folder, new EngineOptions(compute))) {
      timings.timeReplies(engine);
      timings.timeKeystrokes(engine);
    }
    return timings.timings;
  }

  private static AnswerHead head(Path folder, Gpt2 model) {
    return AnswerHead.read(
            folder,
            AnswerSetFile.read(folder.resolve(Knowledge.ANSWERS_FILE)),
            model.config().width())
        .orElseThrow();
  }

  private void timePasses(Gpt2 model, AnswerHead head) {
    try (KvCache cache = model.newCache(CAPACITY)) {
      time(SuggestLine.PREFILL, i -> cache.truncate(0), i -> model.step(cache, context, 1));
      time(
          SuggestLine.SHORT_MESSAGE,
          i -> cache.truncate(CONTEXT),
          i -> model.step(cache, Arrays.copyOf(message, SHORT_MESSAGE), 1));
      time(SuggestLine.MESSAGE, i -> cache.truncate(CONTEXT), i -> rank(model, cache, head));
      int read = cache.length();
      time(SuggestLine.PROPOSAL, i -> cache.truncate(read), i -> verify(model, cache));
      time(SuggestLine.TOKEN, i -> cache.truncate(read), i -> next(model, cache, 0));
      timeTexts(model);
      time(
          SuggestLine.CONTINUATION,
          i -> cache.truncate(CONTEXT),
          i -> {
            int next = 0;
            for (int t = 0; t < CONTINUATION; t++) {
              next = next(model, cache, next);
            }
          });
      time(SuggestLine.CACHED, i -> cache.truncate(0), i -> cached(model, cache));
      if (compute.precision() == Precision.FP32) {
        time(SuggestLine.UNCACHED, i -> {}, i -> uncached(model, cache));
        cache.truncate(0);
        if (!Arrays.equals(cached(model, cache), uncached(model, cache))) {
          System.err.println("remark: with and without a cache other tokens were chosen");
        }
      }
    }
  }

  /** A token of each of several texts, in one pass. */
  private void timeTexts(Gpt2 model) {
    int read = CONTEXT + MESSAGE;
    int[] text = IntStream.concat(IntStream.of(context), IntStream.of(message)).toArray();
    List<KvCache> caches = Stream.generate(() -> model.newCache(CAPACITY)).limit(TEXTS).toList();
    try {
      caches.forEach(cache -> model.step(cache, text, 1));
      time(
          SuggestLine.TOKENS_OF_16,
          i -> caches.forEach(cache -> cache.truncate(read)),
          i -> model.run(caches.stream().map(cache -> Pass.read(cache, new int[] {0})).toList()));
    } finally {
      caches.forEach(KvCache::close);
    }
  }

  private List<Integer> rank(Gpt2 model, KvCache cache, AnswerHead head) {
    double[] answers = head.probabilities(model.step(cache, message, 1).lastHidden());
    return IntStream.range(0, answers.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> -answers[i]))
        .toList();
  }

  /** Reads the proposal, and returns how many of its tokens the model would have chosen. */
  private int verify(Gpt2 model, KvCache cache) {
    int before = cache.length();
    int slots = before + PROPOSED;
    boolean[] visible = new boolean[PROPOSED * slots];
    for (int t = 0; t < PROPOSED; t++) {
      Arrays.fill(visible, t * slots, t * slots + before + t + 1, true);
    }
    int[] places = IntStream.range(before, slots).toArray();
    List<NextTokens> next =
        model.run(List.of(Pass.tree(cache, proposal, places, visible))).getFirst().next();
    int agreed = 0;
    for (int t = 0; t + 1 < PROPOSED; t++) {
      agreed += next.get(t).best(1)[0] == proposal[t + 1] ? 1 : 0;
    }
    return agreed;
  }

  private static int next(Gpt2 model, KvCache cache, int token) {
    return best(model.step(cache, new int[] {token}, 1).lastLogits());
  }

  private int[] cached(Gpt2 model, KvCache cache) {
    int[] chosen = new int[CONTINUATION];
    chosen[0] = best(model.step(cache, context, 1).lastLogits());
    for (int t = 1; t < CONTINUATION; t++) {
      chosen[t] = next(model, cache, chosen[t - 1]);
    }
    return chosen;
  }

  /** Decodes as without a key-value cache: the whole text again for every token. */
  private int[] uncached(Gpt2 model, KvCache room) {
    int[] text = Arrays.copyOf(context, CONTEXT + CONTINUATION);
    for (int length = CONTEXT; length < text.length; length++) {
      room.truncate(0);
      text[length] = best(model.step(room, Arrays.copyOf(text, length), 1).lastLogits());
    }
    return Arrays.copyOfRange(text, CONTEXT, text.length);
  }

  private static int best(float[] logits) {
    int best = 0;
    for (int id = 1; id < logits.length; id++) {
      best = logits[id] > logits[best] ? id : best;
    }
    return best;
  }

  /** A new message as a session sees it: redacted, ranked, and the model asked about wordings. */
  private void timeReplies(SuggestionEngine engine) {
    Random random = new Random(1);
    List<Message> known = new ArrayList<>();
    for (int tokens = 0; tokens < CONTEXT - TURN; tokens += TURN) {
      String text = BenchmarkModelCommand.sentence(random, TURN - 1);
      known.add(known.size() % 2 == 0 ? Message.customer(text) : Message.agent(text));
    }
    time(
        SuggestLine.REPLIES,
        MESSAGE_WARM_UP,
        i -> engine.open(known).close(),
        i -> {
          List<Message> messages = new ArrayList<>(known);
          messages.add(Message.customer(BenchmarkModelCommand.sentence(random, MESSAGE - 1)));
          try (EngineSession session = engine.open(messages)) {
            session.answers("", TypedTextSaved.SHOWN);
          }
        });
  }

  private void timeKeystrokes(SuggestionEngine engine) {
    List<Message> messages = List.of(Message.customer("When will you come? I am in at 4:30 pm."));
    try (EngineSession session = engine.open(messages)) {
      String draft = completed(session);
      Optional<Suggestion> wanted = session.complete(draft);
      time(
          SuggestLine.ASKED_BEFORE,
          JAVA_WARM_UP,
          i -> session.suggest("", 1),
          i -> require(wanted, session, draft));
      // The session has not seen these drafts, so it searches; but the model reads {time} in all of
      // them, and has read it before.
      time(
          SuggestLine.SEARCHED,
          JAVA_WARM_UP,
          i -> session.suggest("", 1),
          i -> require(wanted, session, draft(draft, i)));
    }
  }

  /**
   * A draft that ends within a long word and that the engine completes, whether or not a completion
   * is worth an offer: the search before that is what takes time. Every token is about as probable
   * as any other to random weights, and the engine keeps only the most probable ones, so it
   * completes few words. Which ones depends on the precision and the machine, so any long word of
   * the vocabulary will do.
   */
  private static String completed(EngineSession session) {
    try (Gpt2Tokenizer tokenizer = StandardVocabulary.tokenizer()) {
      return IntStream.range(0, tokenizer.vocabularySize())
          .mapToObj(id -> tokenizer.decode(new int[] {id}))
          .filter(token -> token.matches(" [a-z]{8,}"))
          .map(token -> "We come at 1:00 pm" + token.substring(0, token.length() - 2))
          .filter(draft -> !session.candidates(draft).isEmpty())
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "the random model completes no word of its vocabulary"));
    }
  }

  private static String draft(String first, int i) {
    int minute = i + JAVA_WARM_UP + 1;
    return first.replace("1:00", "%d:%02d".formatted(1 + minute / 60 % 12, minute % 60));
  }

  private static void require(Optional<Suggestion> wanted, EngineSession session, String draft) {
    if (!session.complete(draft).map(Suggestion::text).equals(wanted.map(Suggestion::text))) {
      throw new IllegalStateException("another completion than before after: " + draft);
    }
  }

  private void time(SuggestLine line, IntConsumer prepare, IntConsumer work) {
    time(line, WARM_UP, prepare, work);
  }

  /** Runs {@code work} with the number of the repetition, which is below 0 in the warm-up. */
  private void time(SuggestLine line, int warmUp, IntConsumer prepare, IntConsumer work) {
    long[] nanos = new long[repetitions];
    for (int i = -warmUp; i < repetitions; i++) {
      prepare.accept(i);
      long started = System.nanoTime();
      work.accept(i);
      if (i >= 0) {
        nanos[i] = System.nanoTime() - started;
      }
    }
    timings.put(line, Timing.of(nanos));
  }

  /**
   * How long something took.
   *
   * @param median in milliseconds
   * @param p95 by nearest rank, in milliseconds
   * @param repetitions that both come from, at least 1
   */
  record Timing(double median, double p95, int repetitions) {

    private static final double NANOS = 1e6;

    Timing {
      if (repetitions < 1) {
        throw new IllegalArgumentException("repetitions must be at least 1 but is " + repetitions);
      }
    }

    /** Of single times in nanoseconds, at least one. */
    static Timing of(long[] nanos) {
      long[] sorted = nanos.clone();
      Arrays.sort(sorted);
      double median = Quantiles.median(Arrays.stream(sorted).asDoubleStream().toArray()) / NANOS;
      return new Timing(median, Quantiles.nearestRank(sorted, 0.95) / NANOS, sorted.length);
    }
  }

  /** What {@code benchmark-suggest} times; a target is in milliseconds, for the best precision. */
  enum SuggestLine {
    PREFILL("128 tokens from the beginning", Double.NaN),
    MESSAGE("32 new tokens on 128 cached, to ranked answers", 15),
    SHORT_MESSAGE("8 new tokens on 128 cached", Double.NaN),
    REPLIES("the same through the engine, wordings weighed", Double.NaN),
    PROPOSAL("a proposal of 16 tokens verified, on 160 cached", 20),
    TOKEN("1 token on 160 cached", Double.NaN),
    TOKENS_OF_16("1 token of each of 16 texts, on 160 cached", Double.NaN),
    CONTINUATION("20 tokens freely, on 128 cached", 90),
    ASKED_BEFORE("keystroke, its draft asked before", 0.5),
    SEARCHED("keystroke, other draft, cached distributions", Double.NaN),
    CACHED("128 + 20 tokens with a cache", Double.NaN),
    UNCACHED("128 + 20 tokens without a cache", Double.NaN);

    private final String text;
    private final double target;

    SuggestLine(String text, double target) {
      this.text = text;
      this.target = target;
    }

    String text() {
      return text;
    }

    OptionalDouble target() {
      return Double.isNaN(target) ? OptionalDouble.empty() : OptionalDouble.of(target);
    }
  }
}
