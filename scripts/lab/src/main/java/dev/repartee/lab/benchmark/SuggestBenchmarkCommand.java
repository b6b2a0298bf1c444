package dev.repartee.lab.benchmark;

import ai.djl.pytorch.jni.JniUtils;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.CpuFlags;
import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.NextTokens;
import dev.repartee.engine.gpt2.Pass;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.Shortlist;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.Quantiles;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.cli.Output;
import dev.repartee.text.io.Folders;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times the passes that suggestions take; {@code scripts/bench-suggest} runs it. */
@Command(
    name = "benchmark-suggest",
    footer = {"  scripts/repartee benchmark-suggest --precision int8"},
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Times passes of GPT-2 124M with random weights and 300 answers.")
public final class SuggestBenchmarkCommand implements Callable<Integer> {

  private static final int CONTEXT = 128;
  private static final int MESSAGE = 32;
  private static final int SHORT_MESSAGE = 8;
  private static final int PROPOSED = 16;
  private static final int TEXTS = 16;
  private static final int CONTINUATION = 20;
  private static final int CAPACITY = 256;

  /** Passes of the model before those that count. */
  private static final int WARM_UP = 3;

  private static final List<Precision> PRECISIONS =
      List.of(Precision.FP32, Precision.BF16, Precision.INT8);

  private static final int REPETITIONS = 20;
  private static final int QUICK_REPETITIONS = 3;

  @Option(names = "--quick", description = "A small model, to see that the benchmark works.")
  private boolean quick;

  @Option(
      names = "--precision",
      split = ",",
      paramLabel = "fp32|fp16|bf16|int8,...",
      description = "What to measure; without it all that the device has.")
  private Set<Precision> precisions = EnumSet.noneOf(Precision.class);

  @Mixin private DeviceOption device = new DeviceOption();

  @Override
  public Integer call() {
    int count = quick ? QUICK_REPETITIONS : REPETITIONS;
    Devices devices = device.one();
    Map<Precision, Map<String, Timing>> timings = new EnumMap<>(Precision.class);
    try {
      Path model = Files.createTempDirectory("repartee-benchmark");
      try {
        BenchmarkModelCommand.fill(model, quick);
        for (Precision precision : precisions(devices)) {
          System.err.println("measuring " + precision + "...");
          Compute compute = new Compute(devices.list().getFirst(), precision);
          timings.put(precision, new Passes(count).measure(model, compute));
        }
      } finally {
        Folders.delete(model);
      }
    } catch (IOException e) {
      throw new UserException(
          "the model to measure cannot be written: %s; it takes 600 MB of temporary files in %s"
              .formatted(e, System.getProperty("java.io.tmpdir")),
          e);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("model", quick ? "a small model" : "GPT-2 124M");
    result.put("cpu", CpuFlags.ofThisMachine().model());
    result.put("device", devices.toString());
    result.put("instruction_sets", CpuFlags.ofThisMachine().instructionSets());
    result.put("threads", JniUtils.getNumThreads());
    result.put("repetitions", count);
    result.put("timings_ms", timings);
    Output.outline(result).forEach(System.err::println);
    System.out.println(Json.COMPACT.writeValueAsString(result));
    return 0;
  }

  /** Those that were asked for, else all that the device has. */
  private Collection<Precision> precisions(Devices devices) {
    if (!precisions.isEmpty()) {
      precisions.forEach(precision -> devices.gpus().forEach(gpu -> Compute.check(gpu, precision)));
      return precisions;
    }
    if (!devices.gpus().isEmpty()) {
      return List.of(Precision.FP32, Compute.best(devices.gpus().getFirst()));
    }
    Set<Precision> available = FastestPrecision.inferenceSeconds().keySet();
    PRECISIONS.stream()
        .filter(precision -> !available.contains(precision))
        .forEach(
            precision ->
                System.err.println("remark: no " + precision + " here, or emulated; left out"));
    return PRECISIONS.stream().filter(available::contains).toList();
  }

  /** How long something took, in milliseconds. */
  private record Timing(double median, double p95) {}

  /** Times the passes of one model folder in one precision. */
  private static final class Passes {

    private final int repetitions;
    private final Map<String, Timing> timings = new LinkedHashMap<>();
    private int[] context;
    private int[] message;
    private int[] proposal;

    Passes(int repetitions) {
      this.repetitions = repetitions;
    }

    Map<String, Timing> measure(Path folder, Compute compute) {
      try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(folder);
          Gpt2 model = Gpt2.load(folder, compute, () -> Shortlist.of(tokenizer, List.of()))) {
        int vocabulary = model.config().vocabulary();
        Random random = new Random(1);
        context = random.ints(CONTEXT, 0, vocabulary).toArray();
        message = random.ints(MESSAGE, 0, vocabulary).toArray();
        proposal = random.ints(PROPOSED, 0, vocabulary).toArray();
        timePasses(model, head(folder, model));
        return timings;
      }
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
        time(
            "128 tokens from the beginning",
            () -> cache.truncate(0),
            () -> model.step(cache, context, 1));
        time(
            "8 new tokens on 128 cached",
            () -> cache.truncate(CONTEXT),
            () -> model.step(cache, Arrays.copyOf(message, SHORT_MESSAGE), 1));
        time(
            "32 new tokens on 128 cached, to ranked answers",
            () -> cache.truncate(CONTEXT),
            () -> rank(model, cache, head));
        int read = cache.length();
        time(
            "a proposal of 16 tokens verified, on 160 cached",
            () -> cache.truncate(read),
            () -> verify(model, cache));
        time("1 token on 160 cached", () -> cache.truncate(read), () -> next(model, cache, 0));
        timeTexts(model);
        time(
            "20 tokens freely, on 128 cached",
            () -> cache.truncate(CONTEXT),
            () -> {
              int next = 0;
              for (int t = 0; t < CONTINUATION; t++) {
                next = next(model, cache, next);
              }
            });
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
            "1 token of each of 16 texts, on 160 cached",
            () -> caches.forEach(cache -> cache.truncate(read)),
            () ->
                model.run(caches.stream().map(cache -> Pass.read(cache, new int[] {0})).toList()));
      } finally {
        caches.forEach(KvCache::close);
      }
    }

    private List<Integer> rank(Gpt2 model, KvCache cache, AnswerHead head) {
      Pass.Result read = model.run(List.of(Pass.read(cache, message))).getFirst();
      double[] answers = head.probabilities(read.hidden().getFirst());
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
      return best(model.step(cache, new int[] {token}, 1).getLast());
    }

    private static int best(float[] logits) {
      int best = 0;
      for (int id = 1; id < logits.length; id++) {
        best = logits[id] > logits[best] ? id : best;
      }
      return best;
    }

    private void time(String what, Runnable prepare, Runnable work) {
      long[] nanos = new long[repetitions];
      for (int i = -WARM_UP; i < repetitions; i++) {
        prepare.run();
        long started = System.nanoTime();
        work.run();
        if (i >= 0) {
          nanos[i] = System.nanoTime() - started;
        }
      }
      Arrays.sort(nanos);
      double median = Quantiles.median(Arrays.stream(nanos).asDoubleStream().toArray());
      timings.put(what, new Timing(median / 1e6, Quantiles.nearestRank(nanos, 0.95) / 1e6));
    }
  }
}
