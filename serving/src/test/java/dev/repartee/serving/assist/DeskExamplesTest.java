package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;
import static dev.repartee.serving.assist.AssistPage.ORDER_NUMBER;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewPageOptions;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.repartee.serving.RunningService;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Chromium;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
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
import tools.jackson.databind.JsonNode;

/**
 * The examples for Zendesk and Front, in a frame of a page that stands for the desk. A stub of the
 * vendor's SDK answers the calls that its documentation names, and refuses all others.
 */
@Tag("slow")
@Timeout(120)
class DeskExamplesTest {

  private static final String SIDEBAR_APP = "docs/examples/zendesk/";

  private static final String CSS =
      """
      <style>
        body { margin: 0; display: grid; grid-template-columns: 1fr 320px; gap: 16px; padding: 16px; font: 15px/1.5 system-ui, sans-serif; }
        #composer { min-height: 90px; padding: 8px 12px; border: 1px solid #999; border-radius: 6px; white-space: pre-wrap; }
        iframe { width: 320px; height: 350px; border: 1px solid #ddd; }
        dialog { position: static; margin: 0; padding: 0; border: 0; }
      </style>
      """;

  /** The agent's page. An agent's reply is in the ticket a moment after the editor was emptied. */
  private static final String ZENDESK =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>Zendesk</title>
      """
          + CSS
          + """
          <section><h1>Ticket 17</h1><div id="composer" contenteditable="true" role="textbox" aria-label="Reply"></div>
          <button id="submit">Submit</button></section>
          <aside><iframe src="/APP" title="Repartee"></iframe></aside>
          <script>
            var calls = [], fire = () => {}, type = 'publicReply';
            const said = (id, role, channel, contentType, content) =>
              ({ attachments: [], author: { id, role, name: 'x' }, channel: { name: channel }, message: { content, contentType }, timestamp: '' });
            var conversation = [
              said(9, 'end-user', 'email', 'text/html', '<p>Where is my parcel &amp; my lamp?</p><p>Ann</p>'),
              said(3, 'agent', 'internal', 'text/html', '<p>Lost again</p>'),
              said(0, 'system', 'web', 'text/plain', 'Merged'),
              said(3, 'agent', 'web', 'text/plain', 'One moment.'),
            ];
            document.getElementById('submit').addEventListener('click', () => {
              const composer = document.getElementById('composer');
              const content = composer.innerHTML;
              composer.replaceChildren();
              fire('comment.text.changed');
              setTimeout(() => {
                conversation = [...conversation, said(3, 'agent', type === 'publicReply' ? 'web' : 'internal', 'text/html', content)];
                fire('ticket.conversation.changed');
              }, 400);
            });
          </script></html>
          """;

  private static final String ZAF =
      """
      window.ZAFClient = { init() {
        const composer = parent.document.getElementById('composer');
        const listeners = new Map();
        parent.fire = (name) => listeners.get(name)?.();
        composer.addEventListener('input', () => parent.fire('comment.text.changed'));
        const values = {
          'ticket.id': () => 17,
          'ticket.requester.name': () => 'Ann',
          'ticket.conversation': () => parent.conversation,
          'currentUser.id': () => 3,
          'comment.text': () => composer.innerHTML,
          'comment.type': () => parent.type,
          'comment.useRichText': () => true,
        };
        const actions = {
          'ticket.comment.appendText': (text) => (composer.lastElementChild ?? composer).append(text),
          resize: () => {},
        };
        const settings = {
          'comment.text': (html) => { composer.innerHTML = html; },
        };
        const known = (all, name) => {
          if (!Object.hasOwn(all, name)) {
            throw new Error(`not documented: ${name}`);
          }
          return all[name];
        };
        const done = (name) => name.includes('comment') && parent.fire('comment.text.changed');
        return {
          metadata: async () => ({ appId: 1, settings: { url: 'SERVICE', token: null } }),
          get: async (paths) => Object.fromEntries([paths].flat().map((path) => [path, known(values, path)()])),
          invoke: async (name, ...parameters) => {
            parent.calls.push([name, ...parameters]);
            known(actions, name)(...parameters);
            done(name);
          },
          set: async (name, value) => {
            parent.calls.push([name, value]);
            known(settings, name)(value);
            done(name);
          },
          on(name, listener) {
            if (!['ticket.conversation.changed', 'comment.text.changed', 'comment.type.changed'].includes(name)) {
              throw new Error(`not documented: ${name}`);
            }
            listeners.set(name, listener);
          },
        };
      } };
      """;

  private static final String FRONT =
      """
      <!doctype html><html lang="en"><meta charset="utf-8"><title>Front</title>
      """
          + CSS
          + """
          <section><h1>Reply to Ann</h1><div id="composer" contenteditable="true" role="textbox" aria-label="Draft">Hi Ann,</div></section>
          <dialog open><iframe src="/plugin/index.html" title="Repartee"></iframe></dialog>
          <script>var calls = [];</script></html>
          """;

  private static final String FRONT_SDK =
      """
      const message = (id, day, status, type, body) =>
        ({ id, date: new Date(2026, 0, day), status, content: body === null ? undefined : { body, type, attachments: [] } });
      const pages = [
        { results: [message('m4', 4, 'outbound', 'text', 'One moment.'), message('m3', 3, 'inbound', 'html', null)], nextPageToken: 'next' },
        { results: [message('m1', 1, 'inbound', 'html', '<p>Where is my parcel?</p>')], nextPageToken: undefined },
      ];
      const context = {
        type: 'messageComposer',
        teammate: { id: 'tea_3', name: 'Mia', username: 'mia', email: 'mia@acme.example' },
        conversation: { id: 'cnv_17', draftId: 'drf_5' },
        draft: { id: 'drf_5', to: [{ handle: 'ann@example.com', name: 'Ann' }], content: { body: 'Hi Ann,', type: 'text' } },
        listMessages: async (token) => pages[token === undefined ? 0 : ['next'].indexOf(token) + 1],
        updateDraft: async (id, update) => {
          parent.calls.push([id, update]);
          if (id !== 'drf_5' || !['insert', 'replace'].includes(update.updateMode)) {
            throw new Error('not documented');
          }
          const composer = parent.document.getElementById('composer');
          composer.append(`\\n\\n${update.content.body}`);
        },
        close: async () => parent.document.querySelector('dialog').close(),
      };
      window.Front = { contextUpdates: { subscribe: (listener) => setTimeout(() => {
        listener({ type: 'noConversation', teammate: context.teammate });
        listener(context);
      }) } };
      """;

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static HttpServer files;
  private static String origin;
  private static RunningService service;
  private final List<JsonNode> asked = new CopyOnWriteArrayList<>();
  private final List<JsonNode> told = new CopyOnWriteArrayList<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
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
    origin = "http://localhost:" + files.getAddress().getPort();
    service = AssistPage.service(folder.resolve("service"), "--cors-origin", origin);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
      files.stop(0);
      chromium.close();
    }
  }

  @AfterEach
  void noComplaints() {
    if (page != null) {
      page.close();
    }
    assertThat(complaints).isEmpty();
  }

  /** Opens a desk with an app in its frame, both from a web server beside the service. */
  private void open(String desk, String path, String app, String sdkUrl, String sdk)
      throws IOException {
    page = chromium.browser().newPage(new NewPageOptions().setViewportSize(900, 420));
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.onRequest(
        request -> {
          if (request.method().equals("POST") && request.url().endsWith("/v1/suggestions")) {
            asked.add(Json.COMPACT.readTree(request.postData()));
          } else if (request.method().equals("POST") && request.url().endsWith("/v1/feedback")) {
            told.add(Json.COMPACT.readTree(request.postData()));
          }
        });
    serve("favicon.ico", "");
    serve("index.html", desk);
    serve(path, app);
    page.route(
        sdkUrl,
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType("text/javascript; charset=utf-8")
                    .setBody(sdk)));
    AssistPage.searches(page);
    page.navigate(origin + "/");
    this.app = page.frameLocator("iframe");
    assertThat(chip(1)).isEnabled();
  }

  private static void serve(String path, String text) throws IOException {
    Path file = folder.resolve("site").resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Locator chip(int number) {
    return app.locator("repartee-assist .chip").nth(number - 1);
  }

  private Locator composer() {
    return page.locator("#composer");
  }

  private static List<String> said(JsonNode request) {
    return request
        .path("messages")
        .valueStream()
        .map(one -> one.path("role").asString() + ": " + one.path("text").asString())
        .toList();
  }

  private String calls() {
    return Json.COMPACT.writeValueAsString(page.evaluate("() => calls"));
  }

  private <T> void eventually(Supplier<T> actual, T expected) {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!expected.equals(actual.get()) && System.nanoTime() < end) {
      page.waitForTimeout(20);
    }
    assertThat(actual.get()).isEqualTo(expected);
  }

  private void openZendesk() throws IOException {
    JsonNode manifest = Json.COMPACT.readTree(Repository.text(SIDEBAR_APP + "manifest.json"));
    String app = manifest.at("/location/support/ticket_sidebar/url").asString();
    open(
        ZENDESK.replace("APP", app),
        app,
        Repository.text(SIDEBAR_APP + app),
        "https://static.zdassets.com/zendesk_app_framework_sdk/2.0/zaf_sdk.min.js",
        ZAF.replace("SERVICE", service.url("/").toString()));
  }

  @Test
  void zendesksSidebarAppGoesOnWithWhatTheAgentWrites() throws IOException {
    openZendesk();
    composer().pressSequentially("Hel");
    assertThat(chip(1)).containsText("… " + GREETING);
    Chromium.picture(page, "zendesk");
    JsonNode last = asked.getLast();
    assertThat(said(last))
        .as("without notes")
        .containsExactly("customer: Where is my parcel & my lamp?\nAnn", "agent: One moment.");
    assertThat(last.path("draft").asString()).isEqualTo("Hel");
    assertThat(last.path("conversation_id").asString()).isEqualTo("17");
    assertThat(last.path("agent_id").asString()).isEqualTo("3");
    chip(1).click();
    assertThat(composer()).hasText(GREETING);
    assertThat(calls()).contains("[\"ticket.comment.appendText\",\"" + GREETING.substring(3));
    assertThat(app.locator("#draft")).hasValue(GREETING);

    page.locator("#submit").click();
    eventually(told::size, 1);
    JsonNode feedback = told.getFirst();
    assertThat(feedback.path("final_text").asString()).isEqualTo(GREETING);
    assertThat(feedback.path("conversation_id").asString()).isEqualTo("17");
    assertThat(feedback.path("action").asString()).isEqualTo("accepted");
    assertThat(feedback.path("characters_typed").asInt()).isEqualTo(3);
    assertThat(app.locator("#draft")).hasValue("");
    composer().pressSequentially("Could");
    assertThat(chip(1)).containsText("… " + ORDER_NUMBER.substring(6));
    assertThat(said(asked.getLast())).endsWith("agent: " + GREETING);
  }

  @Test
  void zendesksSidebarAppPutsAnAnswerInThePlaceOfItsSearch() throws IOException {
    openZendesk();
    composer().pressSequentially("Hi! /ref");
    app.locator("repartee-assist [role=option]").first().click();
    assertThat(composer()).hasText("Hi! Your order {order_number} is refunded, Ann.");
  }

  @Test
  void zendesksInternalNotesAreLeftAlone() throws IOException {
    openZendesk();
    page.evaluate("() => { type = 'internalNote'; fire('comment.type.changed'); }");
    int before = asked.size();
    composer().pressSequentially("Hel");
    page.waitForTimeout(600);
    assertThat(asked).hasSize(before);
    page.locator("#submit").click();
    page.waitForTimeout(800);
    assertThat(told).isEmpty();
  }

  @Test
  void frontsComposerPluginInsertsIntoTheDraft() throws IOException {
    open(
        FRONT,
        "plugin/index.html",
        Repository.text("docs/examples/front/index.html")
            .replace("http://localhost:8080/", service.url("/").toString()),
        origin + "/plugin/front-plugin-sdk.js",
        FRONT_SDK);
    eventually(
        () -> said(asked.getLast()),
        List.of("customer: Where is my parcel?", "agent: One moment."));
    app.locator("#reply").pressSequentially("Hel");
    assertThat(app.locator("repartee-assist .ghost")).hasText(GREETING.substring(3));
    Chromium.picture(page, "front");
    page.keyboard().press("Tab");
    assertThat(app.locator("#reply")).hasValue(GREETING);
    app.locator("#insert").click();
    assertThat(composer()).hasText("Hi Ann,\n\n" + GREETING);
    assertThat(page.locator("dialog")).isHidden();
    assertThat(calls()).contains("\"updateMode\":\"insert\"", "\"type\":\"text\"");
    eventually(told::size, 1);
    assertThat(told.getFirst().path("final_text").asString()).isEqualTo(GREETING);
    assertThat(told.getFirst().path("conversation_id").asString()).isEqualTo("cnv_17");
    assertThat(told.getFirst().path("agent_id").asString()).isEqualTo("tea_3");
  }
}
