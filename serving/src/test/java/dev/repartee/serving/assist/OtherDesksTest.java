package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.assist.ExtensionTest.Desk;
import dev.repartee.text.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The extension on small pages of the shape that the desks' own code gives theirs: Rocket.Chat's
 * room, and Zammad's tickets, of which several are open.
 */
@Tag("slow")
@Timeout(120)
class OtherDesksTest {

  private static final String CSS =
      """
      body { margin: 16px; font: 15px/1.5 system-ui, sans-serif; max-width: 640px; }
      textarea, [contenteditable] { display: block; box-sizing: border-box; width: 100%; min-height: 72px; margin: 0 0 8px; padding: 8px;
        font: inherit; border: 1px solid #ccc; border-radius: 8px; }
      .content:not(.active) { display: none; }
      """;

  private static final String ROCKET_CHAT =
      """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rocket.Chat</title>
      <link rel="stylesheet" href="/desk.css"><script type="module" src="/desk.js"></script></head><body>
      <main><div class="rcx-room"><div role="list" id="said">
      <div class="rcx-box rcx-message" role="listitem" data-own="false"><div class="rcx-message-container">
        <div class="rcx-message-body"><p>Where is my parcel?</p></div></div></div>
      <div class="rcx-box rcx-message-system" role="listitem"><div class="rcx-message-system__body">a-3 joined</div></div>
      <div class="rcx-box rcx-message" role="listitem" data-own="true"><div class="rcx-message-container">
        <div class="rcx-message-body"><p>One moment.</p></div></div></div></div>
      <footer><div class="rcx-box rcx-input-box__wrapper" role="group">
      <textarea class="rcx-box rc-message-box__textarea js-input-message" name="msg" aria-label="Message"></textarea>
      <div class="rcx-box"><button type="button" aria-label="Envoyer"><i class="rcx-icon--name-send rcx-icon">➤</i></button></div>
      </div></footer></div>
      <aside><div class="rcx-message" role="listitem" data-own="false"><div class="rcx-message-body">In a thread</div></div>
      <div role="group"><textarea class="js-input-message" name="msg" aria-label="Thread"></textarea></div></aside></main></body></html>
      """;

  private static final String ROCKET_CHAT_SCRIPT =
      """
      const field = document.querySelector('.rc-message-box__textarea');
      const send = () => {
        const line = document.querySelector('#said > [data-own=true]').cloneNode(true);
        line.querySelector('p').textContent = field.value;
        document.getElementById('said').append(line);
        field.value = '';
      };
      field.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') {
          event.preventDefault();
          send();
        }
      });
      document.querySelector('[aria-label=Envoyer]').addEventListener('click', send);
      """;

  private static String ticket(int id, String customer, boolean active) {
    return """
    <div class="content%s" id="content_permanent_Ticket-%d"><div class="ticketZoom"><div class="ticket-article">
    <div class="ticket-article-item customer"><div class="article-content"><div class="textBubble">
      <div class="textBubble-content"><div class="richtext-content">%s</div></div></div></div></div>
    <div class="ticket-article-item agent is-internal"><div class="richtext-content">Lost again, do not say it.</div></div>
    <div class="ticket-article-item system"><div class="richtext-content">Your ticket was created.</div></div>
    <div class="ticket-article-item agent"><div class="richtext-content">One moment.</div></div></div>
    <form class="article-add is-public"><button type="button" class="js-toggleVisibility">Visibility</button>
    <div class="article-content"><div class="textBubble js-writeArea">
    <div class="js-textarea richtext-content articleNewEdit-body" contenteditable="true" data-name="body" aria-label="Reply"></div>
    <div class="textBubble-footer"></div></div></div></form></div>
    <div class="attributeBar"><form class="buttonDropdown"><button class="btn js-submit"><span>Update</span></button></form></div></div>
    """
        .formatted(active ? " active" : "", id, customer);
  }

  private static final String ZAMMAD =
      """
      <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Zammad</title>
      <link rel="stylesheet" href="/desk.css"><script type="module" src="/desk.js"></script></head><body>
      <a href="#ticket/zoom/16">16</a> <a href="#ticket/zoom/17">17</a>
      """
          + ticket(16, "My lamp is broken.", false)
          + ticket(17, "Where is my parcel?", true)
          + "</body></html>";

  private static final String ZAMMAD_SCRIPT =
      """
      addEventListener('hashchange', () => document.querySelectorAll('.content').forEach((content) =>
        content.classList.toggle('active', content.id.endsWith(location.hash.split('/').pop()))));
      document.addEventListener('click', (event) => {
        if (event.target.matches('.js-toggleVisibility')) {
          ['is-internal', 'is-public'].forEach((name) => event.target.form.classList.toggle(name));
        }
      });
      document.addEventListener('submit', (event) => {
        event.preventDefault();
        const content = event.target.closest('.content');
        const body = content.querySelector('.articleNewEdit-body');
        const item = content.querySelector('.ticket-article-item.agent:not(.is-internal)').cloneNode(true);
        item.querySelector('.richtext-content').textContent = body.textContent;
        content.querySelector('.ticket-article').append(item);
        body.replaceChildren();
      });
      """;

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static RunningService running;
  private static Recorder service;
  private Extension extension;
  private Desk desk;

  @BeforeAll
  static void start() throws IOException {
    chromium = Chromium.start();
    running = AssistPage.service(Files.createDirectories(folder.resolve("service")));
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

  @AfterEach
  void close() {
    desk.close();
    extension.close();
    service.requests.clear();
  }

  private Page open(String name, String address, String page, String script) throws IOException {
    extension = new Extension(chromium, Files.createDirectories(folder.resolve(name)));
    extension.setUp(service, "", "https://desk.example", name);
    desk = new Desk(extension.browser);
    String path = address.replaceFirst("#.*", "");
    desk.serve(path, "text/html", page);
    desk.serve("/desk.css", "text/css", CSS);
    desk.serve("/desk.js", "text/javascript", script);
    desk.page.navigate("https://desk.example" + address);
    desk.eventually(() -> desk.shown("chip").size(), 3);
    return desk.page;
  }

  @Test
  void attachesToARoomOfRocketChat() throws IOException {
    Page page = open("rocketChat", "/live/Ab12/room-info", ROCKET_CHAT, ROCKET_CHAT_SCRIPT);
    Locator field = page.getByLabel("Message");
    field.pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));
    asks("Hel", "Ab12", "customer: Where is my parcel?", "agent: One moment.");
    page.keyboard().press("Tab");
    assertThat(field).hasValue(GREETING);
    page.keyboard().press("Enter");
    assertThat(page.locator("#said > *").last()).hasText(GREETING);
    reported(1, "Ab12", GREETING);
    field.pressSequentially("Bye");
    page.getByLabel("Envoyer").click();
    reported(2, "Ab12", "Bye");
    // The agent's own sentences are agents' messages by then.
    desk.eventually(
        () -> said(service.to("/v1/suggestions").getLast().body()).getLast(), "agent: Bye");
  }

  @Test
  void attachesToTheTicketOfZammadThatIsShown() throws IOException {
    Page page = open("zammad", "/#ticket/zoom/17", ZAMMAD, ZAMMAD_SCRIPT);
    Locator field = page.locator(".content.active .articleNewEdit-body");
    field.pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));
    asks("Hel", "17", "customer: Where is my parcel?", "agent: One moment.");
    page.keyboard().press("Tab");
    assertThat(field).hasText(GREETING);
    page.locator(".content.active .js-submit").click();
    reported(1, "17", GREETING);

    page.locator("a", new Page.LocatorOptions().setHasText("16")).click();
    assertThat(page.locator("#content_permanent_Ticket-16")).isVisible(); // or keys go to 17
    field.pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));
    asks("Hel", "16", "customer: My lamp is broken.", "agent: One moment.");
  }

  /** What an agent notes for colleagues is not asked about, and not reported. */
  @Test
  void anInternalNoteOfZammadIsLeftAlone() throws IOException {
    Page page = open("zammad", "/#ticket/zoom/17", ZAMMAD, ZAMMAD_SCRIPT);
    Locator field = page.locator(".content.active .articleNewEdit-body");
    desk.eventually(() -> service.to("/v1/suggestions").isEmpty(), false);
    page.locator(".content.active .js-toggleVisibility").click();
    page.waitForTimeout(400);
    int asked = service.to("/v1/suggestions").size();
    field.pressSequentially("Hel");
    page.waitForTimeout(600);
    assertThat(service.to("/v1/suggestions")).hasSize(asked);
    page.locator(".content.active .js-submit").click();
    page.waitForTimeout(600);
    assertThat(service.to("/v1/feedback")).isEmpty();
    page.locator(".content.active .js-toggleVisibility").click();
    field.pressSequentially("Hel");
    desk.eventually(() -> desk.text("ghost"), GREETING.substring(3));
  }

  private void asks(String draft, String conversation, String... messages) {
    // The grey text may stand since the first letter.
    desk.eventually(
        () -> service.to("/v1/suggestions").getLast().body().path("draft").asString(), draft);
    JsonNode asked = service.to("/v1/suggestions").getLast().body();
    assertThat(asked.path("conversation_id").asString()).isEqualTo(conversation);
    assertThat(said(asked)).containsExactly(messages);
  }

  private static List<String> said(JsonNode body) {
    return body.path("messages")
        .valueStream()
        .map(one -> one.path("role").asString() + ": " + one.path("text").asString())
        .toList();
  }

  private void reported(int count, String conversation, String text) {
    desk.eventually(() -> service.to("/v1/feedback").size(), count);
    JsonNode told = service.to("/v1/feedback").getLast().body();
    assertThat(told.path("conversation_id").asString()).isEqualTo(conversation);
    assertThat(told.path("final_text").asString()).isEqualTo(text);
  }
}
