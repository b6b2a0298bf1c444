package dev.repartee.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.http.RawExchange.Hostile;
import dev.repartee.serving.predict.CountingPredictor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Requests that only a hostile client sends must never cause a 5xx or a hang. */
@Timeout(180)
class HostileInputTest {

  private static final long SEED = 20_260_101;
  private static final int REQUESTS = 10_000;
  private static final int WARM_UP = 1000;
  private static final int QUICK_REQUESTS = 400;
  private static final int CLIENTS = 4;
  private static final Duration BOUND = SlowSenders.BOUND.plusSeconds(5);
  private static final long HEAP_GROWTH_BOUND = 16L << 20;

  @TempDir private Path folder;
  private final CountingPredictor predictor = new CountingPredictor();
  private RunningService service;

  @BeforeEach
  void start() {
    service = RunningService.serving(folder, path -> predictor);
  }

  @AfterEach
  void stop() {
    service.close();
    assertThat(predictor.misuses).hasValue(0);
    assertThat(predictor.open).hasValue(0);
  }

  @Test
  void hundredsOfHostileRequestsAreAllRefusedOrAnswered() throws Exception {
    Map<String, AtomicInteger> statuses = new ConcurrentSkipListMap<>();
    Map<String, AtomicInteger> failures = new ConcurrentSkipListMap<>();
    send(new HostileRequests(SEED), QUICK_REQUESTS, statuses, failures);
    assertThat(failures).as("5xx and hangs, of all statuses %s", statuses).isEmpty();
    assertThat(statuses.keySet()).contains("200", "400", "404", "405");
    assertThat(service.suggest("{\"messages\": []}").statusCode()).isEqualTo(200);
  }

  @Tag("slow")
  @Test
  void tenThousandHostileRequestsAreAllRefusedOrAnswered() throws Exception {
    Map<String, AtomicInteger> statuses = new ConcurrentSkipListMap<>();
    Map<String, AtomicInteger> failures = new ConcurrentSkipListMap<>();
    send(new HostileRequests(SEED + 1), WARM_UP, statuses, failures);
    long before = usedHeap();
    send(new HostileRequests(SEED), REQUESTS - WARM_UP, statuses, failures);
    long after = usedHeap();

    assertThat(failures).as("5xx and hangs, of all statuses %s", statuses).isEmpty();
    assertThat(statuses.keySet()).contains("200", "400", "404", "405", "413", "415", "431");
    assertThat(after - before).as("growth of the heap").isLessThan(HEAP_GROWTH_BOUND);
    assertThat(service.suggest("{\"messages\": []}").statusCode()).isEqualTo(200);
  }

  private void send(
      HostileRequests requests,
      int count,
      Map<String, AtomicInteger> statuses,
      Map<String, AtomicInteger> failures)
      throws Exception {
    URI server = service.url("/");
    List<Future<?>> sent = new ArrayList<>();
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      for (int client = 0; client < CLIENTS; client++) {
        sent.add(
            clients.submit(
                () -> {
                  for (int i = 0; i < count / CLIENTS; i++) {
                    Hostile request = next(requests);
                    RawExchange.Outcome outcome = RawExchange.send(server, request, BOUND);
                    int status = outcome.status();
                    count(statuses, Integer.toString(status));
                    if (status < RawExchange.CLOSED || isFailure(status)) {
                      count(failures, status + " for " + request + ", answered: " + outcome.text());
                    }
                  }
                }));
      }
      for (Future<?> client : sent) {
        client.get();
      }
    }
  }

  /** 505 is right for a request line with another version or with too few words. */
  private static boolean isFailure(int status) {
    return status >= 500 && status != 505;
  }

  private static Hostile next(HostileRequests requests) {
    synchronized (requests) {
      return requests.next();
    }
  }

  private static void count(Map<String, AtomicInteger> counts, String key) {
    counts.computeIfAbsent(key, k -> new AtomicInteger()).incrementAndGet();
  }

  private static long usedHeap() throws InterruptedException {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
      Thread.sleep(100);
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  @Tag("slow")
  @Test
  void whoTricklesIsClosedInBoundedTime() throws Exception {
    String head = "POST /v1/suggestions HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
    List<List<String>> slow =
        List.of(
            List.of("POST /v1/sugg", "e"),
            List.of(head, "X-A: b\r\n"),
            List.of(head + "Content-Length: 100000\r\n\r\n{", " "),
            List.of(head + "Content-Length: 100000\r\n\r\n{", ""), // nothing more
            List.of("POST /v1/sugg", ""),
            List.of(head + "Transfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"));
    URI server = service.url("/");
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Duration>> took =
          slow.stream()
              .map(
                  parts ->
                      clients.submit(
                          () ->
                              RawExchange.trickle(
                                  server, ascii(parts.get(0)), ascii(parts.get(1)), BOUND)))
              .toList();
      for (int i = 0; i < slow.size(); i++) {
        assertThat(took.get(i).get()).as(slow.get(i).toString()).isLessThan(BOUND);
      }
      assertThat(took.getFirst().get()).isGreaterThan(Duration.ofSeconds(5));
    }
    assertThat(service.suggest("{\"messages\": []}").statusCode()).isEqualTo(200);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
