package dev.repartee.serving.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.registry.VersionName;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.text.testing.Chromium;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page while the service is not as it should be, on a phone, and in pictures. */
@Tag("slow")
@Timeout(120)
class ConsoleStatesTest {

  @TempDir private static Path folder;
  private static Chromium chromium;

  @BeforeAll
  static void start() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() {
    if (chromium != null) {
      chromium.close();
    }
  }

  private static ConsolePage desktop() {
    return ConsolePage.blank(chromium.browser(), 1280, 800, ColorScheme.LIGHT);
  }

  private static RunningService serving() {
    return RunningService.serving(folder, path -> ConsolePage.predictor());
  }

  @Test
  void waitsForTheModelAndGoesOnByItself() {
    try (RunningService service = RunningService.unready();
        ConsolePage console = desktop().open(service)) {
      assertThat(console.find("#state")).hasText("Not ready");
      assertThat(console.find("#notice")).containsText("once it is ready");
      service.load(
          progress -> new VerifiedModel(new VersionName("acme", "8"), folder, Optional.empty()),
          path -> ConsolePage.predictor());
      assertThat(console.find("#state")).hasText("Ready");
      assertThat(console.find("#model")).hasText("acme 8");
      assertThat(console.find("#notice")).isEmpty();
      assertThat(console.offer(1)).isEnabled();
    }
  }

  @Test
  void saysThatTheServiceIsGone() {
    try (ConsolePage console = desktop()) {
      try (RunningService service = serving()) {
        console.open(service);
        assertThat(console.offer(1)).isEnabled();
      }
      console.draft().pressSequentially("H");
      assertThat(console.find("#notice")).containsText("cannot be reached");
    }
  }

  @Test
  void aConversationMayGrowBeyondARequest() {
    try (RunningService service = serving();
        ConsolePage console = desktop().open(service)) {
      for (int i = 0; i < 36; i++) { // over 256 KiB
        console.customerSays("x".repeat(7900));
      }
      assertThat(console.offer(1)).isEnabled();
      assertThat(console.find("#state")).hasText("Ready");
    }
  }

  @Test
  void asksForATokenAndKeepsItForTheSession() {
    try (RunningService service = serving();
        ConsolePage console = desktop()) {
      console.page.route("**/v1/**", ConsoleStatesTest::onlyWithToken);
      console.open(service);
      assertThat(console.find("#notice")).hasText("The service asks for an access token.");
      enter(console, "wrong");
      assertThat(console.find("#notice")).hasText("The service does not accept this token.");
      enter(console, "right");
      assertThat(console.offer(1)).isEnabled();
      assertThat(console.find("#access")).isHidden();
      console.page.reload();
      assertThat(console.offer(1)).isEnabled();
      assertThat(console.find("#access")).isHidden();
    }
  }

  private static void onlyWithToken(Route route) {
    if ("Bearer right".equals(route.request().headerValue("Authorization"))) {
      route.resume();
    } else {
      route.fulfill(
          new Route.FulfillOptions()
              .setStatus(401)
              .setBody("{\"status\":401,\"detail\":\"a token is missing\"}"));
    }
  }

  private static void enter(ConsolePage console, String token) {
    console.page.getByLabel("Access token").fill(token);
    console.page.getByLabel("Access token").press("Enter");
  }

  @Test
  void saysWhyNothingIsSuggestedAndHasNoPlaceUntilSomethingIs() {
    try (RunningService service = serving();
        ConsolePage console = ConsolePage.blank(chromium.browser(), 390, 844, ColorScheme.LIGHT)) {
      console.page.route("**/v1/suggestions", ConsoleStatesTest::nothingFits);
      console.open(service);
      assertThat(console.find("#nothing")).hasText("What fits belongs to another queue.");
      console.customerSays("Hi");
      double top = console.draft().boundingBox().y;
      console.draft().pressSequentially("Hel");
      assertThat(console.find("#assist .chips")).isHidden();
      console.draft().press("Enter");
      assertThat(console.find("#nothing")).isVisible();
      assertThat(console.draft().boundingBox().y).as("it does not move").isEqualTo(top);
      console.page.unroute("**/v1/suggestions");
      console.customerSays("Hello?");
      assertThat(console.offer(1)).isVisible();
      assertThat(console.find("#nothing")).isEmpty();
      assertThat(console.complaints).isEmpty();
    }
  }

  private static void nothingFits(Route route) {
    route.fulfill(
        new Route.FulfillOptions()
            .setContentType("application/json")
            .setBody(
                """
                {"suggestions_id": "s", "suggestions": [], "nothing": "other_queue",
                 "complete": true, "operating_point": "calm", "answers": "worth",
                 "model": {"name": "acme", "version": "7"}, "library": null, "warnings": []}
                """));
  }

  @Test
  void fitsAPhone() {
    try (RunningService service = serving();
        ConsolePage console = ConsolePage.blank(chromium.browser(), 390, 844, ColorScheme.DARK)) {
      console.open(service);
      console.customerSays("x".repeat(200));
      console.draft().pressSequentially("Hel");
      assertThat(console.offer(1)).containsText("… " + ConsolePage.GREETING);
      assertThat(console.page.evaluate("document.documentElement.scrollWidth")).isEqualTo(390);
      console.offer(1).click();
      assertThat(console.draft()).hasValue(ConsolePage.GREETING);
      assertThat(console.complaints).isEmpty();
    }
  }
}
