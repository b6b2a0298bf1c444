package dev.repartee.serving.operations;

import com.sun.management.OperatingSystemMXBean;
import dev.repartee.engine.gpt2.Gpus;
import dev.repartee.engine.gpt2.Gpus.Gpu;
import dev.repartee.engine.gpt2.Gpus.Usage;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.text.io.ProcessMemory;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * All metrics of the service, with the names of {@code docs/operations.md}. A metric that is never
 * reported stays at zero; a gauge is there once its source is. Thread-safe; no method blocks.
 */
public final class ServiceMetrics implements AutoCloseable {

  /** The media type of {@link #scrape}. */
  public static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** From the time of a map look-up to the longest time that a client waits. */
  private static final Duration[] REQUEST_BUCKETS =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000);

  private static final Duration[] PASS_BUCKETS = millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000);
  private static final double[] PASSES_BUCKETS = {1, 2, 4, 8, 16, 32, 64};
  private static final double[] TOKENS_BUCKETS = {1, 4, 16, 64, 256, 1024, 4096};

  private final PrometheusMeterRegistry registry = registry();
  private final JvmGcMetrics garbage = new JvmGcMetrics();
  private final Timer queueWait = timer("repartee.queue.wait", "Waiting for a turn.", PASS_BUCKETS);
  private final Timer pass = timer("repartee.pass", "Passes of the model.", PASS_BUCKETS);
  private final DistributionSummary batchPasses =
      summary("repartee.batch.passes", "Passes of requests run as one.", PASSES_BUCKETS);
  private final DistributionSummary batchTokens =
      summary("repartee.batch.tokens", "Tokens of one pass.", TOKENS_BUCKETS);
  private final Counter tokensRead = counter("repartee.tokens.read", "Tokens that the model read.");
  private final Counter cacheHits =
      counter("repartee.kv.cache.hits", "Requests whose conversation was in the cache.");
  private final Counter cacheMisses =
      counter("repartee.kv.cache.misses", "Requests whose conversation was not in the cache.");
  private final Counter unknownFields =
      counter("repartee.unknown.fields", "Ignored fields of requests.");
  private final InFlight inFlight = new InFlight(System::nanoTime);

  /** The versions that served here, with the trained ones by which they are counted. */
  private final Map<VersionName, VersionName> everServed = new ConcurrentHashMap<>();

  private final Map<VersionName, SavedTyping> saved =
      Collections.synchronizedMap(new LinkedHashMap<>());
  private Tags served = Tags.empty();

  public ServiceMetrics() {
    shed("busy", 0); // from the start, so that the first refusal counts in a rate
    gauge(
        "repartee.inflight.requests",
        "Requests for suggestions, waiting or in progress, averaged over 15 s.",
        inFlight::average);
    gauge(
        "process.resident.memory.bytes", "Memory of the whole process.", ServiceMetrics::resident);
    gauge("system.cpus", "Cores.", Runtime.getRuntime()::availableProcessors);
    var _ =
        FunctionCounter.builder("process.cpu.seconds", this, _ -> cpuSeconds())
            .description("CPU time of the process.")
            .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    garbage.bindTo(registry);
  }

  /** Filters come before the first meter: they do not apply to those that are there. */
  private static PrometheusMeterRegistry registry() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time")); // in ns
    // In Prometheus the suffix _count is that of histograms.
    registry.config().meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
    return registry;
  }

  private static double cpuSeconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime()
        / 1e9;
  }

  private static double resident() {
    OptionalLong bytes = new ProcessMemory().resident();
    return bytes.isPresent() ? bytes.getAsLong() : Double.NaN;
  }

  /** Counts a request that was answered with {@code status}. */
  public void requestDone(RequestLog.RequestKind kind, int status, Duration took) {
    Timer.builder("repartee.request")
        .description("Requests, from their first byte to the last of their answer.")
        .tags("kind", kind.id(), "status", status / 100 + "xx")
        .serviceLevelObjectives(REQUEST_BUCKETS)
        .register(registry)
        .record(took);
  }

  /** Counts a request for suggestions as in flight until the result is closed. */
  public InFlight.Stay suggestionsAsked() {
    return inFlight.enter();
  }

  /** Records how long a request waited for its turn. */
  public void queueWait(Duration took) {
    queueWait.record(took);
  }

  /**
   * Counts a request that was answered at its deadline with what was known.
   *
   * @param dropped whether its turn had not come by then, so that it cost nothing
   */
  public void late(RequestLog.RequestKind kind, boolean dropped) {
    Tags tags = Tags.of("kind", kind.id(), "dropped", String.valueOf(dropped));
    count("repartee.late", "Requests answered at their deadline, in part.", tags, 1);
  }

  /** Sets the source of the number of waiting requests. */
  public void gaugeQueue(IntSupplier depth) {
    gauge("repartee.queue.depth", "Requests that wait now.", depth::getAsInt);
  }

  /**
   * Records one joint pass of the model.
   *
   * @param passes how many passes of requests were joined in it
   * @param tokens how many tokens they read together; added to the tokens read
   */
  public void passRan(int passes, int tokens, Duration took) {
    batchPasses.record(passes);
    batchTokens.record(tokens);
    tokensRead.increment(tokens);
    pass.record(took);
  }

  /** Sets the source of the memory and the number of the cached conversations. */
  public void gaugeCache(LongSupplier bytes, IntSupplier sessions) {
    gauge("repartee.kv.cache.bytes", "Memory of cached conversations.", bytes::getAsLong);
    gauge("repartee.kv.cache.sessions", "Cached conversations.", sessions::getAsInt);
  }

  /** Reports the GPU that the service computes on. */
  public void gaugeGpu(Gpus gpus, Gpu gpu) {
    Tags tags = Tags.of("device", gpu.device());
    gauge("repartee.gpu.memory.bytes", "Memory of the GPU.", tags, gpu::memoryBytes);
    gauge(
        "repartee.gpu.memory.used.bytes",
        "Used memory of the GPU, by all processes.",
        tags,
        () -> gpus.usage(gpu).map(Usage::usedBytes).map(Number.class::cast).orElse(Double.NaN));
    gauge(
        "repartee.gpu.busy.ratio",
        "Share of the last second in which the GPU computed, for any process.",
        tags,
        () -> gpus.usage(gpu).map(Usage::utilization).orElse(Double.NaN));
  }

  /** Counts a request by whether its conversation was cached, or had to be read. */
  public void cached(boolean isHit) {
    (isHit ? cacheHits : cacheMisses).increment();
  }

  /** Reports the model that serves from now on, in place of the last one. */
  public synchronized void modelServed(VersionName model) {
    Tags next = tags(model);
    if (next.equals(served)) {
      return;
    }
    remove("repartee.model.info", Tags.empty());
    gauge("repartee.model.info", "The model that answers.", next, () -> 1);
    served = next;
  }

  /**
   * A model answers, as the one that serves or beside it, so that its feedback is counted.
   *
   * @param ancestor the version that was trained, by which feedback is counted: builds of its
   *     knowledge are too many for labels
   */
  public void answers(VersionName model, String ancestor) {
    everServed.put(model, new VersionName(model.name(), ancestor));
  }

  /**
   * Reports what the knowledge that is used from now on was built from, in place of the last.
   *
   * @param entries of the library that are valid
   */
  public synchronized void knowledgeServed(BuiltFrom builtFrom, IntSupplier entries) {
    for (String gauge :
        List.of(
            "repartee.library.info",
            "repartee.library.entries",
            "repartee.learned.replies",
            "repartee.learned.texts")) {
      remove(gauge, Tags.empty());
    }
    builtFrom
        .library()
        .ifPresent(
            library -> {
              gauge("repartee.library.info", "The answer library.", tags(library), () -> 1);
              gauge(
                  "repartee.library.entries",
                  "Entries of the answer library that are valid.",
                  entries::getAsInt);
            });
    gauge("repartee.learned.replies", "Typed replies that count.", builtFrom::typedReplies);
    gauge("repartee.learned.texts", "Typed texts that are shown.", builtFrom::typedTexts);
  }

  /** By which version a model is counted; empty when it never served here. */
  public Optional<VersionName> served(String name, String version) {
    return Optional.ofNullable(everServed.get(new VersionName(name, version)));
  }

  /** Sets the source of whether a version that should serve was refused. */
  public void gaugeRefused(BooleanSupplier isRefused) {
    gauge(
        "repartee.model.refused",
        "1 while the alias names a version that cannot be served.",
        () -> isRefused.getAsBoolean() ? 1 : 0);
  }

  /** Reports how long a phase of a model's start took, in place of an earlier start's figure. */
  public synchronized void modelLoad(String phase, Duration took) {
    Tags tags = Tags.of("phase", phase);
    remove("repartee.model.load.seconds", tags);
    double seconds = took.toNanos() / 1e9;
    gauge("repartee.model.load.seconds", "The last start, by phase.", tags, () -> seconds);
  }

  /** Counts requests refused to keep the others fast; {@code reason} is one word. */
  public void shed(String reason, int requests) {
    Tags tags = Tags.of("reason", reason);
    count("repartee.shed", "Requests refused to keep others fast.", tags, requests);
  }

  /**
   * Counts a reply that an agent sent, and how much of it suggestions saved.
   *
   * @param reply by the version by which it is counted, see {@link #served(String, String)}
   */
  public void feedback(SavedTyping reply) {
    VersionName model = reply.model();
    Tags tags = tags(model);
    long taken = reply.accepted() + reply.edited();
    count("repartee.suggestions.accepted", "Suggestions that agents took.", tags, taken);
    count("repartee.characters.final", "Replies as sent.", tags, reply.finalCharacters());
    count("repartee.characters.typed", "Typed by agents.", tags, reply.typedCharacters());
    saved.merge(model, reply, SavedTyping::plus);
    gauge( // because it falls when suggestions cost more than they save
        "repartee.characters.saved",
        "Final characters less typed.",
        tags,
        () -> saved.get(model).savedCharacters());
  }

  /**
   * The typing that each trained version saved since the process started, with what was built on
   * it, in the order in which they were named first.
   */
  public List<SavedTyping> savedTyping() {
    synchronized (saved) {
      return List.copyOf(saved.values());
    }
  }

  /** Counts fields of a request that the API does not know: misspelled, or of a newer front end. */
  public void unknownFields(int count) {
    unknownFields.increment(count);
  }

  /** Counts a reply that is not learned; {@code reason} is one word. */
  public void learnRefused(String reason) {
    count("repartee.learn.refused", "Replies not learned.", Tags.of("reason", reason), 1);
  }

  /** All metrics in Prometheus' text format. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    garbage.close();
    registry.close();
  }

  private static Tags tags(VersionName model) {
    return Tags.of("name", model.name(), "version", model.version());
  }

  private Timer timer(String name, String what, Duration[] buckets) {
    return Timer.builder(name).description(what).serviceLevelObjectives(buckets).register(registry);
  }

  private DistributionSummary summary(String name, String what, double[] buckets) {
    return DistributionSummary.builder(name)
        .description(what)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  private Counter counter(String name, String what) {
    return Counter.builder(name).description(what).register(registry);
  }

  private void count(String name, String what, Tags tags, long more) {
    Counter.builder(name).description(what).tags(tags).register(registry).increment((double) more);
  }

  private void gauge(String name, String what, Supplier<Number> value) {
    gauge(name, what, Tags.empty(), value);
  }

  private void gauge(String name, String what, Tags tags, Supplier<Number> value) {
    var _ = Gauge.builder(name, value).description(what).tags(tags).register(registry);
  }

  private void remove(String name, Tags tags) {
    registry.find(name).tags(tags).gauges().forEach(registry::remove);
  }

  private static Duration[] millis(long... all) {
    return LongStream.of(all).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }

  /**
   * The typing that the suggestions of one version saved since the process started, by the
   * feedback.
   *
   * @param model the version
   * @param accepted replies whose suggestion was sent unchanged
   * @param edited replies whose suggestion was changed before it was sent
   * @param dismissed replies without a suggestion
   * @param finalCharacters length of all replies, in code points
   * @param typedCharacters characters that the agents typed for them
   * @param savedCharacters final minus typed, minus one for each suggestion taken
   * @param saved share of the final characters that was saved; 0 before the first reply
   */
  public record SavedTyping(
      VersionName model,
      long accepted,
      long edited,
      long dismissed,
      long finalCharacters,
      long typedCharacters,
      long savedCharacters,
      double saved) {

    /** Computes what was saved of the other figures. */
    public static SavedTyping of(
        VersionName model,
        long accepted,
        long edited,
        long dismissed,
        long finalCharacters,
        long typedCharacters) {
      long saved = finalCharacters - typedCharacters - accepted - edited;
      return new SavedTyping(
          model,
          accepted,
          edited,
          dismissed,
          finalCharacters,
          typedCharacters,
          saved,
          finalCharacters == 0 ? 0 : (double) saved / finalCharacters);
    }

    /** Both together. */
    public SavedTyping plus(SavedTyping other) {
      return of(
          model,
          accepted + other.accepted,
          edited + other.edited,
          dismissed + other.dismissed,
          finalCharacters + other.finalCharacters,
          typedCharacters + other.typedCharacters);
    }
  }

  /**
   * The average number of requests in flight: an exponential moving average over continuous time.
   * Requests last milliseconds while metrics are scraped every few seconds, so the number at one
   * moment is random, and an autoscaler that followed it would oscillate. Thread-safe.
   */
  public static final class InFlight {

    /** One request in flight; it must be closed once. */
    public interface Stay extends AutoCloseable {
      @Override
      void close();
    }

    /** About the interval between two scrapes, so that the time since the last one counts most. */
    static final Duration TIME_CONSTANT = Duration.ofSeconds(15);

    private final LongSupplier nanoTime;
    private int here;
    private double average;
    private long updated;

    /**
     * Counts from now on.
     *
     * @param nanoTime a clock, as {@link System#nanoTime}
     */
    InFlight(LongSupplier nanoTime) {
      this.nanoTime = nanoTime;
      this.updated = nanoTime.getAsLong();
    }

    /** Counts a request until the result is closed. */
    Stay enter() {
      move(1);
      return () -> move(-1);
    }

    private synchronized void move(int by) {
      average = average();
      here += by;
    }

    /** Exact, because the number of requests is constant between two moves. */
    synchronized double average() {
      long now = nanoTime.getAsLong();
      double kept = Math.exp(-(double) (now - updated) / TIME_CONSTANT.toNanos());
      average = here + (average - here) * kept;
      updated = now;
      return average;
    }
  }
}
