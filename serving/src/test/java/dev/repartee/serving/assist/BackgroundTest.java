package dev.repartee.serving.assist;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Npm;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The part of the extension that holds the token, without a browser: Node.js runs it, and its
 * requests are real ones. {@link ExtensionTest} has it in a browser.
 */
@Timeout(60)
class BackgroundTest {

  /** What a browser gives an extension, and messages as from a content script. */
  private static final String BROWSER =
      """
      let ask;
      globalThis.chrome = {
        action: { onClicked: { addListener() {} } },
        permissions: { contains: async ({ origins }) => origins[0] !== 'https://not-allowed.example/*', onAdded: { addListener() {} }, onRemoved: { addListener() {} } },
        runtime: { id: 'repartee', getURL: (path) => `chrome-extension://repartee/${path}`, onMessage: { addListener: (listener) => { ask = listener; } },
          onStartup: { addListener() {} }, onInstalled: { addListener() {} } },
        storage: { local: { get: async () => ({ token: 'secret', url, desks: [{ address: 'https://desk.example', desk: 'chatwoot' },
          { address: 'https://not-allowed.example', desk: 'zammad' }] }), setAccessLevel: async () => {} },
          managed: { get: async () => { throw new Error('no policy'); } }, onChanged: { addListener() {} } },
      };
      const [url, page, messages] = process.argv.slice(2);
      await import('./background.js');
      const answers = [];
      for (const message of JSON.parse(messages)) {
        answers.push(await new Promise((answer) => ask(message, { id: 'repartee', url: page }, answer)));
      }
      console.log(JSON.stringify(answers));
      """;

  @TempDir private Path folder;
  private Recorder service;
  private Recorder evil;

  @BeforeEach
  void start() {
    Tools.need(Tools.has("node"), "node is missing: apt-get install nodejs");
    service = new Recorder(Optional.empty());
    evil = new Recorder(Optional.empty());
  }

  @AfterEach
  void stop() {
    if (service != null) {
      service.close();
      evil.close();
    }
  }

  /** What the extension answers to messages of a desk, with the service at this address. */
  private List<JsonNode> ask(String url, List<Map<String, String>> messages) throws IOException {
    return ask(url, "https://desk.example/conversations/17", messages);
  }

  private List<JsonNode> ask(String url, String page, List<Map<String, String>> messages)
      throws IOException {
    Path extension = Npm.ASSIST.resolve("extension");
    for (String file : List.of("background.js", "desks.js")) {
      Files.copy(
          extension.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(folder.resolve("package.json"), "{\"type\": \"module\"}");
    Files.writeString(folder.resolve("browser.js"), BROWSER);
    String printed =
        Npm.succeeds(
            folder, "node", "browser.js", url, page, Json.COMPACT.writeValueAsString(messages));
    return Json.COMPACT.readTree(printed.lines().toList().getLast()).valueStream().toList();
  }

  private static Map<String, String> message(String path) {
    return path.equals("v1/model")
        ? Map.of("path", path)
        : Map.of("path", path, "method", "POST", "body", "{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/desk/", "/desk"})
  void asksWhatTheElementAsksBelowTheConfiguredAddress(String prefix) throws IOException {
    List<String> paths =
        List.of("v1/suggestions", "v1/answers", "v1/check", "v1/feedback", "v1/model");
    List<JsonNode> answers =
        ask(
            "http://" + service.authority("127.0.0.1") + prefix,
            paths.stream().map(BackgroundTest::message).toList());
    assertThat(answers).allSatisfy(one -> assertThat(one.path("status").asInt()).isEqualTo(204));
    String below = prefix.endsWith("/") ? prefix : prefix + "/";
    assertThat(service.requests.stream().map(Recorder.Request::path))
        .containsExactlyElementsOf(paths.stream().map(path -> below + path).toList());
    assertThat(service.requests)
        .allSatisfy(one -> assertThat(one.authorization()).isEqualTo("Bearer secret"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/desk/"})
  void sendsNothingAnywhereElse(String prefix) throws IOException {
    List<String> paths = ExtensionTest.hostilePaths(evil.authority("127.0.0.1"));
    List<JsonNode> answers =
        ask(
            "http://" + service.authority("127.0.0.1") + prefix,
            paths.stream().map(BackgroundTest::message).toList());
    assertThat(evil.requests).isEmpty();
    assertThat(service.requests).isEmpty();
    assertThat(answers).hasSameSizeAs(paths).allSatisfy(one -> assertThat(one.isNull()).isTrue());
  }

  @Test
  void followsNoRedirectToAnotherHost() throws IOException {
    HttpServer moved =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    moved.createContext(
        "/",
        exchange -> {
          exchange
              .getResponseHeaders()
              .add("Location", "http://" + evil.authority("127.0.0.1") + "/");
          exchange.sendResponseHeaders(307, -1);
          exchange.close();
        });
    moved.start();
    try {
      List<JsonNode> answers =
          ask(
              "http://127.0.0.1:" + moved.getAddress().getPort() + "/",
              List.of(message("v1/suggestions")));
      assertThat(evil.requests).isEmpty();
      assertThat(answers.getFirst().isNull()).isTrue();
    } finally {
      moved.stop(0);
    }
  }

  @Test
  void letsAConversationsHashThroughAndNothingElse() throws IOException {
    List<String> given = List.of("811c9dc5", "811C9DC5", "811c9dc", "811c9dc5\r\nHost: x", "");
    List<JsonNode> answers =
        ask(
            "http://" + service.authority("127.0.0.1") + "/",
            given.stream()
                .map(one -> Map.of("path", "v1/suggestions", "body", "{}", "conversation", one))
                .toList());
    assertThat(answers).allSatisfy(one -> assertThat(one.path("status").asInt()).isEqualTo(204));
    assertThat(service.requests.stream().map(Recorder.Request::conversation))
        .containsExactly("811c9dc5", "", "", "", "");
  }

  /** Other pages, also of a desk that the browser does not allow any more, learn nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/",
        "https://not-allowed.example/",
        "https://desk.example.evil.example/",
        "http://desk.example/",
        "https://desk.example:8443/",
        "chrome-extension://other/options.html"
      })
  void answersNoOtherPage(String page) throws IOException {
    List<JsonNode> answers =
        ask(
            "http://" + service.authority("127.0.0.1") + "/",
            page,
            List.of(message("v1/suggestions"), Map.of()));
    assertThat(answers).allSatisfy(one -> assertThat(one.isNull()).isTrue());
    assertThat(service.requests).isEmpty();
  }

  @Test
  void tellsADeskItsOwnSettingsAndNoToken() throws IOException {
    List<JsonNode> answers = ask("http://localhost:9/", List.of(Map.of()));
    assertThat(answers.getFirst().path("name").asString()).isEqualTo("Chatwoot");
    assertThat(answers.toString()).doesNotContain("secret", "localhost:9", "Zammad");
  }

  /** What managed.json tells Chrome, the manifests, and the options page agree. */
  @Test
  void itsFilesAgree() throws IOException {
    Path extension = Npm.ASSIST.resolve("extension");
    Files.copy(extension.resolve("desks.js"), folder.resolve("desks.mjs"));
    JsonNode desks =
        Json.COMPACT.readTree(
            Npm.succeeds(
                folder,
                "node",
                "-e",
                "import('./desks.mjs').then((all) => console.log(JSON.stringify(all)))"));
    JsonNode policy = read(extension, "managed.json").at("/properties/desks/items/properties");
    Map<String, String> types = new TreeMap<>();
    policy
        .at("/settings/properties")
        .properties()
        .forEach(one -> types.put(one.getKey(), one.getValue().path("type").asString()));
    assertThat(types).isEqualTo(Json.COMPACT.convertValue(desks.path("SETTINGS"), TreeMap.class));
    assertThat(policy.at("/desk/enum").valueStream().map(JsonNode::asString))
        .containsExactlyElementsOf(desks.path("desks").propertyNames());
    assertThat(desks.path("desks"))
        .allSatisfy(
            desk ->
                assertThat(desk.propertyNames())
                    .contains("name", "editor", "before", "send", "messages", "text")
                    .isSubsetOf(
                        Stream.concat(Stream.of("name"), types.keySet().stream()).toList()));
    ObjectNode chrome = (ObjectNode) read(extension, "manifest.json");
    ObjectNode firefox = (ObjectNode) read(extension, "manifest.firefox.json");
    assertThat(chrome.path("description").asString()).hasSizeLessThanOrEqualTo(132); // the store's
    assertThat(Files.exists(extension.resolve(chrome.at("/storage/managed_schema").asString())))
        .isTrue();
    for (String own :
        List.of("background", "minimum_chrome_version", "storage", "browser_specific_settings")) {
      chrome.remove(own);
      firefox.remove(own);
    }
    assertThat(firefox).isEqualTo(chrome);
  }

  private static JsonNode read(Path folder, String file) throws IOException {
    return Json.COMPACT.readTree(Files.readString(folder.resolve(file)));
  }
}
