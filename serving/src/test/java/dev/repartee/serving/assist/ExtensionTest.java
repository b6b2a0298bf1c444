package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import dev.repartee.serving.RunningService;
import dev.repartee.text.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The extension on a page that has the shape of Chatwoot's: a ProseMirror editor in a reply box, a
 * list of messages, and Enter that sends. The page's policy lets it connect to nothing.
 */
@Tag("slow")
@Timeout(120)
class ExtensionTest {

  private static final String PAGE =
      """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Chatwoot</title>
      <link rel="stylesheet" href="/desk.css"><script type="module" src="/desk.js"></script></head><body>
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

  @TempDir private static Path folder;

  @Test
  void attachesToAPageOfChatwootsShape() throws IOException {
    AssistPage.proseMirror();
    Path extension = folder.resolve("extension");
    Npm.succeeds(folder, Npm.ASSIST.resolve("pack-extension").toString(), extension.toString());
    try (Chromium chromium = Chromium.start();
        RunningService service = RunningService.serving(folder, path -> AssistPage.predictor())) {
      String url = service.url("/").toString();
      for (String file : List.of("config.js", "manifest.json")) {
        Path path = extension.resolve(file);
        Files.writeString(path, Files.readString(path).replace("http://localhost:8080/", url));
      }
      try (BrowserContext browser = chromium.withExtension(extension, folder.resolve("profile"))) {
        attaches(browser);
      }
    }
  }

  private static void attaches(BrowserContext browser) {
    Page page = browser.newPage();
    serve(page, "/app/accounts/1/conversations/17", "text/html", PAGE);
    serve(page, "/desk.css", "text/css", CSS);
    serve(page, "/desk.js", "text/javascript", SCRIPT);
    page.route("https://desk.example/npm/**", AssistPage::npm);
    page.navigate("https://desk.example/app/accounts/1/conversations/17");
    assertThat(page.locator("repartee-assist + .bottom-box")).hasCount(1);
    assertThat(page.locator("repartee-assist")).hasAttribute("conversation", "17");
    assertThat(page.locator("repartee-assist")).hasAttribute("agent", "a-3");
    assertThat(page.locator("repartee-assist .chip").first()).isEnabled();
    BoundingBox before = page.locator(".bottom-box").boundingBox();

    page.locator(".ProseMirror").pressSequentially("Hel");
    assertThat(page.locator("repartee-assist .ghost")).hasText(GREETING.substring(3));
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

    page.locator("repartee-assist .chip").nth(1).click();
    assertThat(page.locator(".ProseMirror p")).hasText(AssistPage.ORDER_NUMBER);
    page.locator(".right-wrap button").click();
    assertThat(page.locator(".conversation-panel > li").last()).hasText(AssistPage.ORDER_NUMBER);
    // The page drew the box anew, as desks do.
    page.evaluate("() => document.querySelector('repartee-assist').remove()");
    assertThat(page.locator("repartee-assist + .bottom-box")).hasCount(1);
    page.locator(".ProseMirror").pressSequentially("Hel");
    assertThat(page.locator("repartee-assist .ghost")).hasText(GREETING.substring(3));
  }

  private static void serve(Page page, String path, String type, String text) {
    page.route(
        "https://desk.example" + path,
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
}
