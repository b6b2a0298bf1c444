package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.serving.predict.CountingPredictor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
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
}
