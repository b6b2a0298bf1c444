package dev.repartee.serving.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.console.ConsolePage.GREETING;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.serving.RunningService;
import dev.repartee.text.testing.Axe;
import dev.repartee.text.testing.Chromium;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** What an agent does on the page, against the real service. */
@Tag("slow")
@Timeout(120)
class ConsoleTest {

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static RunningService service;
  private ConsolePage console;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
    service = RunningService.serving(folder, path -> ConsolePage.predictor());
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
      chromium.close();
    }
  }

  @BeforeEach
  void open() {
    console = ConsolePage.blank(chromium.browser(), 1280, 800, ColorScheme.LIGHT).open(service);
  }

  @AfterEach
  void noComplaints() {
    console.close();
    assertThat(console.complaints).isEmpty();
  }

  @Test
  void saysWhatIsServed() {
    assertThat(console.find("#state")).hasText("Ready");
    assertThat(console.find("#model")).hasText("acme 7");
    assertThat(console.find("#notice")).isEmpty();
    assertThat(console.find("#access")).isHidden();
  }

  @Test
  void tabTakesTheGreyTextAndEnterSends() {
    console.customerSays("Hi");
    assertThat(console.draft()).isFocused();
    console.draft().pressSequentially("Hel");
    assertThat(console.grey()).hasText(GREETING.substring(3));
    assertThat(console.find("#assist .status")).containsText("Tab takes: lo, thank you");
    console.draft().press("Tab");
    assertThat(console.draft()).hasValue(GREETING);
    assertThat(console.draft()).isFocused();
    console.draft().press("Enter");
    assertThat(console.draft()).hasValue("");
    assertThat(console.find("#messages .agent .bubble")).hasText(GREETING);
    // 61 characters less three typed and one Tab.
    assertThat(console.find("#saved")).hasText("57 of 61 characters saved (93%)");
    JsonNode told = console.feedback.getFirst();
    assertThat(told.path("id").asString()).hasSize(36);
    assertThat(told.path("conversation_id").asString()).startsWith("console-");
    assertThat(told.path("model").toString()).isEqualTo("{\"name\":\"acme\",\"version\":\"7\"}");
    assertThat(told.path("action").asString()).isEqualTo("accepted");
    assertThat(told.at("/shown/0/kind").asString()).isEqualTo("completion");
    assertThat(GREETING).endsWith(told.at("/shown/0/text").asString("none"));
    assertThat(told.path("accepted").asInt()).isZero();
    assertThat(told.path("final_text").asString()).isEqualTo(GREETING);
    assertThat(told.path("characters_typed").asInt()).isEqualTo(3);
  }

  @Test
  void whatLooksLikeHtmlIsText() {
    String markup = "<img src=x onerror=\"document.title='broken'\"><a href='javascript:x'>";
    console.customerSays(markup);
    assertThat(console.find("#messages .customer .bubble")).hasText(markup);
    assertThat(console.find("#messages img, #messages a")).hasCount(0);
    assertThat(console.page).hasTitle("Repartee console");
  }

  @Test
  void shiftEnterBeginsALine() {
    console.draft().pressSequentially("One");
    console.draft().press("Shift+Enter");
    console.draft().pressSequentially("two");
    console.draft().press("Enter");
    assertThat(console.find("#messages .agent .bubble").textContent()).isEqualTo("One\ntwo");
  }

  @Test
  void theSwitchIsAskedFor() {
    assertThat(console.offer(1)).isEnabled(); // so that the first request is not taken for it
    var request =
        console.page.waitForRequest(
            "**/v1/suggestions", () -> console.page.getByLabel("eager").check());
    assertThat(request.postData()).contains("\"operating_point\":\"eager\"");
  }

  @Test
  void whichWholeRepliesComeIsAskedForOnceChosen() {
    assertThat(console.offer(1)).isEnabled();
    for (String choice : List.of("always", "never", "if worth it")) {
      var request =
          console.page.waitForRequest(
              "**/v1/suggestions", () -> console.page.getByLabel(choice).check());
      assertThat(request.postData())
          .contains("\"answers\":\"" + choice.replaceAll("if | it", "") + "\"");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LIGHT", "DARK"})
  void isAccessible(ColorScheme scheme) {
    console.page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
    console.customerSays("Hi");
    console.page.keyboard().press("Alt+2");
    console.draft().press("Enter");
    assertThat(Axe.findings(console.page, "switch")).isEqualTo("[]");
    console.draft().pressSequentially("Hel");
    assertThat(console.grey()).hasText(GREETING.substring(3));
    assertThat(Axe.findings(console.page, "switch")).isEqualTo("[]");
  }
}
