package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.ModelFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills a process that receives feedback: each feedback it answered is stored, once as readers see
 * it.
 */
@Timeout(180)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class FeedbackProcessTest {

  private static final int CLIENTS = 4;

  @TempDir private Path folder;
  private Path store;

  /** The ids that were sent, and the ids that were answered with 202. */
  private final Set<String> sent = new ConcurrentSkipListSet<>();

  private final Set<String> answered = new ConcurrentSkipListSet<>();

  @BeforeEach
  void publish() {
    store = folder.resolve("store");
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), store);
  }

  private ServiceUnderTest serve() throws IOException {
    ServiceUnderTest service =
        ServiceUnderTest.start(folder, store.toString(), Map.of(), "--drain", "0");
    service.awaitReady();
    return service;
  }

  /** Posts until the service ends. */
  private void postAll(ServiceUnderTest service, String prefix) throws InterruptedException {
    try {
      for (int i = 0; ; i++) {
        post(service, prefix + i);
      }
    } catch (IOException killed) {
      // The request that was in flight is sent again after the restart.
    }
  }

  private void post(ServiceUnderTest service, String id) throws IOException, InterruptedException {
    sent.add(id);
    if (service.post("/v1/feedback", Feedbacks.body(id)).statusCode() == 202) {
      answered.add(id);
    }
  }

  private static void terminate(ServiceUnderTest service) throws InterruptedException {
    service.terminate();
    assertThat(service.awaitExit()).isZero();
  }

  @Tag("slow")
  @Test
  void killedInTheMiddleOfAppendsThreeTimes() throws Exception {
    for (int round = 0; round < 3; round++) {
      List<Future<?>> clients = new ArrayList<>();
      try (ServiceUnderTest service = serve();
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CLIENTS; i++) {
          String prefix = round + "-" + i + "-";
          clients.add(
              threads.submit(
                  () -> {
                    postAll(service, prefix);
                    return null;
                  }));
        }
        int before = answered.size();
        while (answered.size() < before + 200) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        service.kill();
        for (Future<?> one : clients) {
          one.get();
        }
      }
    }
    List<String> certain = List.copyOf(answered);
    assertThat(sent.size() - certain.size()).isLessThanOrEqualTo(3 * CLIENTS);
    try (ServiceUnderTest service = serve()) {
      terminate(service);
    }
    ObjectStore opened = new LocalObjectStore(store);
    assertThat(Feedbacks.ids(opened))
        .as("before anything is sent again")
        .containsAll(certain)
        .doesNotHaveDuplicates();
    try (ServiceUnderTest service = serve()) {
      for (String id : List.copyOf(sent)) {
        post(service, id);
      }
      assertThat(answered).containsAll(sent);
      terminate(service);
    }
    assertThat(Feedbacks.read(opened)).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(Feedbacks.lines(opened))
        .allSatisfy(line -> assertThat(line).contains("\"events\":" + Feedbacks.EVENTS));
  }

  /** As when a disk is unmounted: what is then written below its mount point is hidden later. */
  @Tag("slow")
  @Test
  void aStoreThatIsGoneIsAwayAndNotMadeAgain() throws Exception {
    Path gone = folder.resolve("gone");
    ObjectStore opened = new LocalObjectStore(store);
    try (ServiceUnderTest service = serve()) {
      Files.move(store, gone);
      post(service, "a");
      post(service, "b");
      awaitLine(service, "segments of feedback wait on this machine");
      assertThat(service.post("/v1/suggestions", "{\"messages\": []}").statusCode()).isEqualTo(200);
      assertThat(store).doesNotExist();
      Files.move(gone, store);
      while (Feedbacks.ids(opened).size() < 2) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
      Files.move(store, gone);
      post(service, "c");
      terminate(service);
      assertThat(store).doesNotExist();
    }
    try (ServiceUnderTest service = serve()) {
      assertThat(service.version()).isEqualTo("1");
      assertThat(service.errors()).contains("serving acme@1 from this machine", "is away");
      post(service, "d");
      awaitLine(service, "segments of feedback wait on this machine");
      assertThat(store).doesNotExist();
      Files.createDirectory(store); // a mount point
      terminate(service);
      assertThat(store).isEmptyDirectory();
    }
    Files.delete(store);
    Files.move(gone, store);
    try (ServiceUnderTest service = serve()) {
      terminate(service);
    }
    assertThat(answered).containsExactly("a", "b", "c", "d");
    assertThat(Feedbacks.ids(opened)).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  private static void awaitLine(ServiceUnderTest service, String line) throws InterruptedException {
    while (!service.errors().contains(line)) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  @Test
  void sigtermFlushes() throws Exception {
    ObjectStore opened = new LocalObjectStore(store);
    try (ServiceUnderTest service = serve()) {
      post(service, "a");
      post(service, "b");
      assertThat(Feedbacks.ids(opened)).isEmpty();
      terminate(service);
    }
    assertThat(Feedbacks.ids(opened)).containsExactlyInAnyOrder("a", "b");
  }
}
