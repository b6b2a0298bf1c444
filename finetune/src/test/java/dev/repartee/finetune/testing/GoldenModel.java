package dev.repartee.finetune.testing;

import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The random GPT-2 of {@code golden/tiny}. */
public final class GoldenModel {

  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "expected.json", "expected.safetensors");
  private final Path folder;

  private GoldenModel(Path folder) {
    this.folder = folder;
  }

  /** Copies the model out of the jar of {@code common}'s tests. */
  public static GoldenModel copyTo(Path folder) throws IOException {
    Files.createDirectories(folder);
    for (String file : FILES) {
      try (InputStream in = GoldenModel.class.getResourceAsStream("/golden/tiny/" + file)) {
        Files.copy(in, folder.resolve(file));
      }
    }
    return new GoldenModel(folder);
  }

  public Path folder() {
    return folder;
  }

  /** The values of {@code expected.json}. */
  public JsonNode expected() throws IOException {
    return Json.COMPACT.readTree(Files.readString(folder.resolve("expected.json")));
  }
}
