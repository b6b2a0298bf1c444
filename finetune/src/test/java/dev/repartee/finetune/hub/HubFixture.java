package dev.repartee.finetune.hub;

import dev.repartee.finetune.testing.GoldenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A hub with a small GPT-2. */
abstract class HubFixture {

  static final String WEIGHTS = "model.safetensors";
  static final String TOKENIZER = "tokenizer.json";
  static final String NAME = "hf:acme/tiny";

  @TempDir Path temporary;
  final FakeHub hub = new FakeHub();

  @BeforeEach
  void fillHub() throws IOException {
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
}
