package dev.repartee.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.feedback.Feedbacks;
import dev.repartee.serving.model.ModelFixture;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Limits the size of the files that a process may write, so that its writes fail as on a full disk.
 */
@Timeout(90)
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no ulimit")
class DiskFullTest {

  @TempDir private Path folder;
  private Path store;

  @BeforeEach
  void publish() {
    store = folder.resolve("store");
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), store);
  }

  @Test
  void whilePullingIsOneErrorAndLeavesNothing() throws Exception {
    int lessThanTheWeights = 32 << 10;
    try (ServiceUnderTest service =
        ServiceUnderTest.startWithFilesOfAtMost(lessThanTheWeights, folder, store.toString())) {
      assertThat(service.awaitExit()).isEqualTo(1);
      assertThat(service.errors().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains(
              folder.resolve("cache/acme").toString(), "cannot be written there", "too large");
      assertThat(service.errors()).as("again would not help").doesNotContain("downloading again");
    }
    try (Stream<Path> left = Files.list(folder.resolve("cache/acme"))) {
      assertThat(left).extracting(Path::getFileName).containsExactly(Path.of(".lock"));
    }
  }

  @Tag("slow")
  @Test
  void whileFeedbackIsWrittenIs503AndLosesNothingThatWasAccepted() throws Exception {
    List<String> accepted = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    try (ServiceUnderTest service =
        ServiceUnderTest.startWithFilesOfAtMost(128 << 10, folder, store.toString())) {
      service.awaitReady();
      for (int i = 0; i < 40; i++) {
        String id = "id-" + i;
        String body = Feedbacks.body(id, "Hello! ".repeat(1000));
        int status = service.post("/v1/feedback", body).statusCode();
        if (status == 503) {
          refused.add(id);
          status = service.post("/v1/feedback", body).statusCode();
        }
        assertThat(status).as("in a new file there is room").isEqualTo(202);
        accepted.add(id);
      }
      HttpResponse<String> ready = service.get("/health/ready");
      assertThat(ready.statusCode()).isEqualTo(200);
      service.kill();
    }
    assertThat(refused).isNotEmpty();
    try (ServiceUnderTest next =
        ServiceUnderTest.start(folder, store.toString(), Map.of(), "--drain", "0")) {
      next.awaitReady();
      next.terminate();
      assertThat(next.awaitExit()).isZero();
    }
    ObjectStore opened = new LocalObjectStore(store);
    assertThat(Feedbacks.ids(opened)).containsExactlyInAnyOrderElementsOf(accepted);
  }
}
