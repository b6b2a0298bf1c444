package dev.repartee.serving.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.predict.AnswerListPredictor;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The console in a browser of its own, with what it complained about and what it reported. */
final class ConsolePage implements AutoCloseable {

  static final String GREETING = "Hello, thank you for contacting us. How can I help you today?";
  static final String ORDER_NUMBER = "Could you please give me your order number?";
  static final String ANYTHING_ELSE = "Is there anything else I can help you with?";

  final Page page;
  final List<String> complaints = new ArrayList<>();
  final List<JsonNode> feedback = new ArrayList<>();
  private final BrowserContext context;

  private ConsolePage(BrowserContext context) {
    this.context = context;
    page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
    page.onPageError(complaints::add);
    // Answered here, since a service may be set up to take no feedback.
    page.route(
        "**/v1/feedback",
        route -> {
          feedback.add(Json.COMPACT.readTree(route.request().postData()));
          route.fulfill(new Route.FulfillOptions().setStatus(202));
        });
  }

  static AnswerListPredictor predictor() {
    return new AnswerListPredictor(
        new AnswerSet(
            List.of(
                new Answer("hello", GREETING, 9, 5, List.of()),
                new Answer("number", ORDER_NUMBER, 7, 4, List.of()),
                new Answer("else", ANYTHING_ELSE, 5, 3, List.of()))));
  }

  /** A page as wide as asked, not yet at the console; a narrow one is a phone's. */
  static ConsolePage blank(Browser browser, int width, int height, ColorScheme scheme) {
    boolean phone = width < 600;
    return new ConsolePage(
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setDeviceScaleFactor(phone ? 2 : 1)
                .setIsMobile(phone)
                .setHasTouch(phone)
                .setColorScheme(scheme)));
  }

  ConsolePage open(RunningService service) {
    page.navigate(service.url("/").toString());
    return this;
  }

  Locator find(String selector) {
    return page.locator(selector);
  }

  Locator draft() {
    return find("#draft");
  }

  Locator grey() {
    return find("#assist .ghost");
  }

  Locator offer(int number) {
    return find("#assist .chip").nth(number - 1);
  }

  void customerSays(String text) {
    find("#said").fill(text);
    find("#said").press("Enter");
  }

  @Override
  public void close() {
    context.close();
  }
}
