package dev.repartee.finetune.hub;

import dev.repartee.finetune.testing.TinyBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
    Path base = TinyBase.write(temporary.resolve("base"));
    for (String file : List.of("config.json", WEIGHTS, TOKENIZER)) {
      hub.put(file, Files.readAllBytes(base.resolve(file)));
    }
    hub.put("README.md", "# tiny").put("onnx/model.onnx", "not wanted");
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }
}
