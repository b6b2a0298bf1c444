package dev.repartee.infra.testing;

import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@link Tools} of this module's tests: kustomize, and parsers from npm. */
public final class ExternalTools {

  public static final String KUSTOMIZE_IS_MISSING =
      "kustomize is missing: apt-get install kustomize, or install kubectl";

  private static final Path LINT = Repository.file("infra/lint");

  private ExternalTools() {}

  /** A language that {@code infra/lint/parse.mjs} reads; it says what the result looks like. */
  public enum Language {
    TERRAFORM,
    DOCKERFILE
  }

  /** Skips the calling test where the parsers of {@link #parse} are missing. */
  public static void needParsers() {
    Tools.need(
        Tools.has("node") && Files.isDirectory(LINT.resolve("node_modules")),
        "the parsers are missing: install node and npm (apt-get install nodejs npm), then run"
            + " infra/lint/install");
  }

  /**
   * Parses a text with the parsers that npm installs. Skips the calling test where they are
   * missing.
   *
   * @param name of the file, for messages
   * @throws IllegalArgumentException when the text does not parse
   */
  public static JsonNode parse(Language language, String name, String text) {
    needParsers();
    return NodeParsers.INSTANCE.parse(
        Map.of("language", language.name().toLowerCase(Locale.ROOT), "name", name, "text", text));
  }

  /** One process for all tests; it ends with them, when its stdin is closed. */
  private static final class NodeParsers {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final NodeParsers INSTANCE = new NodeParsers();

    private final Writer requests;
    private final BufferedReader answers;
    private final Map<Map<String, String>, JsonNode> known = new ConcurrentHashMap<>();

    NodeParsers() {
      try {
        Process process =
            new ProcessBuilder("node", LINT.resolve("parse.mjs").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        requests = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    JsonNode parse(Map<String, String> request) {
      JsonNode answer = known.computeIfAbsent(request, this::ask);
      if (answer.has("error")) {
        throw new IllegalArgumentException(answer.get("error").asString());
      }
      return answer.required("result");
    }

    private synchronized JsonNode ask(Map<String, String> request) {
      try {
        requests.write(JSON.writeValueAsString(request) + "\n");
        requests.flush();
        String line = answers.readLine();
        if (line == null) {
          throw new IllegalStateException("infra/lint/parse.mjs ended; stderr says why");
        }
        return JSON.readTree(line);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
