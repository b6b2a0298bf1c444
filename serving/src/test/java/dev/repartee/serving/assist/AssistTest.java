package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;
import static dev.repartee.serving.assist.AssistPage.HEBREW;
import static dev.repartee.serving.assist.AssistPage.LETTER;
import static dev.repartee.serving.assist.AssistPage.MARKUP;
import static dev.repartee.serving.assist.AssistPage.ORDER_NUMBER;
import static dev.repartee.serving.assist.AssistPage.OTHER_NUMBER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.assist.AssistPage.Kind;
import dev.repartee.serving.assist.AssistPage.Look;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Axe;
import dev.repartee.text.testing.Chromium;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The element on the pages of desks, against the real service. */
@Tag("slow")
@Timeout(120)
class AssistTest {

  /** As long as an editor takes typing for one step. */
  private static final int EDITORS_STEP_MS = 600;

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static RunningService service;
  private AssistPage desk;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    service = AssistPage.service(folder);
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
      chromium.close();
    }
  }

  @AfterEach
  void noComplaints() {
    if (desk != null) {
      desk.close();
      assertThat(desk.complaints).isEmpty();
    }
  }

  private void open(Kind kind) {
    open(Look.plain(kind), "");
  }

  private void open(Look look, String script) {
    desk = new AssistPage(chromium.browser(), service, look, script);
  }

  // On every kind of field

  @ParameterizedTest
  @EnumSource
  void halfAGreetingIsCompletedWithTabAndUndoneInOneStep(Kind kind) {
    open(kind);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    assertThat(desk.text()).as("the grey text is no content").isEqualTo("Hel");
    desk.page.waitForTimeout(EDITORS_STEP_MS);
    desk.press("Tab");
    desk.reads(GREETING);
    assertThat(desk.reply()).isFocused();
    assertThat(desk.ghost()).hasText("");
    desk.press("Control+z");
    desk.reads("Hel");
  }

  @ParameterizedTest
  @EnumSource
  void aChipTakesTheDraftsPlaceAndIsUndoneInOneStep(Kind kind) {
    open(kind);
    desk.type("c");
    assertThat(desk.ghost()).hasText(ORDER_NUMBER.substring(1));
    assertThat(desk.chip(1)).containsText(OTHER_NUMBER);
    desk.page.waitForTimeout(EDITORS_STEP_MS);
    desk.chip(1).click();
    desk.reads(OTHER_NUMBER);
    assertThat(desk.reply()).isFocused();
    desk.press("Control+z");
    desk.reads("c");
  }

  /** What the grey text says, and the whole reply that it leads to, have no chip. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "PROSEMIRROR; ould you please give me your order; order number?",
        "EDITABLE; ould you please give me your; ''",
        "INPUT; ould you please give me your order number?; order number?"
      })
  void aTextStandsInOnePlace(Kind kind, String grey, String ledTo) {
    open(kind);
    desk.page.route(
        "**/v1/suggestions",
        route -> json(route, suggested("completion", grey, ORDER_NUMBER, OTHER_NUMBER, GREETING)));
    desk.type("c");
    assertThat(desk.ghost()).hasText(grey);
    assertThat(desk.chip(ledTo.isEmpty() ? 2 : 1)).containsText(OTHER_NUMBER);
    assertThat(desk.chip(ledTo.isEmpty() ? 3 : 2)).containsText(GREETING);
    assertThat(desk.chips()).doesNotContain("…");
    if (!ledTo.isEmpty()) {
      assertThat(desk.chips()).doesNotContain(ledTo);
    }
    desk.press("Escape");
    assertThat(desk.chip(1)).containsText(ORDER_NUMBER);
    assertThat(desk.chip(2)).containsText(OTHER_NUMBER);
  }

  /** A response whose first suggestion has a kind of its own; the others are whole replies. */
  private static Map<String, Object> suggested(String kind, String first, String... replies) {
    List<Map<String, String>> all = new ArrayList<>();
    all.add(Map.of("kind", kind, "text", first));
    for (String text : replies) {
      all.add(Map.of("kind", "answer", "id", text, "text", text));
    }
    return Map.of(
        "suggestions", all, "complete", true, "model", Map.of("name", "a", "version", "1"));
  }

  @ParameterizedTest
  @EnumSource
  void aKeyTakesOneWord(Kind kind) {
    open(kind);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.press("Control+ArrowRight");
    desk.reads("Hello");
    assertThat(desk.ghost()).hasText(GREETING.substring(5));
    desk.press("Control+ArrowRight");
    desk.press("Control+ArrowRight");
    desk.reads("Hello, thank you");
    desk.press("Escape");
    assertThat(desk.ghost()).hasText("");
    desk.press("Control+ArrowLeft"); // moves, as ever
    desk.press("Control+ArrowLeft");
    desk.press("Control+ArrowRight");
    desk.press("Control+Shift+ArrowRight");
    desk.press("Delete");
    desk.eventually(() -> desk.text().stripTrailing(), "Hello, thank");
  }

  @Test
  void fromRightToLeftTheOtherArrowTakesAWord() {
    open(Look.plain(Kind.TEXTAREA).in("he"), "");
    desk.type(HEBREW.substring(0, 2));
    assertThat(desk.ghost()).hasText(HEBREW.substring(2));
    desk.press("Control+ArrowLeft");
    desk.reads(HEBREW.substring(0, 4));
    assertThat(desk.ghost()).hasText(HEBREW.substring(4));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INPUT")
  void severalLinesAreTakenAndUndoneInOneStep(Kind kind) {
    open(kind);
    desk.type("Dear");
    assertThat(desk.ghost()).containsText("your order");
    desk.page.waitForTimeout(EDITORS_STEP_MS);
    desk.press("Tab");
    desk.reads(LETTER);
    desk.press("Control+z");
    desk.reads("Dear");
  }

  @ParameterizedTest
  @EnumSource
  void whatLooksLikeHtmlIsText(Kind kind) {
    open(kind);
    desk.type("<b>");
    assertThat(desk.ghost()).hasText(MARKUP.substring(3));
    desk.press("Tab");
    desk.reads(MARKUP);
    assertThat(desk.page).hasTitle("Desk");
    assertThat(desk.reply().locator("b, img:not(.ProseMirror-separator)")).hasCount(0);
  }

  @ParameterizedTest
  @EnumSource
  void searchesByKeyboardAlone(Kind kind) {
    open(kind);
    desk.type("Hi! /re");
    assertThat(desk.option(1)).containsText("Refund");
    assertThat(desk.option(2)).containsText("Return");
    desk.press("ArrowDown");
    assertThat(desk.option(2)).hasAttribute("aria-selected", "true");
    assertThat(desk.page.locator("#assist .status")).containsText("Return");
    desk.press("ArrowUp");
    desk.press("Enter");
    desk.reads("Hi! Your order {order_number} is refunded, Ann.");
    assertThat(desk.page.locator("#assist .menu")).isHidden();
    // The open placeholder is selected, marked, and keeps the reply from being sent.
    assertThat(desk.page.locator("#assist .mark")).hasCount(1);
    assertThat(desk.page.locator("#send")).isDisabled();
    assertThat(desk.note()).hasText("Fill in before sending: order_number");
    desk.page.locator("#send").click(new Locator.ClickOptions().setForce(true));
    assertThat(sent()).isEmpty();
    assertThat(desk.page.locator("#assist .status")).containsText("order_number");
    desk.page.keyboard().type("4711");
    desk.reads("Hi! Your order 4711 is refunded, Ann.");
    assertThat(desk.page.locator("#assist .mark")).hasCount(0);
    assertThat(desk.note()).isEmpty();
    assertThat(desk.page.locator("#send")).isEnabled();
    desk.page.locator("#send").click();
    assertThat(sent()).containsExactly("Hi! Your order 4711 is refunded, Ann.");
    desk.eventually(desk.feedback::size, 1);
    assertThat(desk.feedback.getFirst().at("/shown/0/id").asString()).isEqualTo("Refund");
    assertThat(desk.feedback.getFirst().at("/library/name").asString()).isEqualTo("replies");
    assertThat(desk.feedback.getFirst().path("action").asString()).isEqualTo("edited");
    assertThat(Json.COMPACT.writeValueAsString(events("blocked")))
        .contains("\"blocked\":true", "\"refused\":true", "\"blocked\":false");
  }

  @ParameterizedTest
  @EnumSource
  void inputMethodsAreLeftAlone(Kind kind) {
    open(
        Look.plain(kind),
        "window.keys = []; addEventListener('keydown', (event) =>"
            + " window.keys.push(event.defaultPrevented));");
    desk.type("He");
    assertThat(desk.ghost()).hasText(GREETING.substring(2));
    desk.eventually(() -> desk.drafts.getLast(), "He");
    int before = desk.drafts.size();
    int keys = ((List<?>) desk.page.evaluate("() => window.keys")).size();
    for (String part : List.of("l", "lk", "l", "lo", "l", "lk", "l", "lo", "l")) {
      desk.compose(part);
      assertThat(desk.ghost().textContent()).isEmpty();
      desk.page.waitForTimeout(40);
    }
    assertThat(desk.drafts).as("nothing is asked while it goes on").hasSize(before);
    for (String key : List.of("Tab", "Enter", "ArrowDown", "Escape")) {
      desk.pressComposing(key);
    }
    assertThat(desk.page.evaluate("(from) => window.keys.slice(from)", keys))
        .as("keys that the page prevented")
        .isEqualTo(List.of(false, false, false, false));
    desk.eventually(() -> desk.drafts.getLast(), "Hel");
    assertThat(desk.chip(1)).containsText(GREETING.substring(3));
    assertThat(desk.ghost().textContent()).isEmpty();
    desk.reads("Hel");
    desk.commit("llo");
    desk.reads("Hello");
    assertThat(desk.ghost()).hasText(GREETING.substring(5));
    desk.press("Tab");
    desk.reads(GREETING);
  }

  /** Phones compose every word, so a draft that rests is being composed. */
  @ParameterizedTest
  @EnumSource
  void onAPhoneATapTakesAnOfferInTheMiddleOfAWord(Kind kind) {
    open(new Look(kind, "en", 390, ColorScheme.LIGHT), "");
    desk.reply().tap();
    for (String part : List.of("H", "He", "Hel")) {
      desk.compose(part);
    }
    assertThat(desk.chip(1)).containsText("… " + GREETING);
    assertThat(desk.ghost().textContent()).isEmpty();
    desk.chip(1).tap();
    desk.reads(GREETING);
    assertThat(desk.reply()).isFocused();
    desk.page.waitForTimeout(300); // editors put their text in order a moment later
    desk.reads(GREETING);
    for (String part : List.of(" B", " By", " Bye")) {
      desk.compose(part);
    }
    desk.commit(" Bye");
    desk.reads(GREETING + " Bye");
    desk.page.locator("#send").tap();
    desk.eventually(desk.feedback::size, 1);
    JsonNode told = desk.feedback.getFirst();
    assertThat(told.path("action").asString()).isEqualTo("accepted");
    assertThat(actions(told.path("events"), "typed", "completed", "sent"))
        .containsExactly(
            "typed 3",
            "completed " + (GREETING.length() - 3),
            "typed 4",
            "sent " + (GREETING.length() + 4));
  }

  @Test
  void aMessageThatComesDuringACompositionGetsSuggestions() {
    open(Kind.TEXTAREA);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.compose("l");
    var request =
        desk.page.waitForRequest(
            "**/v1/suggestions",
            () ->
                desk.page.evaluate(
                    "() => { assist.messages = [{ role: 'customer', text: 'Hello?' }]; }"));
    assertThat(request.postData()).contains("Hello?", "\"Hell\"");
    assertThat(desk.chip(1)).containsText(GREETING.substring(4));
    assertThat(desk.ghost()).hasText("");
    desk.compose("");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
  }

  /** Letters against the field's direction would go on in the middle of the line. */
  @ParameterizedTest
  @CsvSource({
    "TEXTAREA, rtl, שלו, 'ם, תודה.', rtl",
    "TEXTAREA, rtl, 'Hello Ann, your parcel 4711 left the depot on Monday evening and is to be with"
        + " you by tomorrow', ' at noon.', rtl",
    "EDITABLE, rtl, שלום Hel, 'lo, Ann.', rtl",
    "INPUT, ltr, שלו, 'ם, תודה.', ltr",
    "PROSEMIRROR, ltr, Hello שלו, 'ם, תודה.', ltr",
    "INPUT, auto, שלו, 'ם, תודה.', rtl",
    "TEXTAREA, auto, 'Hello\nשלו', 'ם, תודה.', rtl",
    "TEXTAREA, auto, 'שלום\nHel', 'lo, Ann.', ltr",
  })
  void standsBesideADraftOfAnyDirection(
      Kind kind, String dir, String draft, String rest, String lineGoes) {
    open(Look.plain(kind), "reply.dir = '%s';".formatted(dir));
    desk.page.route("**/v1/suggestions", route -> completes(route, draft, rest));
    desk.reply().focus();
    for (String line : draft.lines().toList()) {
      if (!desk.text().isEmpty()) {
        desk.press("Enter");
      }
      desk.page.keyboard().insertText(line);
    }
    assertThat(desk.ghost()).hasText(rest);
    Edges typed = edges(TYPED);
    Edges grey = edges(GREY.formatted("0", "end.length"));
    if (lineGoes.equals("rtl")) {
      assertThat(grey.right()).isBetween(typed.left() - 12, typed.left() + 1);
    } else {
      assertThat(grey.left()).isBetween(typed.right() - 1, typed.right() + 12);
    }
    Edges first = edges(GREY.formatted("0", "1"));
    Edges stop = edges(GREY.formatted("end.length - 1", "end.length"));
    boolean hebrew = rest.startsWith("ם");
    assertThat(stop.left() < first.left()).as("its own direction").isEqualTo(hebrew);
    desk.press("Tab");
    desk.reads(draft + rest);
  }

  private record Edges(double left, double right) {}

  /**
   * What is typed in the last line: in the field, or in the mirror that a text field is laid out
   * in.
   */
  private static final String TYPED =
      """
      const mirrored = assist.shadowRoot.querySelector('.mirror > span');
      range.selectNodeContents(mirrored ?? reply);
      range.setStart(range.endContainer, 0);
      const rects = Array.from(range.getClientRects());
      const dx = mirrored === null ? 0
        : reply.getBoundingClientRect().left + reply.clientLeft - mirrored.parentNode.getBoundingClientRect().left;
      const line = rects.filter(({ top, width }) => width > 0 && top === Math.max(...rects.map((rect) => rect.top)));
      return [Math.min(...line.map(({ left }) => left)) + dx, Math.max(...line.map(({ right }) => right)) + dx];
      """;

  private static final String GREY =
      """
      let end = assist.shadowRoot.querySelector('.ghost');
      while (end.firstChild !== null) {
        end = end.firstChild;
      }
      range.setStart(end, %s);
      range.setEnd(end, %s);
      const { left, right } = range.getBoundingClientRect();
      return [left, right];
      """;

  @SuppressWarnings("unchecked")
  private Edges edges(String script) {
    List<Number> both =
        (List<Number>)
            desk.page.evaluate("() => { const range = document.createRange(); " + script + " }");
    return new Edges(both.get(0).doubleValue(), both.get(1).doubleValue());
  }

  private static void completes(Route route, String draft, String rest) {
    JsonNode asked = Json.COMPACT.readTree(route.request().postData());
    Map<String, Object> completion = new HashMap<>(Map.of("kind", "completion", "text", rest));
    completion.put("id", null);
    Object body =
        Map.of(
            "suggestions",
            asked.path("draft").asString().equals(draft) ? List.of(completion) : List.of(),
            "complete",
            true,
            "model",
            Map.of("name", "a", "version", "1"));
    json(route, body);
  }

  @ParameterizedTest
  @EnumSource
  void feedbackSaysWhatBecameOfIt(Kind kind) {
    open(kind);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.press("Tab");
    desk.reads(GREETING);
    desk.page.locator("#send").click();
    desk.eventually(desk.feedback::size, 1);
    JsonNode told = desk.feedback.getFirst();
    assertThat(told.path("conversation_id").asString()).isEqualTo("c-1");
    assertThat(told.path("action").asString()).isEqualTo("accepted");
    assertThat(GREETING).endsWith(told.at("/shown/0/text").asString("none"));
    assertThat(told.path("final_text").asString()).isEqualTo(GREETING);
    assertThat(told.path("characters_typed").asInt()).isEqualTo(3);
    JsonNode events = told.path("events");
    assertThat(events.path("suggestions_id").asString()).hasSize(36);
    assertThat(actions(events, "typed", "completed", "sent"))
        .containsExactly(
            "typed 3", "completed " + (GREETING.length() - 3), "sent " + GREETING.length());
    JsonNode grey =
        events
            .path("actions")
            .valueStream()
            .filter(one -> one.path("kind").asString("").equals("completion"))
            .findFirst()
            .orElseThrow();
    assertThat(grey.path("action").asString()).isEqualTo("displayed");
    assertThat(grey.path("policy").asString()).isEqualTo("calm");
    assertThat(grey.path("p").isNumber()).isTrue();
    assertThat(grey.path("for_ms").asInt()).isPositive();
    assertThat(told.toString()).as("as the service takes them").satisfies(AssistTest::accepted);
    // The next reply begins afresh, with offers that were there before.
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
  }

  /** What an agent did, with the characters. */
  private static List<String> actions(JsonNode events, String... which) {
    return events
        .path("actions")
        .valueStream()
        .filter(one -> List.of(which).contains(one.path("action").asString()))
        .map(one -> one.path("action").asString() + " " + one.path("characters").asInt())
        .toList();
  }

  private static void accepted(String body) {
    assertThat(service.post("/v1/feedback", body).statusCode()).isEqualTo(202);
  }

  /** They are what assisted replies are compared with. */
  @Test
  void repliesWithoutSuggestionsAreReportedToo() {
    open(Kind.TEXTAREA);
    desk.page.locator("#assist .switch").click();
    desk.page.reload(); // the choice lasts, and nothing was shown for this reply
    desk.type("We are lookink");
    desk.press("Backspace");
    desk.type("g into it");
    desk.page.locator("#send").click();
    desk.eventually(desk.feedback::size, 1);
    JsonNode told = desk.feedback.getFirst();
    assertThat(told.path("model").toString()).isEqualTo("{\"name\":\"acme\",\"version\":\"7\"}");
    assertThat(told.path("shown").isEmpty()).as(told.toString()).isTrue();
    assertThat(told.path("action").asString()).isEqualTo("dismissed");
    assertThat(actions(told.path("events"), "typed", "edited", "sent"))
        .containsExactly("typed 14", "edited 0", "typed 9", "sent 22");
    accepted(told.toString());
    assertThat(
            desk.page.evaluate(
                "() => window.events.filter(([name]) => name === 'sent')[0][1].action"))
        .isNull();
  }

  @ParameterizedTest
  @EnumSource
  void aReplyThatTheDeskClearsLateIsReportedWithItsOwnTyping(Kind kind) {
    open(kind);
    desk.page.evaluate(CLEARS_LATE, "clear()");
    desk.type("We are looking into it");
    desk.page.locator("#send").click();
    desk.reads("");
    desk.type("My second");
    desk.page.locator("#send").click();
    desk.reads("");
    desk.eventually(desk.feedback::size, 2);
    assertThat(desk.feedback)
        .extracting(
            told -> told.path("final_text").asString(),
            told -> told.path("characters_typed").asInt(),
            told -> actions(told.path("events"), "typed", "sent"))
        .containsExactly(
            tuple("We are looking into it", 22, List.of("typed 22", "sent 22")),
            tuple("My second", 9, List.of("typed 9", "sent 9")));
  }

  /** A desk that answers its send button as late as a server does; its argument is what it does. */
  private static final String CLEARS_LATE =
      """
      (then) => {
        const clear = window.clearReply;
        const done = {
          'clear()': () => clear(),
          'clear(); change()': () => { clear(); assist.setAttribute('conversation', 'c-2'); },
          'change(); clear()': () => { assist.setAttribute('conversation', 'c-2'); clear(); },
          'nothing': () => {},
        }[then];
        window.clearReply = () => setTimeout(done, 400);
      }
      """;

  @ParameterizedTest
  @CsvSource({"TEXTAREA, change(); clear()", "PROSEMIRROR, clear(); change()"})
  void aReplySentOnTheWayToTheNextConversationIsReported(Kind kind, String then) {
    open(kind);
    desk.page.evaluate(CLEARS_LATE, then);
    desk.type("We are looking into it");
    desk.page.locator("#send").click();
    desk.eventually(desk.feedback::size, 1);
    assertThat(desk.feedback.getFirst().path("conversation_id").asString()).isEqualTo("c-1");
    assertThat(desk.feedback.getFirst().path("characters_typed").asInt()).isEqualTo(22);
    desk.type("My second");
    assertThat(desk.page.evaluate("() => assist.typed.characters")).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(strings = {"assist, reply", "reply, assist", "reply"})
  void aDraftThatTheDeskDoesNotSendIsNotReported(String removed) {
    open(Kind.TEXTAREA);
    desk.page.evaluate(CLEARS_LATE, "nothing");
    desk.type("Dear customer");
    desk.page.locator("#send").click();
    desk.page.evaluate(
        "(ids) => ids.split(', ').forEach((id) => document.getElementById(id).remove())", removed);
    desk.page.waitForTimeout(600);
    assertThat(desk.feedback).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"TEXTAREA", "PROSEMIRROR"})
  void whatWasTakenAndUndoneWasNotUsed(Kind kind) {
    open(kind);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.page.waitForTimeout(EDITORS_STEP_MS);
    desk.press("Tab");
    desk.reads(GREETING);
    desk.press("Control+z");
    desk.reads("Hel");
    desk.type("p is on its way");
    desk.page.locator("#send").click();
    desk.eventually(desk.feedback::size, 1);
    assertThat(desk.feedback.getFirst().path("action").asString()).isEqualTo("dismissed");
    accepted(desk.feedback.getFirst().toString());
  }

  /** Nobody reads what is shown to somebody who types on. */
  @Test
  void whatIsTypedThroughIsMarked() {
    open(Kind.TEXTAREA);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.type("lo, th");
    desk.type("xyz");
    desk.page.locator("#send").click();
    desk.eventually(desk.feedback::size, 1);
    assertThat(desk.feedback.getFirst().at("/events/actions").valueStream())
        .anySatisfy(
            one -> {
              assertThat(one.path("kind").asString("")).isEqualTo("completion");
              assertThat(one.path("typed_through").asBoolean()).isTrue();
            });
  }

  @Test
  void moreThanFeedbackHoldsIsLeftOut() {
    open(Kind.TEXTAREA);
    String events =
        (String)
            desk.page.evaluate(
                """
                async () => {
                  const { Events } = await import('/repartee-events.js');
                  const events = new Events();
                  for (let i = 0; i < 300; i++) {
                    events.shows(new Map([[`${i}`, { kind: 'answer', id: 'é'.repeat(150) }]]), '');
                    events.add(i % 2 ? 'chosen' : 'searched');
                  }
                  return JSON.stringify(events.sent(7));
                }
                """);
    JsonNode read = Json.COMPACT.readTree(events);
    assertThat(read.path("actions").size()).isEqualTo(200);
    assertThat(read.at("/actions/199/action").asString()).isEqualTo("sent");
    assertThat(read.path("dropped").asInt()).isEqualTo(300);
    assertThat(events.getBytes(StandardCharsets.UTF_8).length).isLessThan(32 * 1024);
  }

  // What is offered, and when

  @Test
  void whoTypesWithoutPauseGetsSuggestionsToo() {
    open(Kind.TEXTAREA);
    desk.eventually(desk.drafts::size, 1);
    String text = "We are looking into this for you right now, please be patient";
    desk.page.evaluate(
        """
        async (text) => {
          const reply = document.getElementById('reply');
          reply.focus();
          for (const letter of text) {
            document.execCommand('insertText', false, letter);
            await new Promise((done) => setTimeout(done, 89));
          }
        }
        """,
        text);
    assertThat(desk.drafts.size()).isGreaterThan(8);
  }

  @Test
  void whatNoLongerFitsCannotBeClicked() {
    open(Kind.TEXTAREA);
    assertThat(desk.chip(1)).isEnabled();
    desk.page.route("**/v1/suggestions", route -> {}); // never answered
    desk.type("x");
    assertThat(desk.chip(1)).isDisabled();
    desk.press("Alt+1");
    desk.reads("x");
    desk.press("Backspace");
    desk.type("hello, th");
    assertThat(desk.chip(1)).isEnabled(); // this one fits still
    desk.press("Alt+1");
    desk.reads(GREETING);
  }

  @Test
  void anOfferStaysWhileTheLettersAgree() {
    open(Kind.TEXTAREA);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.page.route("**/v1/suggestions", route -> {});
    desk.press("l");
    assertThat(desk.ghost().textContent()).isEqualTo(GREETING.substring(4));
    desk.press("x");
    assertThat(desk.ghost().textContent()).isEmpty();
  }

  @Test
  void whatWasDeclinedIsNotOfferedAgain() {
    open(Kind.TEXTAREA);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.press("Escape");
    assertThat(desk.ghost().textContent()).isEmpty();
    var request = desk.page.waitForRequest("**/v1/suggestions", () -> desk.press("l"));
    assertThat(request.postData()).contains("\"declined\":true");
    desk.page.waitForTimeout(500);
    assertThat(desk.ghost().textContent()).isEmpty();
    assertThat(desk.chip(1)).not().containsText("… ");
    desk.press("Tab");
    desk.reads("Hell");
  }

  @ParameterizedTest
  @CsvSource({"TEXTAREA", "EDITABLE", "PROSEMIRROR"})
  void aChipGoesInAtTheCursorWhereTheDeskSaysSo(Kind kind) {
    open(Look.plain(kind), "assist.setAttribute('chips', 'insert');");
    assertThat(desk.chip(2)).isEnabled();
    desk.page.route("**/v1/suggestions", AssistTest::anyDraftGetsTheOrderNumber);
    desk.type("Hi Ann! Bye.");
    assertThat(desk.chip(1)).containsText(ORDER_NUMBER);
    for (int i = 0; i < 4; i++) {
      desk.press("ArrowLeft");
    }
    desk.chip(1).click();
    desk.reads("Hi Ann! " + ORDER_NUMBER + "Bye.");
  }

  /** Scripts without spaces have words, too. */
  @ParameterizedTest
  @CsvSource({
    "お客様のご注文, ご注文番号を教えてください。, お客様のご注文番号を教えてください。",
    "承知しました。, ご注文番号を教えてください。, 承知しました。ご注文番号を教えてください。",
    "您好，请提供, 提供您的订单号码。, 您好，请提供您的订单号码。",
    "Hi Ann! Could, Could you wait?, Hi Ann! Could you wait?",
    "A cat, at last., A cat at last.",
  })
  void aChipSaysNothingTwice(String draft, String reply, String expected) {
    open(Look.plain(Kind.TEXTAREA), "assist.setAttribute('chips', 'insert');");
    assertThat(desk.chip(2)).isEnabled();
    desk.page.route("**/v1/suggestions", route -> anyDraftGets(route, reply));
    desk.reply().focus();
    desk.page.keyboard().insertText(draft);
    assertThat(desk.chip(1)).containsText(reply);
    desk.chip(1).click();
    desk.reads(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "承知しました/re, true",
    "承知しました。/re, true",
    "好的！/re, true",
    "and/re, false",
    "네/re, false"
  })
  void aSlashBeginsAWordAlsoWhereNoneAreSpaced(String draft, boolean opens) {
    open(Kind.TEXTAREA);
    desk.reply().focus();
    desk.page.keyboard().insertText(draft);
    if (opens) {
      assertThat(desk.option(1)).containsText("Refund");
    } else {
      desk.page.waitForTimeout(400);
      assertThat(desk.page.locator("#assist .menu")).isHidden();
    }
  }

  private static void anyDraftGetsTheOrderNumber(Route route) {
    anyDraftGets(route, ORDER_NUMBER);
  }

  private static void anyDraftGets(Route route, String reply) {
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(
                "{\"suggestions\": [{\"kind\": \"answer\", \"id\": \"n\", \"text\": \""
                    + reply
                    + "\", \"score\": 1}], \"complete\": true,"
                    + " \"model\": {\"name\": \"a\", \"version\": \"1\"}}"));
  }

  /** One without the path, and one that follows no library. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"404; {\"status\": 404}", "200; {\"answers\": [], \"library\": null}"})
  void aServiceWithoutSearchIsNotAskedAgain(int status, String body) {
    open(Kind.TEXTAREA);
    int[] asked = {0};
    desk.page.route(
        "**/v1/answers",
        route -> {
          asked[0]++;
          route.fulfill(new Route.FulfillOptions().setStatus(status).setBody(body));
        });
    desk.type("/ref");
    desk.page.waitForTimeout(500);
    int before = asked[0];
    desk.type(" /und");
    desk.page.waitForTimeout(500);
    desk.reads("/ref /und");
    assertThat(before).isPositive();
    assertThat(asked[0]).isEqualTo(before);
    assertThat(desk.page.locator("#assist .menu")).isHidden();
    assertThat(desk.complaints).allMatch(line -> line.contains("404"));
    desk.complaints.clear();
  }

  // Whole replies in their place

  private static final List<String> THREE =
      List.of("One moment, please.", "I am looking into it.", "Which order is it?");

  @ParameterizedTest
  @CsvSource({"900, LIGHT", "390, DARK"})
  void wholeRepliesThatAlwaysStandMoveNothing(int width, ColorScheme scheme) {
    open(new Look(Kind.TEXTAREA, "en", width, scheme), WATCH_SHIFTS);
    assertThat(desk.chip(1)).isEnabled();
    assertThat(desk.requests.getLast().has("answers")).as("as the service does").isFalse();
    desk.page.route("**/v1/suggestions", AssistTest::alwaysThree);
    desk.page.evaluate("() => { assist.answers = 'never'; window.shifts = []; }");
    assertThat(desk.chip(1)).isDisabled();
    List<BoundingBox> before = boxes();
    desk.page.evaluate("() => { assist.answers = 'always'; }");
    for (int i = 0; i < 3; i++) {
      assertThat(desk.chip(i + 1)).containsText(THREE.get(i));
    }
    assertThat(boxes()).usingRecursiveComparison().isEqualTo(before);
    desk.type("We");
    assertThat(desk.chip(3)).containsText(THREE.get(2));
    desk.chip(3).click();
    desk.reads(THREE.get(2));
    assertThat(boxes()).usingRecursiveComparison().isEqualTo(before);
    assertThat(desk.requests).anyMatch(one -> one.path("answers").asString("").equals("never"));
    assertThat(desk.requests.getLast().path("answers").asString()).isEqualTo("always");
    assertThat(desk.page.evaluate("() => window.shifts")).isEqualTo(List.of());
    desk.page.evaluate("() => { assist.answers = null; }");
    desk.eventually(() -> desk.requests.getLast().has("answers"), false);
  }

  private static void alwaysThree(Route route) {
    JsonNode asked = Json.COMPACT.readTree(route.request().postData());
    boolean always = asked.path("answers").asString("").equals("always");
    json(
        route,
        always
            ? suggested("answer", THREE.get(0), THREE.get(1), THREE.get(2))
            : suggested("completion", " "));
  }

  private static void json(Route route, Object body) {
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(Json.COMPACT.writeValueAsString(body)));
  }

  // Checks

  @ParameterizedTest
  @EnumSource
  void whatIsFoundInADraftIsNamedBeforeItIsSent(Kind kind) {
    open(Look.plain(kind), "assist.toggleAttribute('check', true);");
    List<BoundingBox> before = boxes();
    List<String> checked = checks();
    desk.type("It is free forever, Ben");
    assertThat(desk.note())
        .hasText("“free forever” must not be said · “Ben”: another customer’s data?");
    assertThat(desk.page.locator("#assist .finding")).hasCount(2);
    assertThat(boxes()).usingRecursiveComparison().isEqualTo(before);
    assertThat(Axe.findings(desk.page, "switch")).isEqualTo("[]");
    desk.press("Backspace");
    assertThat(desk.note()).hasText("“free forever” must not be said");
    assertThat(desk.page.locator("#send")).isEnabled();
    desk.page.locator("#send").click();
    assertThat(sent()).containsExactly("It is free forever, Be");
    assertThat(desk.note()).isEmpty();
    assertThat(checked).contains("It is free forever, Ben").hasSizeLessThan(8);
    assertThat(Json.COMPACT.writeValueAsString(events("checked"))).contains("\"never\"");
  }

  /** The drafts that a service with checks gets. */
  private List<String> checks() {
    List<String> drafts = new CopyOnWriteArrayList<>();
    desk.page.route(
        "**/v1/check",
        route -> {
          JsonNode asked = Json.COMPACT.readTree(route.request().postData());
          assertThat(asked.path("conversation_id").asString()).isEqualTo("c-1");
          assertThat(asked.at("/metadata/customer_name").asString()).isEqualTo("Ann");
          assertThat(asked.at("/messages/0/text").asString()).isEqualTo("Where is my parcel?");
          String draft = asked.path("draft").asString();
          drafts.add(draft);
          List<Map<String, Object>> found = new ArrayList<>();
          for (var one : Map.of("free forever", "never", "Ben", "personal").entrySet()) {
            int start = draft.indexOf(one.getKey());
            if (start >= 0) {
              int end = start + one.getKey().length();
              found.add(Map.of("kind", one.getValue(), "start", start, "end", end));
            }
          }
          found.sort(Comparator.comparingInt(one -> (int) one.get("start")));
          json(route, Map.of("findings", found));
        });
    return drafts;
  }

  // Where the service does not do as it should

  @Test
  void aSlowServiceIsNamedOnce() {
    open(Kind.TEXTAREA);
    assertThat(desk.chip(1)).isEnabled();
    desk.page.route("**/v1/suggestions", route -> {}); // never answered
    desk.type("Hel");
    desk.eventually(() -> desk.page.evaluate("() => assist.state"), "slow");
    desk.type("lo");
    desk.page.waitForTimeout(2500);
    desk.page.unroute("**/v1/suggestions");
    desk.type(",");
    assertThat(desk.ghost()).hasText(GREETING.substring(6));
    assertThat(desk.page.evaluate("() => assist.state")).isEqualTo("ready");
    assertThat(desk.complaints).containsExactly("repartee-assist: slow: no answer within 2 s");
    desk.complaints.clear();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"suggestions\": [null]}",
        "{\"suggestions\": [{\"kind\": \"completion\", \"text\": 5}]}",
        "<!doctype html><title>Sign in</title>"
      })
  void aServiceThatIsNoneIsNamedAndLeftInPeace(String body) {
    open(Kind.TEXTAREA);
    assertThat(desk.chip(1)).isEnabled();
    int[] asked = {0};
    desk.page.route(
        "**/v1/suggestions",
        route -> {
          asked[0]++;
          route.fulfill(new Route.FulfillOptions().setBody(body));
        });
    desk.type("Hel");
    desk.eventually(() -> desk.page.evaluate("() => assist.state"), "unreachable");
    desk.type("lo there");
    desk.page.waitForTimeout(300);
    desk.reads("Hello there");
    assertThat(asked[0]).isEqualTo(1);
    assertThat(desk.complaints)
        .singleElement()
        .asString()
        .startsWith("repartee-assist: unreachable: the answer ");
    desk.complaints.clear();
  }

  @ParameterizedTest
  @EnumSource
  void withoutAServiceOneWritesAsEver(Kind kind) {
    open(kind);
    desk.page.route("**/v1/**", Route::abort);
    desk.type("Hello there");
    desk.reads("Hello there");
    desk.eventually(() -> desk.page.evaluate("() => assist.state"), "unreachable");
    desk.press("Control+a");
    desk.press("Delete");
    desk.page.unroute("**/v1/**");
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.complaints.clear(); // the browser's own, of requests that failed
  }

  @Test
  void aBusyServiceIsLeftInPeace() {
    open(Kind.TEXTAREA);
    assertThat(desk.chip(1)).isEnabled();
    int[] asked = {0};
    desk.page.route(
        "**/v1/suggestions",
        route -> {
          asked[0]++;
          route.fulfill(
              new Route.FulfillOptions()
                  .setStatus(429)
                  .setHeaders(Map.of("Retry-After", "2"))
                  .setBody("{\"status\":429,\"detail\":\"busy\"}"));
        });
    desk.type("Hel");
    desk.eventually(() -> desk.page.evaluate("() => assist.state"), "busy");
    desk.type("lo there, how are you today");
    desk.page.evaluate("() => { assist.messages = [{ role: 'customer', text: 'Hello?' }]; }");
    desk.page.waitForTimeout(500);
    assertThat(asked[0]).isEqualTo(1);
    desk.reads("Hello there, how are you today");
    desk.page.unroute("**/v1/suggestions");
    desk.eventually(() -> desk.page.evaluate("() => assist.state"), "ready");
    desk.complaints.clear();
  }

  /** Two pages show one conversation, and the service answers the one that asked last. */
  @Test
  void asksAFewTimesAgainWhereAnotherPageAskedLater() {
    open(Kind.TEXTAREA);
    assertThat(desk.chip(1)).isEnabled();
    int[] asked = {0};
    int[] refused = {1};
    desk.page.route(
        "**/v1/suggestions",
        route -> {
          if (asked[0]++ < refused[0]) {
            route.fulfill(new Route.FulfillOptions().setStatus(409).setBody("{\"status\":409}"));
          } else {
            route.resume();
          }
        });
    desk.page.evaluate("() => assist.refresh()");
    desk.eventually(() -> asked[0] > 1, true);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.page.waitForTimeout(500); // until nothing more is asked
    asked[0] = 0;
    refused[0] = Integer.MAX_VALUE;
    desk.page.evaluate("() => assist.refresh()");
    desk.eventually(() -> asked[0], 4);
    desk.page.waitForTimeout(700);
    assertThat(asked[0]).as("not forever").isEqualTo(4);
    desk.complaints.clear();
  }

  // The agent's and the desk's own will

  @Test
  void anAgentTurnsItOffForThemselves() {
    open(Kind.TEXTAREA);
    assertThat(desk.chip(1)).isEnabled();
    desk.page.locator("#assist .switch").click();
    assertThat(desk.chip(1)).isDisabled();
    int before = desk.drafts.size();
    desk.type("Hel");
    desk.page.waitForTimeout(400);
    assertThat(desk.drafts).hasSize(before);
    desk.page.reload();
    desk.page.waitForTimeout(400);
    assertThat(desk.drafts).as("also the next time").hasSize(before);
    desk.page.evaluate("() => assist.setAttribute('agent', 'a-4')");
    desk.page.evaluate("() => { assist.off = false; }");
    assertThat(desk.chip(1)).isEnabled();
    desk.page.evaluate("() => assist.setAttribute('agent', 'a-3')");
    assertThat(desk.page.locator("#assist .switch")).hasAttribute("aria-checked", "false");
  }

  @ParameterizedTest
  @CsvSource({"TEXTAREA", "PROSEMIRROR"})
  void onDemandOneKeyIsOneRequest(Kind kind) {
    open(kind);
    assertThat(desk.chip(1)).isEnabled();
    Locator demand = desk.page.locator("#assist .manual");
    assertThat(demand).hasText("On demand: Alt 0");
    demand.click();
    assertThat(desk.chip(1)).isDisabled();
    desk.drafts.clear();
    desk.type("Hel");
    desk.page.evaluate("() => { assist.messages = [{ role: 'customer', text: 'Hello?' }]; }");
    desk.page.waitForTimeout(400);
    desk.press("Alt+0");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    assertThat(desk.page.locator("#assist .status")).containsText("Tab takes");
    assertThat(Axe.findings(desk.page, "manual")).isEqualTo("[]");
    desk.type("l");
    desk.press("Control+ArrowRight");
    desk.reads("Hello");
    desk.press("Tab");
    desk.reads(GREETING);
    desk.type(" C");
    assertThat(desk.drafts).containsExactly("Hel");
    desk.press("Alt+0");
    assertThat(desk.page.locator("#assist .status")).hasText("Suggestions: 0");
    desk.page.locator("#send").click();
    desk.reads("");
    desk.type("Hel");
    desk.press("Alt+0");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    desk.press("Escape");
    desk.type("lo");
    desk.page.waitForTimeout(400);
    assertThat(desk.ghost()).hasText("");
    assertThat(desk.chip(1)).isDisabled();
    assertThat(desk.drafts).containsExactly("Hel", GREETING + " C", "Hel");
    desk.page.reload();
    assertThat(demand).hasAttribute("aria-checked", "true");
    desk.page.evaluate("() => assist.setAttribute('trigger-key', 'Control+Space')");
    desk.reply().focus();
    desk.press("Control+Space");
    assertThat(desk.chip(1)).isEnabled();
    assertThat(desk.page.locator("#assist .status")).hasText("Suggestions: 3");
    assertThat(desk.drafts).as("also the next time").hasSize(4);
  }

  @Test
  void aFieldThatIsDrawnAnewIsFoundAgain() {
    open(Kind.TEXTAREA);
    assertThat(desk.chip(1)).isEnabled();
    desk.page.evaluate(
        """
        () => {
          const other = document.createElement('textarea');
          other.id = 'reply';
          other.rows = 4;
          document.getElementById('reply').replaceWith(other);
        }
        """);
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
  }

  @Test
  void anElementPutBackForAnotherConversationKeepsNothing() {
    open(Kind.TEXTAREA);
    desk.type("c");
    assertThat(desk.chip(1)).containsText(OTHER_NUMBER);
    desk.page.route("**/v1/suggestions", route -> {}); // never answered
    desk.page.evaluate(
        """
        () => {
          const element = assist;
          const { parentElement } = element;
          element.remove();
          element.setAttribute('conversation', 'c-2');
          parentElement.append(element);
        }
        """);
    assertThat(desk.chip(1)).isDisabled();
    assertThat(desk.page.evaluate("() => assist.typed.characters")).isEqualTo(0);
  }

  /** As where the desk itself is made of web components. */
  @Test
  void worksWithinAShadowRoot() {
    open(Kind.TEXTAREA);
    desk.page.evaluate(
        """
        () => {
          const host = document.createElement('div');
          const root = host.attachShadow({ mode: 'open' });
          const field = document.createElement('textarea');
          field.id = 'inner';
          const other = document.createElement('repartee-assist');
          other.id = 'other';
          other.setAttribute('for', '#inner');
          other.setAttribute('url', '/');
          root.append(field, other);
          document.querySelector('main').append(host);
        }
        """);
    desk.page.locator("#inner").pressSequentially("Hel");
    assertThat(desk.page.locator("#other .ghost")).hasText(GREETING.substring(3));
    desk.press("Tab");
    assertThat(desk.page.locator("#inner")).hasValue(GREETING);
    desk.press("Control+z");
    assertThat(desk.page.locator("#inner")).hasValue("Hel");
    desk.press("Control+a");
    desk.page.locator("#inner").pressSequentially("/re");
    assertThat(desk.page.locator("#other [role=option]").first()).isVisible();
  }

  private static final String WATCH_SHIFTS =
      """
      window.shifts = [];
      new PerformanceObserver((list) => {
        const moved = list.getEntries().flatMap(({ sources }) => sources.map(({ node }) => node));
        window.shifts.push(...moved.filter((node) => document.contains(node)).map((node) => node.nodeName));
      }).observe({ type: 'layout-shift', buffered: false });
      """;

  @Test
  void nothingMoves() {
    open(Look.plain(Kind.TEXTAREA), WATCH_SHIFTS);
    assertThat(desk.chip(1)).isEnabled();
    desk.page.evaluate("() => { window.shifts = []; }"); // the page is there
    List<BoundingBox> before = boxes();
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    assertThat(boxes()).usingRecursiveComparison().isEqualTo(before);
    desk.type("zzz /re");
    assertThat(desk.option(1)).isVisible();
    assertThat(boxes()).usingRecursiveComparison().isEqualTo(before);
    desk.press("Escape");
    desk.page.locator("#assist .manual").click();
    desk.page.locator("#assist .switch").click();
    assertThat(boxes()).usingRecursiveComparison().isEqualTo(before);
    assertThat(desk.page.evaluate("() => window.shifts")).isEqualTo(List.of());
  }

  private List<BoundingBox> boxes() {
    return List.of(
        desk.reply().boundingBox(),
        desk.page.locator("#assist").boundingBox(),
        desk.page.locator("#send").boundingBox());
  }

  @Test
  void fitsAPhone() {
    open(new Look(Kind.TEXTAREA, "en", 390, ColorScheme.DARK), "");
    desk.type("Hel");
    // There is no key that would take grey text.
    assertThat(desk.chip(1)).containsText("… " + GREETING);
    assertThat(desk.ghost().textContent()).isEmpty();
    assertThat(desk.page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
    desk.chip(1).tap();
    desk.reads(GREETING);
    assertThat(desk.chip(1).boundingBox().height).isGreaterThanOrEqualTo(44);
    assertThat(desk.page.locator("#assist .switch").boundingBox().height)
        .isGreaterThanOrEqualTo(44);
  }

  /** axe-core finds nothing, with chips, with grey text, with a search open, and switched off. */
  @ParameterizedTest
  @CsvSource({"TEXTAREA, en, LIGHT", "PROSEMIRROR, en, DARK", "EDITABLE, he, LIGHT"})
  void isAccessible(Kind kind, String language, ColorScheme scheme) {
    open(new Look(kind, language, 900, scheme), "");
    assertThat(desk.page.locator("#assist .switch")).hasText("Suggestions");
    assertThat(desk.chip(1)).isEnabled();
    assertThat(Axe.findings(desk.page, "switch")).isEqualTo("[]");
    desk.type("Hel");
    assertThat(desk.ghost()).hasText(GREETING.substring(3));
    assertThat(Axe.findings(desk.page, "switch")).isEqualTo("[]");
    desk.type(" /re");
    assertThat(desk.option(1)).isVisible();
    assertThat(Axe.findings(desk.page, "switch")).isEqualTo("[]");
    desk.press("Enter");
    assertThat(desk.note()).containsText("order_number");
    assertThat(Axe.findings(desk.page, "switch")).isEqualTo("[]");
    desk.page.locator("#assist .switch").click();
    assertThat(Axe.findings(desk.page, "switch")).isEqualTo("[]");
  }

  @SuppressWarnings("unchecked")
  private List<String> sent() {
    return (List<String>) desk.page.evaluate("() => window.sent");
  }

  private Object events(String name) {
    return desk.page.evaluate(
        "(name) => window.events.filter(([one]) => one === name).map(([, detail]) => detail)",
        name);
  }
}
