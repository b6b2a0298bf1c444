package dev.repartee.serving.assist;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.AnswerListPredictor;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Npm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * A desk's page with the element on it, under a Content-Security-Policy without {@code
 * unsafe-inline}, and with the service's own suggestions.
 */
final class AssistPage implements AutoCloseable {

  static final String GREETING = "Hello, thank you for contacting us. How can I help you today?";
  static final String ORDER_NUMBER = "Could you please give me your order number?";
  static final String OTHER_NUMBER = "Could you please give me your phone number?";
  static final String LETTER = "Dear customer,\nyour order is on its way.\nKind regards";
  static final String MARKUP = "<b>Bold</b> & <img src=x onerror=\"document.title='broken'\">";
  static final String HEBREW = "שלום, תודה שפנית אלינו. איך אפשר לעזור?";
  static final String JAPANESE = "お世話になっております。ご注文番号を教えていただけますか。";
  static final String REFUND = "Your order {order_number} is refunded, {customer_name}.";

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " img-src 'self'; base-uri 'none'; form-action 'self'";

  private static final String PROSE_MIRROR =
      """
      import { EditorState } from '/npm/prosemirror-state/dist/index.js';
      import { EditorView } from '/npm/prosemirror-view/dist/index.js';
      import { schema } from '/npm/prosemirror-schema-basic/dist/index.js';
      import { history, undo } from '/npm/prosemirror-history/dist/index.js';
      import { keymap } from '/npm/prosemirror-keymap/dist/index.js';
      import { baseKeymap } from '/npm/prosemirror-commands/dist/index.js';
      const view = new EditorView(document.getElementById('editor'), {
        state: EditorState.create({ schema,
          plugins: [history(), keymap({ 'Mod-z': undo }), keymap(baseKeymap)] }),
        attributes: { id: 'reply', role: 'textbox', 'aria-multiline': 'true', 'aria-label': 'Reply' },
      });
      window.readReply = () => view.state.doc.textBetween(0, view.state.doc.content.size, '\\n', '\\n');
      window.clearReply = () => view.dispatch(view.state.tr.delete(0, view.state.doc.content.size));
      """;

  /** What agents write in. */
  enum Kind {
    TEXTAREA(
        "<textarea id=\"reply\" rows=\"4\" aria-label=\"Reply\"></textarea>",
        "window.readReply = () => reply.value; window.clearReply = () => { reply.value = ''; };"),
    INPUT(
        "<input id=\"reply\" aria-label=\"Reply\">",
        "window.readReply = () => reply.value; window.clearReply = () => { reply.value = ''; };"),
    EDITABLE(
        "<div id=\"reply\" contenteditable=\"true\" role=\"textbox\" aria-multiline=\"true\""
            + " aria-label=\"Reply\"></div>",
        "window.readReply = () => reply.innerText.replace(/\\n$/, '').replaceAll('\\u00a0', ' ');"
            + "window.clearReply = () => reply.replaceChildren();"),
    PROSEMIRROR("<div id=\"editor\"></div>", PROSE_MIRROR);

    private final String html;
    private final String script;

    Kind(String html, String script) {
      this.html = html;
      this.script = script;
    }
  }

  /** What one looks like. */
  record Look(Kind kind, String language, int width, ColorScheme scheme) {

    static Look plain(Kind kind) {
      return new Look(kind, "en", 900, ColorScheme.LIGHT);
    }

    Look in(String other) {
      return new Look(kind, other, width, scheme);
    }
  }

  final Page page;
  final List<String> complaints = new CopyOnWriteArrayList<>();
  final List<JsonNode> feedback = new CopyOnWriteArrayList<>();
  final List<String> drafts = new CopyOnWriteArrayList<>();
  final List<JsonNode> requests = new CopyOnWriteArrayList<>();
  private final BrowserContext context;
  private final RunningService service;
  private CDPSession devices;

  AssistPage(Browser browser, RunningService service, Look look) {
    this(browser, service, look, "");
  }

  /**
   * @param script of the page, run after the element is there as {@code assist}
   */
  AssistPage(Browser browser, RunningService service, Look look, String script) {
    this.service = service;
    boolean phone = look.width() < 600;
    context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(look.width(), phone ? 700 : 560)
                .setDeviceScaleFactor(phone ? 2 : 1)
                .setIsMobile(phone)
                .setHasTouch(phone)
                .setColorScheme(look.scheme()));
    page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    page.onRequest(
        request -> {
          if (request.url().endsWith("/v1/suggestions")) {
            requests.add(Json.COMPACT.readTree(request.postData()));
            drafts.add(requests.getLast().path("draft").asString());
          }
        });
    page.route(
        "**/v1/feedback",
        route -> {
          feedback.add(Json.COMPACT.readTree(route.request().postData()));
          route.fulfill(new Route.FulfillOptions().setStatus(202));
        });
    serve("/desk/", "text/html", html(look));
    serve("/desk/desk.css", "text/css", css());
    serve("/desk/desk.js", "text/javascript", look.kind().script + desk(script));
    searches(page);
    page.route("**/npm/**", AssistPage::npm);
    if (look.kind() == Kind.PROSEMIRROR) {
      proseMirror();
    }
    page.navigate(service.url("/desk/").toString());
    page.locator("#reply").waitFor();
  }

  static Path proseMirror() {
    return Npm.packages(
        "prosemirror-view@1.42.9",
        "prosemirror-state@1.4.4",
        "prosemirror-model@1.25.13",
        "prosemirror-schema-basic@1.2.5",
        "prosemirror-history@1.5.1",
        "prosemirror-keymap@1.2.3",
        "prosemirror-commands@1.7.2");
  }

  static AnswerListPredictor predictor() {
    return new AnswerListPredictor(
        new AnswerSet(
            List.of(
                new Answer("hello", GREETING, 9, 5, List.of()),
                new Answer("number", ORDER_NUMBER, 8, 4, List.of()),
                new Answer("letter", LETTER, 7, 3, List.of()),
                new Answer("other-number", OTHER_NUMBER, 1, 3, List.of()),
                new Answer("markup", MARKUP, 6, 3, List.of()),
                new Answer("hebrew", HEBREW, 5, 3, List.of()),
                new Answer("japanese", JAPANESE, 4, 3, List.of()))));
  }

  /**
   * A service that suggests what a list holds.
   *
   * @param folder an empty one
   * @param options more of {@code serve}
   */
  static RunningService service(Path folder, String... options) {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--cache", folder.resolve("cache").toString()));
    return RunningService.serving(folder, path -> predictor(), all.toArray(String[]::new));
  }

  private static String html(Look look) {
    String direction = look.language().equals("he") ? "rtl" : "ltr";
    return """
    <!doctype html>
    <html lang="%s" dir="%s">
    <head><meta charset="utf-8"><title>Desk</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="stylesheet" href="desk.css"><script type="module" src="desk.js"></script></head>
    <body><main><h1>Conversation</h1>
    <p class="said">Where is my parcel? It should have been here on Monday.</p>
    <div class="composer">%s
    <repartee-assist id="assist" for="#reply" url="/" conversation="c-1" agent="a-3" send="#send"></repartee-assist>
    <button id="send" type="button">Send</button></div></main></body></html>
    """
        .formatted(look.language(), direction, look.kind().html);
  }

  private static String css() {
    return """
    body { margin: 0; font: 16px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
    main { max-width: 680px; margin: 0 auto; padding: 16px; }
    h1 { font-size: 18px; margin: 0 0 12px; }
    .said { display: inline-block; margin: 0 0 24px; padding: 8px 14px; border-radius: 12px;
      background: color-mix(in srgb, currentColor 9%, transparent); }
    .composer { display: grid; gap: 10px; }
    #reply { box-sizing: border-box; width: 100%; margin: 0; padding: 10px 14px; font: inherit;
      color: inherit; background: Canvas; border: 1px solid GrayText; border-radius: 9px; resize: none; }
    div#reply { min-height: 116px; white-space: pre-wrap; overflow-wrap: break-word; }
    div#reply p { margin: 0; }
    .ProseMirror-separator { display: none; }
    #send { justify-self: end; font: inherit; padding: 8px 22px; }
    """;
  }

  private static String desk(String script) {
    return """
    import '/repartee-assist.js';
    const assist = document.getElementById('assist');
    const reply = document.getElementById('reply');
    window.sent = [];
    window.events = [];
    for (const name of ['state', 'taken', 'sent', 'blocked', 'checked', 'off']) {
      assist.addEventListener(`repartee-${name}`, ({ detail }) => window.events.push([name, detail]));
    }
    document.getElementById('send').addEventListener('click', () => {
      window.sent.push(window.readReply());
      window.clearReply();
    });
    assist.messages = [{ role: 'customer', text: 'Where is my parcel?' }];
    assist.metadata = { customer_name: 'Ann' };
    """
        + script;
  }

  private void serve(String path, String type, String text) {
    page.route(
        service.url(path).toString(),
        route ->
            route.fulfill(
                new Route.FulfillOptions()
                    .setContentType(type + "; charset=utf-8")
                    .setHeaders(Map.of("Content-Security-Policy", POLICY))
                    .setBody(text)));
  }

  private static void search(Route route) {
    String query = Json.COMPACT.readTree(route.request().postData()).path("q").asString();
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setHeaders(Map.of("Access-Control-Allow-Origin", "*"))
            .setBody(found(query)));
  }

  /** Lets a page search the library, which a service whose model is a list of answers cannot. */
  static void searches(Page page) {
    page.route("**/v1/answers", AssistPage::search);
  }

  /** The response to a search: the entries whose title begins with the query. */
  static String found(String query) {
    List<AnswerItem> entries =
        List.of(
            new AnswerItem(
                "Refund",
                "Refund",
                REFUND.replace("{customer_name}", "Ann"),
                List.of("order_number")),
            new AnswerItem("Return", "Return", "Please send it back to us.", List.of()));
    return Json.COMPACT.writeValueAsString(
        Map.of(
            "answers",
            entries.stream()
                .filter(entry -> entry.title().toLowerCase(Locale.ROOT).startsWith(query))
                .toList(),
            "library",
            Map.of("name", "replies", "version", "1")));
  }

  private record AnswerItem(String id, String title, String text, List<String> unfilled) {}

  /** A module from npm, with the names of others made paths. */
  static void npm(Route route) {
    String path = route.request().url().replaceFirst("^.*/npm/", "");
    try {
      String text = Files.readString(proseMirror().resolve(path));
      String linked =
          text.replaceAll(
                  "from ['\"](prosemirror-[a-z-]+|orderedmap|rope-sequence)['\"]",
                  "from '/npm/$1/dist/index.js'")
              .replaceAll("from ['\"]w3c-keyname['\"]", "from '/npm/w3c-keyname/index.js'");
      route.fulfill(new Route.FulfillOptions().setContentType("text/javascript").setBody(linked));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Locator reply() {
    return page.locator("#reply");
  }

  Locator ghost() {
    return page.locator("#assist .ghost");
  }

  Locator chip(int number) {
    return page.locator("#assist .chip").nth(number - 1);
  }

  /** What all chips say. */
  String chips() {
    return page.locator("#assist .chips").textContent();
  }

  Locator note() {
    return page.locator("#assist .note");
  }

  Locator option(int number) {
    return page.locator("#assist [role=option]").nth(number - 1);
  }

  void type(String text) {
    reply().pressSequentially(text);
  }

  /** As an input method or a phone's keyboard does; an empty text cancels. */
  void compose(String text) {
    JsonObject composition = new JsonObject();
    composition.addProperty("text", text);
    composition.addProperty("selectionStart", text.length());
    composition.addProperty("selectionEnd", text.length());
    devices().send("Input.imeSetComposition", composition);
  }

  /** Ends what is composed, with this text in its place. */
  void commit(String text) {
    JsonObject typed = new JsonObject();
    typed.addProperty("text", text);
    devices().send("Input.insertText", typed);
  }

  /** A key that the input method reads. */
  void pressComposing(String key) {
    JsonObject pressed = new JsonObject();
    pressed.addProperty("type", "rawKeyDown");
    pressed.addProperty("key", key);
    pressed.addProperty("windowsVirtualKeyCode", 229);
    devices().send("Input.dispatchKeyEvent", pressed);
  }

  private CDPSession devices() {
    if (devices == null) {
      devices = context.newCDPSession(page);
    }
    return devices;
  }

  void press(String key) {
    page.keyboard().press(key);
  }

  /** The reply as the page reads it. */
  String text() {
    return (String) page.evaluate("() => window.readReply()");
  }

  /** Waits until it reads so. */
  void reads(String expected) {
    eventually(this::text, expected);
  }

  <T> void eventually(Supplier<T> actual, T expected) {
    long end = System.nanoTime() + 5_000_000_000L;
    while (!expected.equals(actual.get()) && System.nanoTime() < end) {
      page.waitForTimeout(20); // requests are answered meanwhile
    }
    assertThat(actual.get()).isEqualTo(expected);
  }

  @Override
  public void close() {
    if (!page.isClosed()) {
      page.unrouteAll();
      context.close();
    }
  }
}
