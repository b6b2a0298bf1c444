package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.serving.predict.CountingPredictor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StopTest {

  @TempDir private Path folder;

  @Test
  void requestsInFlightAreAnsweredBeforeTheModelIsClosed() throws Exception {
    CountingPredictor predictor = new CountingPredictor();
    RunningService service = RunningService.serving(folder, path -> predictor);
    CountDownLatch working = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    predictor.onAnswer(
        () -> {
          working.countDown();
          try {
            go.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<HttpResponse<String>> inFlight =
          threads.submit(() -> service.suggest("{\"messages\": []}"));
      working.await();
      Future<?> stopping = threads.submit(service::stop);
      TimeUnit.MILLISECONDS.sleep(1500);
      assertThat(predictor.closed).isFalse();
      assertThat(stopping.isDone()).isFalse();
      go.countDown();
      assertThat(inFlight.get().statusCode()).isEqualTo(200);
      stopping.get();
    }
    assertThat(predictor.closed).isTrue();
    assertThat(predictor.open).hasValue(0);
    assertThat(predictor.misuses).hasValue(0);
    assertThatThrownBy(() -> service.get("/health/live")).hasCauseInstanceOf(IOException.class);
    service.close();
  }

  /** As Prometheus keeps one, and as a client leaves it that hangs. */
  @Test
  void connectionsToTheAdminPortDoNotDelayTheStop() throws Exception {
    RunningService service = RunningService.serving(folder, path -> new CountingPredictor());
    String scrape = "GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
    List<Socket> connections = new ArrayList<>();
    for (String sent :
        List.of(
            "",
            "",
            "GET /met",
            "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n",
            scrape,
            scrape.repeat(2000))) { // of which no answer is read
      connections.add(
          new Socket(InetAddress.getLoopbackAddress(), service.adminUrl("/").getPort()));
      connections.getLast().getOutputStream().write(sent.getBytes(StandardCharsets.US_ASCII));
    }
    assertThat(connections.get(4).getInputStream().readNBytes(12)).asString().endsWith("200");
    long began = System.nanoTime();
    service.stop();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
    for (Socket connection : connections) {
      connection.close();
    }
    service.close();
  }
}
