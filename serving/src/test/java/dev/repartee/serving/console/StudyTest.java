package dev.repartee.serving.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.serving.RunningService;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.Axe;
import dev.repartee.text.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A script in place of a person takes part in the study, against the real service. */
@Tag("slow")
@Timeout(240)
class StudyTest {

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static RunningService service;

  @BeforeAll
  static void start() throws IOException {
    chromium = Chromium.start();
    service = RunningService.serving(folder.resolve("model"), path -> ConsolePage.predictor());
    Files.writeString(
        folder.resolve("test.jsonl"),
        """
        {"id": "1", "messages": [{"role": "customer", "text": "Hi"}, {"role": "agent", "text": "%s"}]}
        {"id": "2", "messages": [{"role": "customer", "text": "Where is it?"}, {"role": "agent", "text": "%s"}, {"role": "agent", "text": "Ok"}]}
        """
            .formatted(ConsolePage.GREETING, ConsolePage.ORDER_NUMBER));
  }

  @AfterAll
  static void stop() {
    if (service != null) {
      service.close();
      chromium.close();
    }
  }

  private static void write(Page page) {
    page.locator("#start").click();
    boolean assisted = page.locator("#with").isVisible();
    Locator field = page.locator(assisted ? "#draft" : "#plain");
    String wanted = page.locator("#wanted").textContent();
    field.fill(wanted.substring(0, 5));
    field.press("Enter");
    assertThat(page.locator("#wrong")).containsText("not the reply yet");
    field.fill(wanted);
    field.press("Enter");
  }

  @Test
  void aScriptedPersonGetsToTheReport() throws IOException {
    try (ConsolePage console =
        ConsolePage.blank(chromium.browser(), 1100, 900, ColorScheme.LIGHT)) {
      Page page = console.page;
      page.navigate(service.url("/study.html").toString());
      assertThat(page.locator("#setup")).isVisible();
      axe(page);
      page.locator("#file").setInputFiles(folder.resolve("test.jsonl"));
      page.locator("#begin button").click();
      int assisted = 0;
      for (int i = 0; i < 4; i++) {
        assertThat(page.locator("#trial-title")).containsText("Reply " + (i + 1));
        assisted += page.locator("#trial-title").textContent().contains("with suggestions") ? 1 : 0;
        write(page);
      }
      assertThat(assisted).isEqualTo(2);
      assertThat(page.locator("#verdict")).containsText("2 replies were written both ways");
      assertThat(page.locator("#figures tr")).hasCount(3);
      axe(page);
      Download download = page.waitForDownload(() -> page.locator("#download").click());
      JsonNode result = Json.COMPACT.readTree(Files.readString(download.path()));
      assertThat(result.path("pairs").asInt()).isEqualTo(2);
      assertThat(result.path("replies")).hasSize(4);
      assertThat(result.path("time_saved_percent").isNumber()).isTrue();
      assertThat(result.at("/replies/0/seconds").asDouble()).isPositive();
      assertThat(console.feedback).as("nothing is stored").isEmpty();
      assertThat(console.complaints).isEmpty();
    }
  }

  @Test
  void aFileThatHoldsNoRepliesIsNamed() throws IOException {
    try (ConsolePage console = ConsolePage.blank(chromium.browser(), 390, 800, ColorScheme.DARK)) {
      Page page = console.page;
      page.navigate(service.url("/study.html").toString());
      Path wrong = Files.writeString(folder.resolve("wrong.jsonl"), "Hello there\n");
      page.locator("#file").setInputFiles(wrong);
      page.locator("#begin button").click();
      assertThat(page.locator("#notice")).containsText("wrong.jsonl cannot be used. Line 1");
      axe(page);
    }
  }

  private static void axe(Page page) {
    assertThat(Axe.findings(page)).isEqualTo("[]");
  }
}
