package dev.repartee.lab.benchmark;

import ai.djl.pytorch.jni.JniUtils;
import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.CpuFlags;
import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.engine.gpt2.Devices;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.lab.benchmark.SuggestTimings.SuggestLine;
import dev.repartee.lab.benchmark.SuggestTimings.Timing;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Folders;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Times what messages and keystrokes cost; {@code scripts/bench-suggest} runs it. */
@Command(
    name = "benchmark-suggest",
    footer = {"  scripts/repartee benchmark-suggest --precision int8"},
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Times suggestions of GPT-2 124M with random weights and 300 answers.")
public final class SuggestBenchmarkCommand implements Callable<Integer> {

  private static final List<Precision> PRECISIONS =
      List.of(Precision.FP32, Precision.BF16, Precision.INT8);

  private static final int REPETITIONS = 20;
  private static final int QUICK_REPETITIONS = 3;

  /** As many drafts of one meaning as there are in {@link SuggestTimings}. */
  private static final int MOST_REPETITIONS = 500;

  @Option(
      names = "--repetitions",
      paramLabel = "N",
      description = "Times that count of each line, 1 to 500 (default: 20, or 3 with --quick).")
  private Integer repetitions;

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
    int count = repetitions();
    Devices devices = device.one();
    Map<Precision, Map<SuggestLine, Timing>> timings = new EnumMap<>(Precision.class);
    try {
      Path model = Files.createTempDirectory("repartee-benchmark");
      try {
        BenchmarkModelCommand.fill(model, quick);
        for (Precision precision : precisions(devices)) {
          System.err.println("measuring " + precision + "...");
          Compute compute = new Compute(devices.list().getFirst(), precision);
          timings.put(precision, SuggestTimings.measure(model, compute, count));
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
    print(new Report(timings, !quick), devices);
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

  private int repetitions() {
    if (repetitions == null) {
      return quick ? QUICK_REPETITIONS : REPETITIONS;
    }
    if (repetitions < 1 || repetitions > MOST_REPETITIONS) {
      throw UserException.usage(
          "--repetitions must be between 1 and %d but is %d"
              .formatted(MOST_REPETITIONS, repetitions));
    }
    return repetitions;
  }

  private void print(Report report, Devices devices) {
    String cpu = CpuFlags.ofThisMachine().model();
    int threads = JniUtils.getNumThreads();
    System.err.printf(
        "%s, %d threads, device %s, %s%n",
        cpu, threads, devices, quick ? "a small model" : "GPT-2 124M");
    System.err.print(report.table());
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("cpu", cpu);
    result.put("device", devices.toString());
    result.put("instruction_sets", CpuFlags.ofThisMachine().instructionSets());
    result.put("threads", threads);
    result.put("quick", quick);
    result.putAll(report.json());
    System.out.println(Json.COMPACT.writeValueAsString(result));
  }

  /**
   * What was measured, beside its targets.
   *
   * @param timings of each precision
   * @param judged whether the targets hold for the model that was measured
   */
  record Report(Map<Precision, Map<SuggestLine, Timing>> timings, boolean judged) {

    /** How many times faster than plain decoding a continuation on a cached context has to be. */
    static final double TARGET_RATIO = 20;

    /** A precision and its median. */
    private record Best(Precision precision, double median) {}

    /** The medians of each line and precision in milliseconds, with target and verdict. */
    String table() {
      StringBuilder table = new StringBuilder("%-50s".formatted("median, ms"));
      timings.keySet().forEach(precision -> table.append("%9s".formatted(precision)));
      table.append("   target%n".formatted());
      for (SuggestLine line : SuggestLine.values()) {
        table.append("%-50s".formatted(line.text()));
        timings
            .values()
            .forEach(
                measured ->
                    table.append(
                        "%9s"
                            .formatted(
                                Optional.ofNullable(measured.get(line))
                                    .map(timing -> number("%.3f", timing.median()))
                                    .orElse(""))));
        line.target().ifPresent(target -> table.append(verdict(line, target)));
        table.append(System.lineSeparator());
      }
      if (hasPlainDecoding()) {
        table.append(
            number("FP32 without a cache takes %.1f times a continuation", overContinuation()));
        if (judged) {
          table.append(overContinuation() >= TARGET_RATIO ? " (reached: " : " (missed: ");
          table.append(number("%.0f)", TARGET_RATIO));
        }
        table.append(number(" and %.1f times the same text with a cache%n", overCached()));
      }
      return table.toString();
    }

    private String verdict(SuggestLine line, double target) {
      Best best = best(line);
      String wanted = "%9s".formatted(number("%.1f", target));
      if (!judged) {
        return wanted;
      }
      return wanted
          + (best.median() <= target ? "  reached in " : "  missed, best in ")
          + best.precision();
    }

    private static String number(String format, double value) {
      return String.format(Locale.ROOT, format, value);
    }

    /** Whether FP32 was measured, which alone decodes without a cache. */
    private boolean hasPlainDecoding() {
      return timings.values().stream().anyMatch(lines -> lines.containsKey(SuggestLine.UNCACHED));
    }

    /** Plain FP32 decoding without a cache, over a continuation in the best precision. */
    double overContinuation() {
      return best(SuggestLine.UNCACHED).median() / best(SuggestLine.CONTINUATION).median();
    }

    /** The same over the same text with a cache, in the best precision. */
    double overCached() {
      return best(SuggestLine.UNCACHED).median() / best(SuggestLine.CACHED).median();
    }

    private Best best(SuggestLine line) {
      return timings.entrySet().stream()
          .filter(entry -> entry.getValue().containsKey(line))
          .map(entry -> new Best(entry.getKey(), entry.getValue().get(line).median()))
          .min(Comparator.comparingDouble(Best::median))
          .orElseThrow();
    }

    /** The same for programs. */
    Map<String, Object> json() {
      List<Map<String, Object>> lines = new ArrayList<>();
      timings.forEach(
          (precision, measured) ->
              measured.forEach((line, timing) -> lines.add(json(precision, line, timing))));
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("timings", lines);
      if (hasPlainDecoding()) {
        json.put("uncached_over_continuation", overContinuation());
        json.put("uncached_over_cached", overCached());
        if (judged) {
          json.put("uncached_over_continuation_target", TARGET_RATIO);
        }
      }
      return json;
    }

    private Map<String, Object> json(Precision precision, SuggestLine line, Timing timing) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("line", line.name().toLowerCase(Locale.ROOT));
      json.put("precision", precision);
      json.put("median_ms", timing.median());
      json.put("p95_ms", timing.p95());
      json.put("repetitions", timing.repetitions());
      OptionalDouble target = line.target();
      if (judged && target.isPresent()) {
        json.put("target_ms", target.getAsDouble());
        json.put("reached", timing.median() <= target.getAsDouble());
      }
      return json;
    }
  }
}
