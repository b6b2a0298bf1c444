package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import dev.repartee.serving.RunningService;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The extension on a page that has the shape of Chatwoot's: a ProseMirror editor in a reply box, a
 * list of messages, and Enter that sends. The page's policy lets it connect to nothing. Then on the
 * same page with a script that is after the agent's token and the answers.
 */
@Tag("slow")
@Timeout(120)
class ExtensionTest {

  private static final String PAGE =
      """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chatwoot</title>
      <link rel="stylesheet" href="/desk.css"><script src="/hostile.js"></script><script type="module" src="/desk.js"></script></head><body>
      <ul class="conversation-panel">
      <li><div id="message1" data-message-id="1" class="flex w-full justify-start">
        <div class="prose">Where is my parcel?</div></div></li>
      <li><div id="message2" data-message-id="2" class="flex w-full justify-end">
        <div class="prose">One moment.</div></div></li></ul>
      <span data-agent-name>a-3</span>
      <div class="reply-box"><div class="reply-box__top"><div class="ProseMirror-woot-style" id="editor"></div></div>
      <div class="bottom-box"><div class="left-wrap"></div>
      <div class="right-wrap"><button type="submit">Send</button></div></div></div></body></html>
      """;

  private static final String CSS =
      """
      body { font: 15px/1.5 system-ui, sans-serif; max-width: 640px; }
      .reply-box { border: 1px solid #ccc; border-radius: 12px; padding: 8px 16px; }
      .ProseMirror { min-height: 80px; max-height: 240px; overflow: auto; white-space: pre-wrap; }
      .ProseMirror p { margin: 0; }
      .bottom-box { display: flex; justify-content: space-between; }
      """;

  private static final String SCRIPT =
      """
      import { EditorState } from '/npm/prosemirror-state/dist/index.js';
      import { EditorView } from '/npm/prosemirror-view/dist/index.js';
      import { schema } from '/npm/prosemirror-schema-basic/dist/index.js';
      import { history, undo } from '/npm/prosemirror-history/dist/index.js';
      import { keymap } from '/npm/prosemirror-keymap/dist/index.js';
      import { baseKeymap } from '/npm/prosemirror-commands/dist/index.js';
      const text = () => view.state.doc.textBetween(0, view.state.doc.content.size, '\\n', '\\n');
      const send = () => {
        const line = document.createElement('li');
        const said = document.createElement('div');
        said.className = 'flex w-full justify-end';
        said.dataset.messageId = String(document.querySelectorAll('li').length + 1);
        const prose = document.createElement('div');
        prose.className = 'prose';
        prose.textContent = text();
        said.append(prose);
        line.append(said);
        document.querySelector('.conversation-panel').append(line);
        view.dispatch(view.state.tr.delete(0, view.state.doc.content.size));
        return true;
      };
      const view = new EditorView(document.getElementById('editor'), {
        state: EditorState.create({ schema,
          plugins: [history(), keymap({ Enter: send, 'Mod-z': undo }), keymap(baseKeymap)] }) });
      window.readReply = text;
      document.querySelector('.right-wrap button').addEventListener('click', send);
      """;

  private static final String CONVERSATION = "https://desk.example/app/accounts/1/conversations/17";
  private static final String ATTACHED =
      "() => document.querySelector('.bottom-box').previousElementSibling.className !=="
          + " 'reply-box__top'";

  private static final String TOKEN = "agents-token-0123456789";

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static RunningService running;
  private static Recorder service;
  private static Recorder evil;
  private static Extension extension;
  private Desk desk;

  @BeforeAll
  static void start() throws IOException {
    AssistPage.proseMirror();
    chromium = Chromium.start();
    Path keys = Files.writeString(folder.resolve("keys"), "agent: " + TOKEN);
    running =
        AssistPage.service(
            Files.createDirectories(folder.resolve("service")), "--api-keys", keys.toString());
    service = new Recorder(Optional.of(running.url("/")));
    evil = new Recorder(Optional.empty());
    extension = new Extension(chromium, folder);
    extension.setUp(service, TOKEN, "https://desk.example", "chatwoot");
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      extension.close();
      service.close();
      evil.close();
      running.close();
      chromium.close();
    }
  }

  @BeforeEach
  void forget() {
    service.requests.clear();
    evil.requests.clear();
  }

  @AfterEach
  void nothingReachedAnotherHost() {
    if (desk != null) {
      desk.close();
    }
    assertThat(evil.requests).isEmpty();
  }

  @Test
  void attachesToAPageOfChatwootsShape() {
    desk = new Desk("");
    Page page = desk.page;
    BoundingBox before = page.locator(".bottom-box").boundingBox();

    page.locator(".ProseMirror").pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));
    page.waitForTimeout(600);
    page.keyboard().press("Tab");
    assertThat(page.locator(".ProseMirror p")).hasText(GREETING);
    page.keyboard().press("Control+z");
    assertThat(page.locator(".ProseMirror p")).hasText("Hel");
    assertThat(page.locator(".bottom-box").boundingBox())
        .usingRecursiveComparison()
        .isEqualTo(before);
    page.keyboard().press("Enter");
    assertThat(page.locator(".conversation-panel > li").last()).hasText("Hel");
    assertThat(page.locator(".ProseMirror p")).hasText("");

    desk.eventually(() -> desk.text("chip").contains(AssistPage.ORDER_NUMBER), true);
    desk.click("chip", 1);
    assertThat(page.locator(".ProseMirror p")).hasText(AssistPage.ORDER_NUMBER);
    page.locator(".right-wrap button").click();
    assertThat(page.locator(".conversation-panel > li").last()).hasText(AssistPage.ORDER_NUMBER);
    desk.eventually(() -> service.to("/v1/feedback").size(), 2);
    // The page drew the box anew, as desks do.
    page.evaluate("() => document.querySelector('.bottom-box').previousElementSibling.remove()");
    page.locator(".ProseMirror").pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));

    assertThat(service.to("/v1/suggestions"))
        .allSatisfy(
            request -> {
              assertThat(request.authorization()).isEqualTo("Bearer " + TOKEN);
              assertThat(request.body().path("conversation_id").asString()).isEqualTo("17");
              assertThat(request.body().path("agent_id").asString()).isEqualTo("a-3");
              assertThat(request.conversation()).as("FNV-1a of 17").isEqualTo("1aeb28b1");
            });
  }

  /** The attack as it was found: attributes in the page decided where the token goes. */
  @Test
  void noAttributeThatThePageSetsChangesWhereOrWhatIsAsked() {
    desk =
        new Desk(
            """
            const hostile = (element) => {
              if (element.nextElementSibling?.className !== 'bottom-box') return;
              window.host = element;
              element.setAttribute('url', 'http://x///EVIL/');
            };
            new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach(hostile)))
              .observe(document, { childList: true, subtree: true });
            """);
    for (String url :
        List.of(
            "http://EVIL/",
            "//EVIL/",
            "http://x///EVIL/",
            "http://x/\\\\EVIL/",
            "http://x/..//EVIL/",
            "http://x/%2F%2FEVIL/",
            "http://EVIL@EVIL/",
            ".//EVIL/",
            "")) {
      int asked = service.to("/v1/suggestions").size();
      desk.page.evaluate(
          """
          (url) => {
            for (const [name, value] of Object.entries({ url, conversation: '99', agent: 'boss', queue: 'q', search: 'x',
              language: 'de', for: '.conversation-panel', send: 'li', 'operating-point': 'eager', limit: '9' })) {
              host.setAttribute(name, value);
            }
            host.url = url;
            host.fetch = (...request) => { window.fetched = request; };
            host.getToken = (...refused) => { window.asked = refused; };
          }
          """,
          url.replace("EVIL", evil.authority("evil.localhost")));
      desk.page.locator(".ProseMirror").pressSequentially("H");
      desk.eventually(() -> service.to("/v1/suggestions").size() > asked, true);
    }
    assertThat(desk.page.evaluate("() => window.fetched ?? window.asked ?? null")).isNull();
    assertThat(service.to("/v1/suggestions"))
        .allSatisfy(
            request -> {
              assertThat(request.authorization()).isEqualTo("Bearer " + TOKEN);
              JsonNode body = request.body();
              assertThat(body.path("conversation_id").asString()).isEqualTo("17");
              assertThat(body.path("agent_id").asString()).isEqualTo("a-3");
              assertThat(body.path("limit").asInt())
                  .isEqualTo(body.path("draft").asString().isEmpty() ? 3 : 5);
              assertThat(body.has("queue")).isFalse();
              assertThat(body.has("operating_point")).isFalse();
            });
  }

  /** Nor by an element that the page defines under the same name, nor by events. */
  @Test
  void whatIsShownIsNoPropertyOfThePagesObjects() {
    desk =
        new Desk(
            """
            window.heard = [];
            for (const name of ['state', 'taken', 'sent', 'blocked', 'off']) {
              addEventListener(`repartee-${name}`, ({ detail }) => heard.push(JSON.stringify(detail)), true);
            }
            customElements.define('repartee-assist', class extends HTMLElement {
              constructor() {
                super();
                window.internals = this.attachInternals();
              }
            });
            const attach = Element.prototype.attachShadow;
            Element.prototype.attachShadow = function (options) {
              return window.attached = attach.call(this, { ...options, mode: 'open' });
            };
            """);
    desk.page.locator(".ProseMirror").pressSequentially("c");
    desk.eventually(() -> desk.text("ghost"), AssistPage.ORDER_NUMBER.substring(1));
    Object seen =
        desk.page.evaluate(
            """
            () => {
              const host = document.querySelector('.bottom-box').previousElementSibling;
              const all = [];
              const see = (root) => root?.querySelectorAll && all.push(...Array.from(root.querySelectorAll('*'), (one) => one.textContent));
              see(host.shadowRoot);
              see(window.internals?.shadowRoot);
              see(window.attached);
              all.push(host.outerHTML, host.innerText, host.getHTML({ serializableShadowRoots: true }), ...heard);
              const box = host.getBoundingClientRect();
              all.push(document.elementFromPoint(box.x + 30, box.y + 20).textContent);
              host.style = 'user-select: text; -webkit-user-modify: read-write';
              document.querySelector('.ProseMirror').blur();
              window.find(' please give'); // where it can be selected, the rest can be, too
              all.push(getSelection().toString());
              document.execCommand('selectAll');
              all.push(getSelection().toString());
              document.body.contentEditable = 'true';
              document.designMode = 'on';
              getSelection().removeAllRanges();
              window.find(' please give');
              document.execCommand('insertHTML', false, '<b>found</b>');
              all.push(document.body.innerHTML);
              return all.join('\\n');
            }
            """);
    assertThat(seen.toString())
        .contains("Where is my parcel?")
        .doesNotContain("please give", "acme");
    assertThat(desk.text("chip")).contains(AssistPage.OTHER_NUMBER).doesNotContain("found");
    assertThat(desk.shown("chip"))
        .isNotEmpty()
        .allSatisfy(chip -> assertThat(chip.path("attributes").toString()).doesNotContain("part"));
  }

  /** A script's keys and clicks take nothing, and report nothing as sent. */
  @Test
  void onlyTheAgentTakesSuggestionsAndSends() {
    desk = new Desk("");
    desk.page.locator(".ProseMirror").pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));
    desk.page.evaluate(
        """
        () => {
          const field = document.querySelector('.ProseMirror');
          const host = document.querySelector('.bottom-box').previousElementSibling;
          const press = (key, more) => field.dispatchEvent(
            new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, composed: true, ...more }));
          press('Tab');
          press('1', { code: 'Digit1', altKey: true });
          press('2', { code: 'Digit2', altKey: true });
          host.click();
          for (const type of ['pointerdown', 'mousedown', 'click']) {
            host.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, clientX: 40, clientY: 40 }));
          }
        }
        """);
    desk.page.waitForTimeout(200);
    assertThat(desk.page.evaluate("() => window.readReply()")).isEqualTo("Hel");

    desk.page.evaluate(
        """
        () => {
          document.querySelector('.right-wrap button').click(); // the desk sends
        }
        """);
    assertThat(desk.page.locator(".conversation-panel > li").last()).hasText("Hel");
    desk.page.waitForTimeout(500);
    assertThat(service.to("/v1/feedback")).isEmpty();
    // A search opens for whoever writes its sign, and its answers stay where they are.
    desk.page.locator(".ProseMirror").pressSequentially(";ref");
    desk.eventually(() -> desk.text("option").contains("refunded"), true);
    desk.page.evaluate(
        """
        () => document.querySelector('.ProseMirror').dispatchEvent(
          new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
        """);
    desk.page.waitForTimeout(200);
    assertThat((String) desk.page.evaluate("() => window.readReply()")).doesNotContain("refunded");
  }

  /** What a page could do that took over the content script, by an error of the browser. */
  @Test
  void theContentScriptKnowsNoTokenAndCanOnlyAskWhatTheElementAsks() {
    desk = new Desk("");
    assertThat(
            desk.inContentScript("chrome.runtime.sendMessage({ path: 'v1/model' })")
                .path("status")
                .asInt())
        .isEqualTo(200);
    for (String path : hostilePaths(evil.authority("evil.localhost"))) {
      String asked =
          "chrome.runtime.sendMessage({ path: %s, method: 'POST', body: '{}' })"
              .formatted(Json.COMPACT.writeValueAsString(path));
      assertThat(desk.inContentScript(asked).isNull()).as(path).isTrue();
    }
    assertThat(service.requests.stream().map(Recorder.Request::path).distinct())
        .containsExactlyInAnyOrder("/v1/suggestions", "/v1/model");
    assertThat(
            desk.inContentScript(
                    "chrome.storage.local.get().then(JSON.stringify, () => 'no access')")
                .asString())
        .isEqualTo("no access");
    assertThat(desk.page.evaluate("() => typeof globalThis.chrome?.runtime?.sendMessage"))
        .isEqualTo("undefined");
  }

  /** Paths that lead to another host, or to what the element does not ask for. */
  static List<String> hostilePaths(String evil) {
    return List.of(
        "//" + evil + "/v1/suggestions",
        "///" + evil + "/",
        "http://" + evil + "/v1/suggestions",
        "http:" + evil,
        "\\\\" + evil + "/",
        "/\\" + evil + "/",
        "\t//" + evil + "/",
        "%2F%2F" + evil + "/",
        "v1/suggestions/../../..//" + evil + "/",
        "v1/suggestions?x",
        "v1/suggestions#x",
        "/v1/suggestions",
        "./v1/suggestions",
        "v1/suggestions ",
        "v1/../v1/suggestions",
        "v1%2Fsuggestions",
        "V1/suggestions",
        "v1/model/x",
        "metrics",
        "constructor",
        "__proto__",
        "");
  }

  /** A page of the desk, with the extension in it. */
  static final class Desk implements AutoCloseable {

    final Page page;
    private final CDPSession debugger;
    private final List<JsonNode> worlds = new CopyOnWriteArrayList<>();

    Desk(BrowserContext browser) {
      page = browser.newPage();
      debugger = browser.newCDPSession(page);
      debugger.on(
          "Runtime.executionContextCreated",
          event -> worlds.add(Json.COMPACT.readTree(event.toString()).path("context")));
      debugger.send("Runtime.enable");
    }

    /**
     * @param hostile a script of the page, run before all others; EVIL stands for another host
     */
    Desk(String hostile) {
      this(extension.browser);
      serve("/app/accounts/1/conversations/17", "text/html", PAGE);
      serve("/desk.css", "text/css", CSS);
      serve("/desk.js", "text/javascript", SCRIPT);
      serve(
          "/hostile.js",
          "text/javascript",
          hostile.replace("EVIL", evil.authority("evil.localhost")));
      page.route("https://desk.example/npm/**", AssistPage::npm);
      page.navigate(CONVERSATION);
      eventually(() -> page.evaluate(ATTACHED), true);
    }

    /**
     * @param address a path of the desk, or a whole address
     */
    void serve(String address, String type, String text) {
      page.route(
          address.startsWith("/") ? "https://desk.example" + address : address,
          route ->
              route.fulfill(
                  new Route.FulfillOptions()
                      .setContentType(type + "; charset=utf-8")
                      .setHeaders(
                          Map.of(
                              "Content-Security-Policy",
                              "default-src 'none'; script-src 'self'; style-src 'self'"))
                      .setBody(text)));
    }

    /** Evaluates where the content script runs, and waits for a promise. */
    JsonNode inContentScript(String expression) {
      JsonNode world =
          worlds.stream()
              .filter(one -> one.path("name").asString().equals("Repartee"))
              .reduce((first, second) -> second)
              .orElseThrow();
      JsonObject request = new JsonObject();
      request.addProperty("expression", expression);
      request.addProperty("uniqueContextId", world.path("uniqueId").asString());
      request.addProperty("awaitPromise", true);
      request.addProperty("returnByValue", true);
      JsonNode answer = send("Runtime.evaluate", request);
      assertThat(answer.has("exceptionDetails")).as(answer.toString()).isFalse();
      return answer.at("/result/value");
    }

    private JsonNode send(String method, JsonObject request) {
      return Json.COMPACT.readTree(debugger.send(method, request).toString());
    }

    /** The elements of a class, also in closed shadow roots, where only the debugger sees them. */
    List<JsonNode> shown(String name) {
      JsonObject request = new JsonObject();
      request.addProperty("depth", -1);
      request.addProperty("pierce", true);
      return nodes(send("DOM.getDocument", request).path("root"))
          .filter(node -> hasClass(node, name))
          .toList();
    }

    private static boolean hasClass(JsonNode node, String name) {
      JsonNode attributes = node.path("attributes");
      for (int i = 0; i + 1 < attributes.size(); i += 2) {
        if (attributes.get(i).asString().equals("class")) {
          return List.of(attributes.get(i + 1).asString().split(" ")).contains(name);
        }
      }
      return false;
    }

    private static Stream<JsonNode> nodes(JsonNode node) {
      return Stream.concat(
          Stream.of(node),
          Stream.of("children", "shadowRoots")
              .flatMap(list -> StreamSupport.stream(node.path(list).spliterator(), false))
              .flatMap(Desk::nodes));
    }

    /** The text of all elements of a class. */
    String text(String name) {
      List<String> texts = new ArrayList<>();
      for (JsonNode one : shown(name)) {
        nodes(one)
            .filter(node -> node.path("nodeName").asString().equals("#text"))
            .forEach(node -> texts.add(node.path("nodeValue").asString()));
      }
      return String.join("", texts);
    }

    void click(String name, int index) {
      JsonObject request = new JsonObject();
      request.addProperty("backendNodeId", shown(name).get(index).path("backendNodeId").asInt());
      JsonNode corners = send("DOM.getBoxModel", request).at("/model/content");
      page.mouse()
          .click(
              (corners.get(0).asDouble() + corners.get(4).asDouble()) / 2,
              (corners.get(1).asDouble() + corners.get(5).asDouble()) / 2);
    }

    <T> void eventually(Supplier<T> actual, T expected) {
      long end = System.nanoTime() + 5_000_000_000L;
      while (!expected.equals(actual.get()) && System.nanoTime() < end) {
        page.waitForTimeout(20);
      }
      assertThat(actual.get()).isEqualTo(expected);
    }

    @Override
    public void close() {
      page.unrouteAll();
      page.close();
    }
  }
}
