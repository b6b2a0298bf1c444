package dev.repartee.serving;

import static dev.repartee.serving.RunningService.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.model.ModelFixture;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sends SIGTERM under constant load: no request fails. */
@Tag("slow")
@Timeout(90)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class SigtermUnderLoadTest {

  private static final int CLIENTS = 6;
  private static final int ANSWERED_BEFORE = 200;

  /** Answers that each client still gets after the service became unready. */
  private static final int HEEDED_AFTER = 10;

  @TempDir private Path folder;
  private Path store;
  private final AtomicBoolean unready = new AtomicBoolean();
  private final AtomicInteger answered = new AtomicInteger();

  @BeforeEach
  void publish() {
    store = folder.resolve("store");
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), store);
  }

  @Test
  void noRequestFailsOnConnectionsThatAreUsedAgain() throws Exception {
    terminateUnderLoad(
        client -> {
          while (!unready.get() || client.isConnected()) {
            assertThat(ask(client)).as("connects").isTrue();
          }
        });
  }

  /**
   * A client that opens connections must follow the readiness, as load balancers do: the system may
   * accept a connection in the microseconds before the listener is closed, and then resets it.
   */
  @Test
  void noRequestFailsOnNewConnectionsUntilUnreadinessWasHeeded() throws Exception {
    terminateUnderLoad(
        client -> {
          for (int left = HEEDED_AFTER; left > 0; left -= unready.get() ? 1 : 0) {
            assertThat(ask(client)).as("connects").isTrue();
            client.close();
          }
        });
  }

  /** As Prometheus keeps them between two scrapes. */
  @RepeatedTest(20)
  void idleConnectionsToTheAdminPortDoNotChangeTheExitCode() throws Exception {
    try (ServiceUnderTest service =
        ServiceUnderTest.start(folder, store.toString(), Map.of(), "--drain", "0")) {
      service.awaitReady();
      List<Socket> idle = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), service.adminUrl().getPort()));
      }
      assertThat(service.getFromAdmin("/metrics").statusCode()).isEqualTo(200);
      service.terminate();
      assertThat(service.awaitExit()).as(service.errors()).isZero();
      assertThat(service.errors()).doesNotContain("\tat ");
      for (Socket one : idle) {
        one.close();
      }
    }
  }

  private interface Load {
    void put(PersistentClient client) throws IOException;
  }

  private void terminateUnderLoad(Load load) throws Exception {
    try (ServiceUnderTest service =
            ServiceUnderTest.start(folder, store.toString(), Map.of(), "--drain", "2s");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      service.awaitReady();
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            threads.submit(
                () -> {
                  try (PersistentClient client = new PersistentClient(service.url())) {
                    load.put(client);
                  }
                  return null;
                }));
      }
      while (answered.get() < ANSWERED_BEFORE) {
        Thread.sleep(1);
      }
      service.terminate();
      HttpResponse<String> ready = service.getFromAdmin("/health/ready");
      while (ready.statusCode() == 200) {
        ready = service.getFromAdmin("/health/ready");
      }
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(json(ready).path("phase").asString()).isEqualTo("stopping");
      int before = answered.get();
      unready.set(true);
      for (Future<?> client : clients) {
        client.get();
      }
      assertThat(answered.get() - before)
          .as("answered, while it was unready")
          .isGreaterThan(CLIENTS * (HEEDED_AFTER - 1));
      assertThat(service.awaitExit()).isZero();
    }
  }

  /** False when a new connection is refused; every answer must be complete, and 200. */
  private boolean ask(PersistentClient client) throws IOException {
    Optional<Integer> status = client.ask();
    if (status.isPresent()) {
      assertThat(status.get()).isEqualTo(200);
      answered.incrementAndGet();
    }
    return status.isPresent();
  }
}
