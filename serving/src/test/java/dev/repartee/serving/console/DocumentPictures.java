package dev.repartee.serving.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.text.testing.Chromium;
import dev.repartee.text.testing.Repository;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Takes the pictures of the documents that show a service with the demo's model, and the page on
 * which its answers are reviewed. Not a test of anything, so it only runs when it is asked for, by
 * {@code scripts/pictures}.
 */
class DocumentPictures {

  private static final String SERVICE = System.getProperty("pictures.service", "");
  private static final String REVIEW = System.getProperty("pictures.review", "");

  private static final int KEY = 7; // hundredths of a second, as all times here
  private static final int READ = 90;
  private static final int LONG = 250;

  /** Until the service has answered and the page has drawn. */
  private static final int ANSWER_MILLIS = 400;

  private record Turn(String question, String reply) {}

  private static final Turn FIRST =
      new Turn(
          "Hi, my parcel has not arrived yet.",
          "I'm sorry to hear that. Let me look into this for you.");

  private static final Turn SECOND =
      new Turn("It's LS-44719, ordered last week.", "Please hold on while I check this for you.");

  /** Who writes like that in the sample conversations, so that whole replies are suggested. */
  private static final String AGENT = "agent-04";

  private static final Pattern ANYTHING = Pattern.compile(".+");

  private static Chromium chromium;
  private Gif gif = new Gif();
  private BufferedImage still; // the last draft with a suggestion
  private ConsolePage console;

  @BeforeAll
  static void start() {
    assumeFalse(SERVICE.isEmpty(), "scripts/pictures runs this");
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  @AfterEach
  void close() {
    if (console != null) {
      console.close();
      assertThat(console.complaints).isEmpty();
    }
  }

  private void picture(String name) {
    pause();
    Chromium.picture(console.page, name);
  }

  // The console

  private void openConsole(int width, int height, ColorScheme scheme) {
    console = ConsolePage.blank(chromium.browser(), width, height, scheme);
    console.page.navigate(SERVICE + "/?agent=" + AGENT);
    assertThat(console.find("#state")).hasText("Ready");
  }

  @Test
  void console() throws IOException {
    openConsole(1000, 700, ColorScheme.LIGHT);
    ask(FIRST);
    gif = new Gif(); // whoever sees it begin sees what it is about
    frame(READ);
    write(FIRST);
    ask(SECOND);
    write(SECOND);
    gif.lastFor(LONG);
    gif.write(Path.of("target/pictures/console.gif"));
    ImageIO.write(still, "png", Path.of("target/pictures/console.png").toFile());
  }

  @ParameterizedTest
  @CsvSource({"console-dark, 1280, 800, DARK", "console-phone, 390, 1090, LIGHT"})
  void consoleInTheMiddleOfAReply(String name, int width, int height, ColorScheme scheme)
      throws IOException {
    openConsole(width, height, scheme);
    ask(FIRST);
    write(FIRST);
    ask(SECOND);
    assertThat(typeUntilOffered(SECOND.reply())).isNotEmpty();
    picture(name);
  }

  private void ask(Turn turn) throws IOException {
    console.customerSays(turn.question());
    pause();
    frame(READ);
  }

  /** Types the reply and takes what is right of the suggestions, as the simulated agent does. */
  private void write(Turn turn) throws IOException {
    for (String key = typeUntilOffered(turn.reply());
        !key.isEmpty();
        key = typeUntilOffered(turn.reply())) {
      gif.lastFor(READ);
      still = gif.last();
      console.draft().press(key);
      pause();
      frame(KEY * 4);
    }
    frame(KEY * 4);
    console.draft().press("Enter");
    pause();
    frame(READ);
  }

  /** Returns the key that takes the right suggestion; empty where all is typed. */
  private String typeUntilOffered(String reply) throws IOException {
    for (String typed = console.draft().inputValue(); ; typed = console.draft().inputValue()) {
      String rest = reply.substring(typed.length());
      String grey = Objects.requireNonNullElse(console.grey().textContent(), "");
      if (!grey.isBlank() && rest.startsWith(grey)) {
        return "Tab";
      }
      List<String> chips = console.find("#assist .words").allTextContents();
      for (int i = 0; i < chips.size(); i++) {
        String words = chips.get(i); // of which a phone has those that continue
        if (words.equals(reply)
            || (words.startsWith("…") && rest.strip().startsWith(words.substring(1).strip()))) {
          return "Alt+" + (i + 1);
        }
      }
      if (rest.isEmpty()) {
        return "";
      }
      console.draft().press(rest.substring(0, 1));
      pause();
      frame(KEY);
    }
  }

  private void pause() {
    console.page.waitForTimeout(ANSWER_MILLIS);
  }

  private void frame(int hundredths) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(console.page.screenshot()));
    gif.add(image, hundredths);
  }

  // The element

  private Locator reply() {
    return console.find("#reply");
  }

  private Locator part(String name) {
    return console.find("repartee-assist ." + name);
  }

  /** The example's page, as if the service had it: no browser lets a page made here ask another. */
  private void openDesk(int width, int height, ColorScheme scheme) {
    console = ConsolePage.blank(chromium.browser(), width, height, scheme);
    String html =
        Repository.text("docs/examples/desk/index.html").replace("http://localhost:8080", SERVICE);
    console.page.route(
        SERVICE + "/desk/",
        route ->
            route.fulfill(new Route.FulfillOptions().setContentType("text/html").setBody(html)));
    console.page.navigate(SERVICE + "/desk/");
    assertThat(part("switch")).isVisible();
  }

  @ParameterizedTest
  @CsvSource({"assist, 900, 440", "assist-phone, 390, 560"})
  void element(String name, int width, int height) {
    openDesk(width, height, ColorScheme.LIGHT);
    reply().pressSequentially("Could you ");
    assertThat(name.equals("assist") ? part("ghost") : part("words").first()).hasText(ANYTHING);
    picture(name);
  }

  @ParameterizedTest
  @CsvSource({"assist-dark, 900, 440", "assist-phone-dark, 390, 560"})
  void search(String name, int width, int height) {
    openDesk(width, height, ColorScheme.DARK);
    reply().pressSequentially("I am sorry to hear that. /re");
    assertThat(part("option")).hasCount(2);
    picture(name);
  }

  @Test
  void suggestionsOnDemand() {
    openDesk(900, 440, ColorScheme.LIGHT);
    part("manual").click();
    reply().pressSequentially("Could you ");
    assertThat(part("ghost")).isHidden();
    console.page.keyboard().press("Alt+0");
    assertThat(part("ghost")).hasText(ANYTHING);
    picture("assist-manual");
  }

  @Test
  void cannedResponse() {
    openDesk(900, 440, ColorScheme.LIGHT);
    console
        .find("repartee-assist")
        .evaluate("one => (one.metadata = { customer_name: 'Ann Lee', ticket_number: '4711' })");
    reply().pressSequentially("Your pa");
    assertThat(part("ghost")).containsText("Ann Lee. Your number is 4711.");
    picture("assist-canned");
  }

  // The review

  @Test
  void review() {
    console = ConsolePage.blank(chromium.browser(), 1200, 680, ColorScheme.LIGHT);
    console.page.navigate(REVIEW);
    console.find("#item-0").waitFor();
    for (String key : List.of("j", "a", "m", "m", "j", "a", "r", "Home", "j")) {
      console.page.keyboard().press(key);
    }
    picture("review");
  }
}
