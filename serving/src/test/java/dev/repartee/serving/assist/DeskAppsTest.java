package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;
import static dev.repartee.serving.assist.AssistPage.MARKUP;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.repartee.serving.RunningService;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Axe;
import dev.repartee.text.testing.Chromium;
import dev.repartee.text.testing.Npm;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * The pages for desks, in a frame of a page of another site that behaves as the desk's documents
 * say.
 */
@Tag("slow")
@Timeout(180)
class DeskAppsTest {

  private static final String KEY = "desk-key-0123456789abcdef";
  private static final String LWC =
      "docs/examples/salesforce/force-app/main/default/lwc/reparteeReply/reparteeReply";

  private static final String STYLE =
      """
      <style>
        body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: #1f2d3d; }
        iframe { border: 0; }
        nav { padding: 10px 16px; border-bottom: 1px solid #ddd; } nav b { margin-right: 18px; }
        #conv-layout { display: grid; grid-template-columns: 1fr 280px; height: 640px; }
        #conv-layout-main { padding: 12px 16px; } #conv-layout-customer { border-left: 1px solid #ddd; }
        .hidden { display: none; }
      </style>
      """;

  /** Chatwoot's guide on dashboard apps, and its DashboardApp/Frame.vue. */
  private static final String CHATWOOT =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>Chatwoot</title>
      """
          + STYLE
          + """
          <nav><b>Messages</b><b>Repartee</b></nav>
          <iframe name="app" src="SERVICE/apps/chatwoot" title="Repartee" style="width: 100%; height: 660px"></iframe>
          <textarea id="composer" aria-label="Chatwoot's reply"></textarea>
          <script>
            const message = (id, message_type, content, more) => ({ id, message_type, content, private: false, content_attributes: {}, ...more });
            var context = {
              conversation: { id: 17, messages: [
                message(1, 0, 'Where is my parcel? <img src=x onerror=alert(1)>'),
                message(2, 2, 'Conversation was reopened by Mia'),
                message(3, 3, 'Give the team a way to reach you.'),
                message(4, 1, 'Lost again', { private: true }),
                message(5, 0, null),
                message(6, 1, 'Oops', { content_attributes: { deleted: true } }),
                message(7, 1, 'One moment.'),
              ] },
              contact: { id: 9, name: 'Ann', email: null },
              currentAgent: { id: 3, name: 'Mia', email: 'mia@acme.example' },
            };
            const frame = document.querySelector('iframe');
            const tell = () => frame.contentWindow.postMessage(JSON.stringify({ event: 'appContext', data: context }), '*');
            frame.addEventListener('load', tell);
            window.onmessage = ({ data }) => data === 'chatwoot-dashboard-app:fetch-info' && tell();
            for (const data of [null, 5, '{', '{}', { event: 'repartee-conversation' }, '{"event": "appContext", "data": {"conversation": {"id": 1}}}']) {
              frame.addEventListener('load', () => frame.contentWindow.postMessage(data, '*'));
            }
          </script></html>
          """;

  /**
   * What the module uses of FreeScout: its editor, and small stand-ins for functions of main.js.
   */
  private static final String FREESCOUT =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>FreeScout</title>
      <meta http-equiv="Content-Security-Policy" content="base-uri 'none'; default-src 'self'; img-src * 'self' data:; font-src * 'self' data:; style-src * 'self' 'unsafe-inline'; form-action 'self'; frame-src * 'self'; script-src 'self' 'nonce-n'">
      <link rel="stylesheet" href="/summernote/summernote-lite.css">
      """
          + STYLE
          + """
          <div id="conv-layout">
            <div id="conv-layout-main"><button class="conv-reply">Reply</button>
              <div class="conv-reply-block hidden"><textarea id="body"></textarea></div>
              <p><b>Ann</b><br>Where is my parcel?</p><p><b>Mia</b><br>One moment.</p></div>
            <div id="conv-layout-customer"><iframe id="repartee" title="Repartee" style="width: 100%; height: 480px; border: 0" data-conversation="CONVERSATION" src="SERVICE/apps/freescout"></iframe></div>
          </div>
          <script src="/jquery.js"></script><script src="/summernote/summernote-lite.js"></script>
          <script nonce="n">
            var fs_body_default = '<div><br></div>', note = '';
            function isNote() { return note; }
            function setReplyBody(text) { $('#body').summernote('code', text); }
            $('#body').summernote({ minHeight: 120, toolbar: [['style', ['bold', 'italic']], ['insert', ['link', 'picture']]] });
            $('.conv-reply').click(() => {
              if ($('.conv-reply-block').hasClass('hidden')) {
                setReplyBody(fs_body_default);
                $('.conv-reply-block').removeClass('hidden');
              }
            });
          </script><script src="/module.js"></script></html>
          """;

  private static final String CONVERSATION =
      """
      {"id": 17, "agent": 3, "metadata": {"customer_name": "Ann", "agent_name": null}, "messages":
        [{"role": "customer", "text": "Where is my parcel?"}, {"role": "agent", "text": "One moment."}]}
      """;

  /**
   * Lightning's own compiler, with the module that it compiles to and a page in place of an org.
   */
  private static final String COMPILE =
      """
      import { transformSync } from '@lwc/compiler';
      import { readFileSync, writeFileSync } from 'node:fs';
      const options = { name: 'reparteeReply', namespace: 'c' };
      for (const kind of ['js', 'html']) {
        const { code, warnings } = transformSync(readFileSync(`lint/reparteeReply.${kind}`, 'utf8'), `reparteeReply.${kind}`, options);
        if (warnings?.length > 0) throw new Error(JSON.stringify(warnings));
        writeFileSync(`${process.argv[2]}/${kind}.js`, code
          .replaceAll('"./reparteeReply.html"', '"./html.js"').replace(/["']lwc["']/g, '"./lwc.js"')
          .replace(/import (\\w+) from ".*css.*";/g, 'const $1 = undefined;'));
      }
      """;

  private static final String LIGHTNING =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>Salesforce</title>
      <script type="module">
        import { createElement } from './lwc.js';
        import Reply from './js.js';
        const reply = createElement('c-repartee-reply', { is: Reply });
        Object.assign(reply, { url: 'SERVICE/', conversation: CONVERSATION });
        reply.addEventListener('insert', ({ detail }) => (document.title = detail));
        document.body.append(reply);
      </script><body></html>
      """;

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static HttpServer files;
  private static RunningService open;
  private static RunningService keyed;
  private RunningService service = open;
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private final List<String> addresses = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private BrowserContext context;
  private Page page;
  private FrameLocator app;

  @BeforeAll
  static void start() throws IOException {
    chromium = Chromium.start();
    files =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Files.createDirectories(folder.resolve("site")),
            SimpleFileServer.OutputLevel.NONE);
    files.start();
    String desk = site("desk.localhost") + "," + site("127.0.0.1");
    open = AssistPage.service(folder.resolve("open"), "--frame-ancestor", desk);
    String keys = Files.writeString(folder.resolve("keys"), "desk: " + KEY).toString();
    keyed =
        AssistPage.service(folder.resolve("keyed"), "--frame-ancestor", desk, "--api-keys", keys);
  }

  @AfterAll
  static void stop() {
    if (keyed != null) {
      open.close();
      keyed.close();
      files.stop(0);
      chromium.close();
    }
  }

  @AfterEach
  void noComplaintsAndNoKeyInAnAddress() {
    if (context != null) {
      context.close();
    }
    assertThat(complaints).isEmpty();
    assertThat(addresses).noneMatch(address -> address.contains(KEY));
  }

  private static String site(String host) {
    return "http://" + host + ":" + files.getAddress().getPort();
  }

  private void serve(String path, String text) throws IOException {
    Path file = folder.resolve("site").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(
        file, text.replace("SERVICE", service.url("").toString().replaceFirst("/$", "")));
  }

  private void browse(int width, ColorScheme scheme) {
    context =
        chromium
            .browser()
            .newContext(new NewContextOptions().setViewportSize(width, 640).setColorScheme(scheme));
    context.onConsoleMessage(
        message -> {
          boolean isLocked = service == keyed && message.text().contains("401");
          if (message.type().equals("error") && !isLocked) {
            complaints.add(message.text());
          }
        });
    context.onWebError(error -> complaints.add(error.error()));
    context.onRequest(
        request -> {
          addresses.add(request.url());
          if (request.method().equals("POST") && request.url().endsWith("/v1/suggestions")) {
            asked.add(Json.COMPACT.readTree(request.postData()));
          } else if (request.method().equals("POST") && request.url().endsWith("/v1/feedback")) {
            told.add(Json.COMPACT.readTree(request.postData()));
          }
        });
    page = context.newPage();
    app = page.frameLocator("iframe >> nth=0");
  }

  private void open(String desk) throws IOException {
    open("desk.localhost", desk);
  }

  private void open(String host, String desk) throws IOException {
    serve("favicon.ico", "");
    serve("index.html", desk);
    page.navigate(site(host) + "/");
    if (service == keyed) {
      assertThat(app.locator("#state")).hasText("Locked");
      assertThat(app.locator("#notice")).hasText("The service asks for an access token.");
      app.locator("#token").fill(KEY);
      app.locator("#access button").click();
    }
    assertThat(app.locator("#state")).hasText("Ready");
    assertThat(app.locator("#access")).isHidden();
  }

  private void openFreeScout() throws IOException {
    Path npm = Npm.packages("jquery@3.8.0", "summernote@0.8.20");
    Path site = folder.resolve("site");
    Files.copy(
        npm.resolve("jquery/dist/jquery.js"),
        site.resolve("jquery.js"),
        StandardCopyOption.REPLACE_EXISTING);
    for (String name :
        List.of("summernote-lite.js", "summernote-lite.css", "font/summernote.woff2")) {
      Path to = site.resolve("summernote").resolve(name);
      Files.createDirectories(to.getParent());
      Files.copy(
          npm.resolve("summernote/dist").resolve(name), to, StandardCopyOption.REPLACE_EXISTING);
    }
    serve("module.js", Repository.text("docs/examples/freescout/Public/js/module.js"));
    open(FREESCOUT.replace("CONVERSATION", CONVERSATION.replace("\"", "&quot;")));
  }

  private Locator draft() {
    return app.locator("#draft");
  }

  private Locator ghost() {
    return app.locator("repartee-assist .ghost");
  }

  private List<String> said() {
    return asked
        .getLast()
        .path("messages")
        .valueStream()
        .map(one -> one.path("role").asString() + ": " + one.path("text").asString())
        .toList();
  }

  private <T> void eventually(Supplier<T> actual, T expected) {
    long end = System.nanoTime() + 8_000_000_000L;
    while (!expected.equals(actual.get()) && System.nanoTime() < end) {
      page.waitForTimeout(20);
    }
    assertThat(actual.get()).isEqualTo(expected);
  }

  private void writeAGreeting() {
    assertThat(draft()).isEnabled();
    draft().pressSequentially("Hel");
    assertThat(ghost()).hasText(GREETING.substring(3));
    draft().press("Tab");
    assertThat(draft()).hasValue(GREETING);
  }

  @Test
  void chatwootsConversationArrivesAndAReplyIsCopied() throws IOException {
    browse(900, ColorScheme.LIGHT);
    open(CHATWOOT);
    assertThat(app.locator("#messages li")).hasCount(2);
    assertThat(app.locator("#messages li").first())
        .containsText("AnnWhere is my parcel? <img src=x onerror=alert(1)>");
    draft().pressSequentially("Hel");
    assertThat(ghost()).hasText(GREETING.substring(3));
    JsonNode request = asked.getLast();
    assertThat(said())
        .containsExactly(
            "customer: Where is my parcel? <img src=x onerror=alert(1)>", "agent: One moment.");
    assertThat(request.path("conversation_id").asString()).isEqualTo("17");
    assertThat(request.path("agent_id").asString()).isEqualTo("3");
    assertThat(request.path("metadata").path("customer_name").asString()).isEqualTo("Ann");
    draft().press("Tab");
    app.locator("#put").click();
    assertThat(app.locator("#done")).hasText("Copied. Paste it into the reply.");
    assertThat(draft()).hasValue("");
    eventually(told::size, 1);
    assertThat(told.getFirst().path("final_text").asString()).isEqualTo(GREETING);
    assertThat(told.getFirst().path("conversation_id").asString()).isEqualTo("17");
    assertThat(told.getFirst().path("characters_typed").asInt()).isEqualTo(3);
    context.grantPermissions(List.of("clipboard-read"));
    page.locator("#composer").click();
    assertThat(page.evaluate("() => navigator.clipboard.readText()")).isEqualTo(GREETING);
  }

  @Test
  void chatwootIsAskedForNewMessagesAndForTheNextConversation() throws IOException {
    browse(900, ColorScheme.LIGHT);
    open(CHATWOOT);
    assertThat(draft()).isEnabled();
    draft().pressSequentially("Hel");
    page.evaluate("() => context.conversation.messages.push(message(8, 0, 'It is LS-44719.'))");
    assertThat(app.locator("#messages li")).hasCount(3);
    eventually(() -> said().getLast(), "customer: It is LS-44719.");
    assertThat(draft()).hasValue("Hel");
    page.evaluate(
        "() => { context.conversation = { id: 18, messages: [message(9, 0, 'Where is my lamp?'),"
            + " message(10, 1, 'One moment, please.')] };"
            + " context.contact = { id: 10, name: 'Ben' }; context.currentAgent = undefined; }");
    assertThat(app.locator("#messages li"))
        .hasText(new String[] {"BenWhere is my lamp?", "AgentOne moment, please."});
    assertThat(draft()).hasValue("");
    draft().pressSequentially("Could");
    assertThat(ghost()).containsText("order number");
    assertThat(app.locator("repartee-assist .chip").first()).isEnabled();
    page.setViewportSize(900, 704);
    Chromium.picture(page, "chatwoot");
    eventually(() -> asked.getLast().path("conversation_id").asString(), "18");
  }

  @Test
  void messagesOfOthersThanTheFramesParentAreIgnored() throws IOException {
    browse(900, ColorScheme.LIGHT);
    String fake =
        "w.postMessage(JSON.stringify({ event: 'appContext', data: { conversation: { id: 66,"
            + " messages: [{ message_type: 0, content: 'evil' }] } } }), '*');"
            + "w.postMessage({ event: 'repartee-inserted' }, '*');";
    serve(
        "evil.html",
        "<title>evil</title><script>setInterval(() => { const w = parent.frames.app; %s }, 50)</script>"
            .formatted(fake));
    open(
        CHATWOOT.replace(
            "<script>",
            "<iframe name=evil src=" + site("evil.localhost") + "/evil.html></iframe><script>"));
    assertThat(app.locator("#messages li")).hasCount(2);
    draft().pressSequentially("Hel");
    serve("opener.html", "<title>opener</title>");
    Page opener = context.newPage();
    opener.navigate(site("evil.localhost") + "/opener.html");
    Page opened =
        opener.waitForPopup(
            () ->
                opener.evaluate(
                    "url => { window.desk = open(url); }", site("desk.localhost") + "/"));
    FrameLocator inOpened = opened.frameLocator("iframe[name=app]");
    assertThat(inOpened.locator("#messages li")).hasCount(2);
    opener.evaluate(
        "() => { for (let i = 0; i < 20; i++) { const w = desk.frames.app; " + fake + " } }");
    page.waitForTimeout(1500);
    for (FrameLocator frame : List.of(app, inOpened)) {
      assertThat(frame.locator("#messages li")).hasCount(2);
      assertThat(frame.locator("#messages")).not().containsText("evil");
    }
    assertThat(draft()).hasValue("Hel");
    assertThat(asked).allMatch(one -> one.path("conversation_id").asString("17").equals("17"));
  }

  @Test
  void aPageOfAnOriginThatIsNotNamedShowsNothing() throws IOException {
    browse(900, ColorScheme.LIGHT);
    serve("index.html", CHATWOOT);
    page.navigate(site("evil.localhost") + "/");
    eventually(
        () ->
            complaints.stream()
                .anyMatch(text -> text.contains("violates") && text.contains("frame-ancestors")),
        true);
    assertThat(app.locator("#draft")).hasCount(0);
    assertThat(page.frames().stream().filter(frame -> frame.content().contains("draft"))).isEmpty();
    complaints.clear();
  }

  @Test
  void freeScoutsModulePutsTheReplyIntoItsEditorAsText() throws IOException {
    browse(900, ColorScheme.LIGHT);
    openFreeScout();
    writeAGreeting();
    assertThat(said()).containsExactly("customer: Where is my parcel?", "agent: One moment.");
    app.locator("#put").click();
    Locator editor = page.locator(".note-editable");
    assertThat(editor).hasText(GREETING);
    assertThat(draft()).hasValue("");
    assertThat(app.locator("#done")).hasText("It is in the reply.");
    eventually(told::size, 1);
    assertThat(told.getFirst().path("final_text").asString()).isEqualTo(GREETING);
    draft().fill("Could");
    page.setViewportSize(900, 480);
    Chromium.picture(page, "freescout");
    draft().fill(MARKUP + "\nsecond line");
    app.locator("#put").click();
    assertThat(editor).containsText(GREETING + MARKUP);
    assertThat(editor.innerHTML())
        .contains("&lt;img src=x", "<br>second line")
        .doesNotContain("<b>");
  }

  @Test
  void freeScoutsNotesAreLeftAlone() throws IOException {
    browse(900, ColorScheme.LIGHT);
    openFreeScout();
    page.evaluate("() => { note = '1'; }");
    writeAGreeting();
    app.locator("#put").click();
    assertThat(app.locator("#done")).hasText("The desk does not take it. Is a reply open?");
    page.waitForTimeout(500);
    assertThat(draft()).hasValue(GREETING);
    assertThat(told).isEmpty();
  }

  /** In an org there is Lightning Web Security, too, which only Salesforce has. */
  @Test
  void lightningsComponentIsLintedAndCompiledAndWorksInLightningsEngine() throws IOException {
    Path npm =
        Npm.packages(
            "@lwc/compiler@9.5.1",
            "@lwc/engine-dom@9.5.1",
            "eslint@9.39.5",
            "@salesforce/eslint-config-lwc@4.1.2",
            "@lwc/eslint-plugin-lwc@3.5.0",
            "@salesforce/eslint-plugin-lightning@2.0.0",
            "eslint-plugin-import@2.32.0",
            "eslint-plugin-jest@29.17.0");
    Path project = npm.getParent();
    Path lint = Files.createDirectories(project.resolve("lint"));
    for (String kind : List.of(".js", ".html")) {
      Files.writeString(lint.resolve("reparteeReply" + kind), Repository.text(LWC + kind));
    }
    Files.writeString(
        project.resolve("eslint.config.cjs"),
        "module.exports = require('@salesforce/eslint-config-lwc').configs.extended;");
    Npm.succeeds(
        project, "node", "node_modules/eslint/bin/eslint.js", "--max-warnings", "0", "lint");
    Files.writeString(project.resolve("compile.mjs"), COMPILE);
    Npm.succeeds(project, "node", "compile.mjs", folder.resolve("site").toString());
    serve(
        "lwc.js",
        Files.readString(npm.resolve("@lwc/engine-dom/dist/index.js"))
            .replace("process.env.NODE_ENV", "'production'"));
    browse(900, ColorScheme.LIGHT);
    open(LIGHTNING.replace("CONVERSATION", CONVERSATION));
    writeAGreeting();
    assertThat(said()).containsExactly("customer: Where is my parcel?", "agent: One moment.");
    app.locator("#put").click();
    assertThat(page).hasTitle(GREETING);
    assertThat(draft()).hasValue("");
    eventually(told::size, 1);
  }

  /** A service of the desk's own site may store it; this address is the service's. */
  @Test
  void aTokenIsAskedForAndKeptForTheNextFrame() throws IOException {
    service = keyed;
    browse(900, ColorScheme.LIGHT);
    open("127.0.0.1", CHATWOOT);
    writeAGreeting();
    assertThat((String) app.locator("html").evaluate("html => html.outerHTML")).doesNotContain(KEY);
    page.reload();
    assertThat(app.locator("#state")).hasText("Ready");
  }

  @Test
  void aTokenStaysInMemoryWhereTheBrowserStoresNothing() throws IOException {
    service = keyed;
    browse(900, ColorScheme.LIGHT);
    context.addInitScript(
        """
        for (const name of ['sessionStorage', 'localStorage']) {
          Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
        }
        """);
    open(CHATWOOT);
    writeAGreeting();
  }

  /** The page itself, as large as its frame: a script looks into no frame of another site. */
  @ParameterizedTest
  @CsvSource({"900, LIGHT", "900, DARK", "320, LIGHT", "320, DARK"})
  void areAccessibleAndFit(int width, ColorScheme scheme) throws IOException {
    browse(width, scheme);
    page.navigate(service.url("/apps/freescout").toString());
    page.evaluate(
        "conversation => postMessage({ event: 'repartee-conversation', conversation })",
        Json.COMPACT.readValue(CONVERSATION, java.util.Map.class));
    Locator draft = page.locator("#draft");
    assertThat(draft).isEnabled();
    draft.pressSequentially("Hel");
    assertThat(page.locator("repartee-assist .ghost")).hasText(GREETING.substring(3));
    assertThat(Axe.findings(page, "switch")).isEqualTo("[]");
    draft.fill("");
    assertThat(page.locator("repartee-assist .chip").first()).isEnabled();
    Chromium.picture(page, "app-" + width + "-" + scheme);
    assertThat(Axe.findings(page, "switch")).isEqualTo("[]");
    assertThat(page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo(true);
  }
}
