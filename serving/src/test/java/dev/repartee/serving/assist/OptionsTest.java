package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.assist.ExtensionTest.Desk;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Axe;
import dev.repartee.text.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The extension's options page: which service, which desks, and what the browser allows. */
@Tag("slow")
@Timeout(120)
class OptionsTest {

  private static final String CHATWOOT = "https://desk.example";
  private static final String ZAMMAD = "https://tickets.example";

  @TempDir private static Path models;
  @TempDir private Path folder;
  private static Chromium chromium;
  private static RunningService running;
  private static Recorder service;
  private Extension extension;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    running = AssistPage.service(models);
    service = new Recorder(Optional.of(running.url("/")));
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      service.close();
      running.close();
      chromium.close();
    }
  }

  @BeforeEach
  void forget() {
    service.requests.clear();
  }

  @AfterEach
  void close() {
    extension.close();
  }

  private static String url() {
    return "http://" + service.authority("localhost");
  }

  private Desk chatwoot(String origin) {
    return desk(
        origin + "/app/accounts/1/conversations/17",
        """
        <ul><li><div data-message-id="1" class="flex"><div class="prose">Where is my parcel?</div></div></li></ul>
        <div class="reply-box"><div class="ProseMirror" contenteditable="true"></div>
        <div class="bottom-box"><div class="right-wrap"><button>Send</button></div></div></div>
        """);
  }

  private Desk zammad() {
    return desk(
        ZAMMAD + "/#ticket/zoom/16",
        """
        <div class="content active"><div class="ticket-article-item customer"><div class="richtext-content">My lamp is broken.</div></div>
        <form class="article-add"><div class="articleNewEdit-body" contenteditable="true"></div><div class="textBubble-footer"></div></form>
        <button class="js-submit">Update</button></div>
        """);
  }

  private Desk desk(String address, String body) {
    Desk desk = new Desk(extension.browser);
    desk.serve(
        address.replaceFirst("#.*", ""), "text/html", "<!doctype html><title>Desk</title>" + body);
    desk.page.navigate(address);
    return desk;
  }

  private static void completes(Desk desk, String editor) {
    desk.page.locator(editor).pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));
  }

  private static String allowed(Page options) {
    return String.valueOf(
        options.evaluate("async () => (await chrome.permissions.getAll()).origins.join()"));
  }

  @Test
  void setsUpTwoDesksAtTwoOriginsAndAsksForThese() {
    extension = new Extension(chromium, folder);
    extension.setUp(service, "first", CHATWOOT, "chatwoot");
    extension.setUp(service, "second", ZAMMAD, "zammad");
    try (Page options = extension.options();
        Desk chatwoot = chatwoot(CHATWOOT);
        Desk zammad = zammad();
        Desk other = chatwoot("https://other.example")) {
      assertThat(options.locator("#desks > li")).hasCount(2);
      assertThat(allowed(options).split(","))
          .containsExactlyInAnyOrder(url() + "/*", CHATWOOT + "/*", ZAMMAD + "/*");
      completes(chatwoot, ".ProseMirror");
      completes(zammad, ".articleNewEdit-body");
      assertThat(other.shown("bar")).isEmpty();
      assertThat(service.to("/v1/suggestions"))
          .allSatisfy(one -> assertThat(one.authorization()).isEqualTo("Bearer second"))
          .extracting(one -> one.body().path("conversation_id").asString())
          .contains("16", "17");
    }
  }

  /** The browser's prompt is not seen here: its answer "no" is a stub. */
  @Test
  void aRefusedPermissionChangesNothing() {
    extension = new Extension(chromium, folder);
    try (Page options = extension.options()) {
      options.evaluate("() => { chrome.permissions.request = async () => false; }");
      Extension.fill(options, url(), "secret", CHATWOOT, "chatwoot");
      assertThat(options.locator("#said"))
          .hasText("The browser does not allow it: nothing was changed.");
      assertThat(options.evaluate("async () => JSON.stringify(await chrome.storage.local.get())"))
          .isEqualTo("{}");
      assertThat(options.locator("#desks > li")).hasCount(0);
    }
    assertThat(service.requests).isEmpty();
  }

  @Test
  void aDeskWhosePromptWaitsIsNotSetUp() {
    extension = new Extension(chromium, folder);
    try (Page options = extension.options()) {
      Extension.fill(options, url(), "", CHATWOOT, "chatwoot");
      options.waitForTimeout(500);
      assertThat(options.locator("#said")).hasText("");
      assertThat(allowed(options)).isEmpty();
    }
  }

  @Test
  void aWithdrawnPermissionEndsItAlsoInOpenPages() {
    extension = new Extension(chromium, folder);
    extension.setUp(service, "", CHATWOOT, "chatwoot");
    try (Page options = extension.options();
        Desk desk = chatwoot(CHATWOOT)) {
      completes(desk, ".ProseMirror");
      extension.revoke(CHATWOOT);
      assertThat(options.locator("#desks")).containsText("not allowed yet");
      service.requests.clear();
      desk.page.locator(".ProseMirror").pressSequentially("lo");
      desk.page.waitForTimeout(500);
      assertThat(service.requests).isEmpty();
      desk.page.reload();
      desk.page.waitForTimeout(300);
      assertThat(desk.shown("bar")).isEmpty();

      extension.willAllow(CHATWOOT); // what was allowed before is so again without a request
      assertThat(options.locator("#desks")).containsText(": on");
      desk.page.reload();
      completes(desk, ".ProseMirror");
      options.getByText("Remove").click();
      assertThat(options.locator("#desks > li")).hasCount(0);
      assertThat(allowed(options)).isEqualTo(url() + "/*");
    }
  }

  /** What a policy says is a stub here: it stands in files of the whole machine. */
  @Test
  void aPolicyDecidesAndAgentsOnlyAllow() throws IOException {
    Path packed = Extension.pack(folder);
    Path desks = packed.resolve("desks.js");
    String policy =
        Json.COMPACT.writeValueAsString(
            Json.COMPACT.readTree(
                """
                {"url": "%s/", "desks": [{"address": "%s", "desk": "chatwoot", "settings": {"search": "!"}}]}
                """
                    .formatted(url(), CHATWOOT)));
    String text = Files.readString(desks);
    Files.writeString(
        desks, text.replace("chrome.storage.managed.get()", "Promise.resolve(" + policy + ")"));
    assertThat(Files.readString(desks)).isNotEqualTo(text);
    extension = new Extension(chromium, folder, packed);
    try (Page options = extension.options()) {
      options.evaluate(
          "() => chrome.storage.local.set({ url: 'http://evil.localhost/', desks: [] })");
      options.reload();
      options.locator("main:not([inert])").waitFor();
      assertThat(options.locator("#managed")).isVisible();
      assertThat(options.locator("#url")).isDisabled();
      assertThat(options.locator("#url")).hasValue(url() + "/");
      assertThat(options.locator("#address")).isHidden();
      assertThat(options.getByText("Remove")).hasCount(0);
      extension.willAllow(url(), CHATWOOT);
      options.locator("#token").fill("mine");
      options.locator("form button").click();
      assertThat(options.locator("#said")).containsText("Saved. The service answers with");
      try (Desk desk = chatwoot(CHATWOOT)) {
        completes(desk, ".ProseMirror");
        desk.page.locator(".ProseMirror").fill("");
        desk.page.locator(".ProseMirror").pressSequentially("!ref");
        desk.eventually(() -> desk.text("option").contains("refunded"), true);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ftp://desk.example   | {}                         | the desk's address must begin with https:// or http:// but is 'ftp://desk.example'
          https://desk.example | {"editor                   | Unterminated string
          https://desk.example | {"edit": ".x"}             | "edit" is none of editor, before, send
          https://desk.example | {"enterSends": "yes"}      | "enterSends" must be a boolean
          https://desk.example | {"editor": ".x[["}         | '.x[[' is not a valid selector
          https://desk.example | {"conversation": "(\\\\d"} | Invalid regular expression
          """)
  void whatIsWrongIsNamed(String address, String settings, String problem) {
    extension = new Extension(chromium, folder);
    try (Page options = extension.options()) {
      options.locator("summary").click();
      options.locator("#settings").fill(settings);
      Extension.fill(options, url(), "", address, "chatwoot");
      assertThat(options.locator("#said")).containsText("Not saved: ");
      assertThat(options.locator("#said")).containsText(problem);
    }
  }

  @Test
  void tellsWhichSelectorFindsNothing() {
    extension = new Extension(chromium, folder);
    extension.setUp(service, "", CHATWOOT, "zammad");
    try (Page options = extension.options()) {
      options.getByText("Try it on this page").click();
      assertThat(options.locator("#desks ul"))
          .hasText("Open a conversation at https://desk.example in another tab, then try again.");
      try (Desk desk = chatwoot(CHATWOOT)) {
        assertThat(desk.page).hasTitle("Desk");
        options.getByText("Try it on this page").click();
        assertThat(options.locator("#desks ul li").first())
            .hasText(
                "editor: finds nothing (.content.active .article-add:not(.is-internal)"
                    + " .articleNewEdit-body)");
        options.locator("summary").click();
        options.locator("#settings").fill("{\"editor\": \"[contenteditable]\"}");
        extension.willAllow(CHATWOOT);
        Extension.fill(options, url(), "", CHATWOOT, "chatwoot");
        assertThat(options.locator("#said")).containsText("Saved.");
        options.getByText("Try it on this page").click();
        assertThat(options.locator("#desks ul li"))
            .hasText(
                new String[] {
                  "editor: found 1 ([contenteditable])",
                  "before: found 1 (.reply-box .bottom-box)",
                  "send: found 1 (.reply-box .right-wrap button)",
                  "messages: found 1 ([data-message-id])",
                  "text: found 1 (.prose, .text-content)",
                  "agentMessage: finds nothing (.justify-end)",
                  "agent: finds nothing ([data-agent-name])",
                  "conversation: found 1 (conversations/(\\d+))"
                });
        assertThat(options.locator("#desks > li")).hasCount(1);
      }
    }
  }

  @Test
  void everybodyCanUseIt() {
    extension = new Extension(chromium, folder);
    extension.setUp(service, "", CHATWOOT, "chatwoot");
    try (Page options = extension.options();
        Desk desk = chatwoot(CHATWOOT)) {
      options.setViewportSize(800, 800);
      options.locator("summary").click();
      options.getByText("Try it on this page").click();
      assertThat(options.locator("#desks ul li")).hasCount(8);
      assertThat(desk.page.title()).isEqualTo("Desk");
      for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
        options.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
        assertThat(Axe.findings(options)).isEqualTo("[]");
      }
      options.setViewportSize(360, 800);
      assertThat(options.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
          .isEqualTo(true);
    }
  }
}
