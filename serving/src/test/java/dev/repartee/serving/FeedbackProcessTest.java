package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.ModelFixture;
import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that receives feedback: each feedback it answered is stored exactly once. */
@Timeout(180)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGTERM")
class FeedbackProcessTest {

  private static final int CLIENTS = 4;

  @TempDir private Path folder;
  private Path store;
  private Process process;
  private BufferedReader out;

  /** The ids that were sent, and the ids that were answered with 202. */
  private final Set<String> sent = new ConcurrentSkipListSet<>();

  private final Set<String> answered = new ConcurrentSkipListSet<>();

  @BeforeEach
  void publish() {
    store = folder.resolve("store");
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), store);
  }

  @AfterEach
  void leaveNoProcessBehind() {
    if (process != null) {
      process.destroyForcibly();
    }
  }

  private URI serve() throws IOException {
    process =
        ServeProcess.start(
            folder.resolve("stderr"),
            List.of(
                "--store",
                store.toString(),
                "--model",
                "acme@production",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--drain",
                "0",
                "--cache",
                folder.resolve("cache").toString()));
    out = process.inputReader();
    URI url = URI.create(Json.COMPACT.readTree(out.readLine()).path("url").asString());
    assertThat(out.readLine()).contains("\"ready\"");
    return url.resolve("/v1/feedback");
  }

  /** Posts until the service ends. */
  private void postAll(HttpClient client, URI url, String prefix) throws InterruptedException {
    try {
      for (int i = 0; ; i++) {
        post(client, url, prefix + i);
      }
    } catch (IOException killed) {
      // The request that was in flight is sent again after the restart.
    }
  }

  private void post(HttpClient client, URI url, String id)
      throws IOException, InterruptedException {
    sent.add(id);
    int status =
        client
            .send(
                HttpRequest.newBuilder(url)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(Feedbacks.body(id)))
                    .build(),
                BodyHandlers.discarding())
            .statusCode();
    if (status == 202) {
      answered.add(id);
    }
  }

  private void terminate() throws Exception {
    process.toHandle().destroy();
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
  }

  @Tag("slow")
  @Test
  void killedInTheMiddleOfAppendsThreeTimes() throws Exception {
    for (int round = 0; round < 3; round++) {
      URI url = serve();
      List<Future<?>> clients = new ArrayList<>();
      try (HttpClient client = HttpClient.newHttpClient();
          ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < CLIENTS; i++) {
          String prefix = round + "-" + i + "-";
          clients.add(
              threads.submit(
                  () -> {
                    postAll(client, url, prefix);
                    return null;
                  }));
        }
        int before = answered.size();
        while (answered.size() < before + 200) {
          TimeUnit.MILLISECONDS.sleep(1);
        }
        process.destroyForcibly().waitFor();
        for (Future<?> one : clients) {
          one.get();
        }
      }
    }
    List<String> certain = List.copyOf(answered);
    assertThat(sent.size() - certain.size()).isLessThanOrEqualTo(3 * CLIENTS);
    serve();
    terminate();
    ObjectStore opened = new LocalObjectStore(store);
    assertThat(Feedbacks.ids(opened))
        .as("before anything is sent again")
        .containsAll(certain)
        .doesNotHaveDuplicates();
    URI url = serve();
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (String id : List.copyOf(sent)) {
        post(client, url, id);
      }
    }
    assertThat(answered).containsAll(sent);
    terminate();
    assertThat(Feedbacks.ids(opened)).containsExactlyInAnyOrderElementsOf(sent);
    assertThat(Feedbacks.lines(opened))
        .allSatisfy(line -> assertThat(line).contains("\"events\":" + Feedbacks.EVENTS));
  }

  @Test
  void sigtermFlushes() throws Exception {
    URI url = serve();
    try (HttpClient client = HttpClient.newHttpClient()) {
      post(client, url, "a");
      post(client, url, "b");
    }
    ObjectStore opened = new LocalObjectStore(store);
    assertThat(Feedbacks.ids(opened)).isEmpty();
    terminate();
    assertThat(Feedbacks.ids(opened)).containsExactlyInAnyOrder("a", "b");
  }
}
