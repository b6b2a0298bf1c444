package dev.repartee.serving.operations;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.VersionName;
import dev.repartee.serving.LogCapture;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.operations.ServiceMetrics.SavedTyping;
import dev.repartee.serving.predict.CountingPredictor;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MetricsTest {

  /** A sample of the text format 0.0.4. */
  private static final Pattern SAMPLE =
      Pattern.compile(
          "[a-zA-Z_:][a-zA-Z0-9_:]*(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\\\n]|\\\\.)*\",?)*})?"
              + " ([-+]?[0-9.]+([eE][-+]?[0-9]+)?|NaN|[-+]Inf)");

  @TempDir private Path folder;

  /** Waits, because a request is measured after its answer. */
  private static String scrapeWith(RunningService service, String expected)
      throws InterruptedException {
    String scraped = "";
    for (int i = 0; i < 200 && !scraped.contains(expected); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
      scraped = service.getFromAdmin("/metrics").body();
    }
    return scraped;
  }

  @Test
  void theRegistryHasNothingToWarnOf() {
    try (LogCapture log = new LogCapture(PrometheusMeterRegistry.class);
        ServiceMetrics metrics = new ServiceMetrics()) {
      assertThat(metrics.scrape()).contains("system_cpus");
      assertThat(log.messages()).isEmpty();
    }
  }

  @Test
  void requestsAndTheModelShowAtTheAdminPort() throws InterruptedException {
    try (RunningService service = RunningService.serving(folder, path -> new CountingPredictor())) {
      service.suggest("{\"messages\": []}");
      service.suggest("{\"messages\": [], \"draft\": \"I\"}");
      service.suggest("{}");
      service.get("/v1/model");
      String scraped =
          scrapeWith(service, "repartee_request_seconds_count{kind=\"other\",status=\"2xx\"} 1");
      assertValid(scraped);
      assertThat(scraped.lines())
          .contains(
              "repartee_request_seconds_count{kind=\"message\",status=\"2xx\"} 1",
              "repartee_request_seconds_count{kind=\"keystroke\",status=\"2xx\"} 1",
              "repartee_request_seconds_count{kind=\"other\",status=\"4xx\"} 1",
              "repartee_queue_wait_seconds_count 2",
              "repartee_queue_depth 0.0")
          .anyMatch(line -> line.matches("repartee_inflight_requests [0-9.E-]+"))
          .anyMatch(line -> line.matches("repartee_model_info\\{.*name=\"acme\".*} 1(\\.0)?"))
          .anyMatch(line -> line.startsWith("repartee_model_load_seconds{phase=\"loading\"} "))
          .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"))
          .anyMatch(line -> line.matches("process_resident_memory_bytes ([1-9].*|NaN)"));
      assertThat(service.getFromAdmin("/health/ready").statusCode()).isEqualTo(200);
      assertThat(service.getFromAdmin("/health/startup").statusCode()).isEqualTo(200);
      assertThat(json(service.getFromAdmin("/v1/model")).path("status").asInt()).isEqualTo(404);
      assertThat(service.get("/metrics").statusCode()).isEqualTo(404);
      assertThat(
              service.getFromAdmin("/metrics").headers().firstValue("Content-Type").orElseThrow())
          .startsWith("text/plain")
          .contains("version=0.0.4");
    }
  }

  /** Virtual threads that never wait hold all carriers, as long redactions would. */
  @Test
  void theAdminPortAnswersWhileEveryCarrierThreadIsBusy() {
    AtomicBoolean busy = new AtomicBoolean(true);
    AtomicInteger spinning = new AtomicInteger();
    int carriers = Runtime.getRuntime().availableProcessors();
    try (RunningService service = RunningService.unready();
        ExecutorService hogs = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (int i = 0; i < carriers; i++) {
          hogs.execute(
              () -> {
                spinning.incrementAndGet();
                while (busy.get()) {
                  Thread.onSpinWait();
                }
              });
        }
        while (spinning.get() < carriers) {
          Thread.onSpinWait();
        }
        assertThat(service.getFromAdmin("/health/live").statusCode()).isEqualTo(200);
      } finally {
        busy.set(false);
      }
    }
  }

  @Test
  void everyNameThatTheDocumentationPromises() {
    try (ServiceMetrics metrics = new ServiceMetrics()) {
      metrics.requestDone(RequestLog.RequestKind.FEEDBACK, 204, Duration.ofMillis(3));
      metrics.queueWait(Duration.ofMillis(1));
      metrics.gaugeQueue(() -> 4);
      metrics.passRan(3, 40, Duration.ofMillis(12));
      metrics.gaugeCache(() -> 1 << 20, () -> 5);
      metrics.cached(true);
      metrics.cached(false);
      for (String version : List.of("7", "8")) { // which has other knowledge
        metrics.answers(new VersionName("acme", version), "7");
        metrics.modelServed(new VersionName("acme", version));
      }
      metrics.modelLoad("loading", Duration.ofMillis(900));
      metrics.modelLoad("loading", Duration.ofMillis(1500));
      metrics.shed("busy", 1);
      metrics.gaugeRefused(() -> true);
      metrics.feedback(SavedTyping.of(metrics.served("acme", "7").orElseThrow(), 1, 0, 0, 40, 9));
      metrics.feedback(SavedTyping.of(metrics.served("acme", "8").orElseThrow(), 0, 0, 1, 10, 12));
      assertThat(metrics.served("made up", "by a client")).isEmpty();
      String scraped = metrics.scrape();
      assertValid(scraped);
      assertThat(scraped.lines())
          .contains(
              "repartee_request_seconds_bucket{kind=\"feedback\",status=\"2xx\",le=\"0.005\"} 1",
              "repartee_queue_wait_seconds_count 1",
              "repartee_queue_depth 4.0",
              "repartee_batch_passes_bucket{le=\"4.0\"} 1",
              "repartee_batch_tokens_bucket{le=\"64.0\"} 1",
              "repartee_pass_seconds_count 1",
              "repartee_kv_cache_bytes 1048576.0",
              "repartee_kv_cache_sessions 5.0",
              "repartee_kv_cache_hits_total 1.0",
              "repartee_kv_cache_misses_total 1.0",
              "repartee_model_load_seconds{phase=\"loading\"} 1.5",
              "repartee_tokens_read_total 40.0",
              "repartee_shed_total{reason=\"busy\"} 1.0",
              "repartee_suggestions_accepted_total{name=\"acme\",version=\"7\"} 1.0",
              "repartee_model_refused 1.0",
              "repartee_characters_saved{name=\"acme\",version=\"7\"} 28.0",
              "repartee_characters_final_total{name=\"acme\",version=\"7\"} 50.0",
              "repartee_characters_typed_total{name=\"acme\",version=\"7\"} 21.0");
      assertThat(scraped.lines().filter(line -> line.startsWith("repartee_model_info{")))
          .singleElement()
          .asString()
          .contains("version=\"8\"");
    }
  }

  private static void assertValid(String scraped) {
    List<String> lines = scraped.lines().toList();
    assertThat(lines).hasSizeGreaterThan(20);
    assertThat(lines)
        .allMatch(
            line ->
                line.startsWith("# HELP ")
                    || line.startsWith("# TYPE ")
                    || SAMPLE.matcher(line).matches());
    assertThat(lines.stream().filter(line -> line.startsWith("# TYPE "))).doesNotHaveDuplicates();
    assertThat(lines.stream().filter(line -> !line.startsWith("#")).map(MetricsTest::series))
        .doesNotHaveDuplicates();
    assertThat(scraped).endsWith("\n");
  }

  private static String series(String sample) {
    return sample.substring(0, sample.lastIndexOf(' '));
  }
}
