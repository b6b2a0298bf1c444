package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.repartee.finetune.hub.HubModels.HubSettings;
import dev.repartee.finetune.testing.GoldenModel;
import dev.repartee.text.UserException;
import dev.repartee.text.io.RetryPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub with a small GPT-2, an empty cache, and no waiting between attempts. */
abstract class HubFixture {

  static final int ATTEMPTS = 4;

  /**
   * Where connections are cut. The JDK's client loses what it has not handed over yet, up to some
   * buffers of 16 KiB, so that a part is shorter by an amount that differs from run to run.
   */
  static final int CUT = 130_000;

  static final String WEIGHTS = "model.safetensors";
  static final String TOKENIZER = "tokenizer.json";
  static final String NAME = "hf:acme/tiny";

  @TempDir Path temporary;
  final FakeHub hub = new FakeHub();
  final List<Duration> waits = new CopyOnWriteArrayList<>();
  Path cache;

  @BeforeEach
  void fillHub() throws IOException {
    cache = temporary.resolve("cache");
    Path golden = GoldenModel.copyTo(temporary.resolve("golden")).folder();
    hub.put("config.json", Files.readAllBytes(golden.resolve("config.json")))
        .put(WEIGHTS, Files.readAllBytes(golden.resolve(WEIGHTS)))
        .put(TOKENIZER, TinyTokenizer.json())
        .put("README.md", "# tiny")
        .put("onnx/model.onnx", "not wanted");
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }

  /** Records the waits between attempts in {@link #waits} instead of waiting. */
  HubModels models(Optional<String> token, Duration stall) {
    return new HubModels(
        new HubSettings(hub.endpoint(), token, cache),
        new RetryPolicy(ATTEMPTS, Duration.ofSeconds(1), Duration.ofMinutes(5)),
        stall,
        waits::add);
  }

  HubModels models(Optional<String> token) {
    return models(token, Duration.ofMinutes(1));
  }

  Path fetch(String reference) {
    return models(Optional.empty()).fetch(HubReference.parse(reference)).folder();
  }

  Path part(String name) {
    return cache.resolve("acme/tiny").resolve(FakeHub.COMMIT).resolve(name + ".part");
  }

  /** Puts the first bytes of a file where an earlier run would have left them. */
  void leavePart(String name, int bytes) throws IOException {
    Files.createDirectories(part(name).getParent());
    Files.write(part(name), java.util.Arrays.copyOf(hub.content(name), bytes));
  }

  /** Where each request to the storage began, in bytes. */
  List<Integer> starts() {
    return hub.storageRequests().stream()
        .map(seen -> seen.range().isEmpty() ? "0" : seen.range().replaceAll("\\D", ""))
        .map(Integer::valueOf)
        .toList();
  }

  void assertWhole(Path folder) {
    for (String name : List.of("config.json", WEIGHTS, TOKENIZER)) {
      assertThat(folder.resolve(name)).hasBinaryContent(hub.content(name));
      assertThat(part(name)).doesNotExist();
    }
  }

  /** The message of the failure, which is one line. */
  String failure(Optional<String> token, String reference) {
    UserException thrown =
        catchThrowableOfType(
            UserException.class, () -> models(token).fetch(HubReference.parse(reference)));
    assertThat(thrown).as("a failure").isNotNull();
    assertThat(thrown.getMessage()).doesNotContain("\n", "hf_secret", "Signature");
    return thrown.getMessage();
  }

  String failure(String reference) {
    return failure(Optional.empty(), reference);
  }
}
