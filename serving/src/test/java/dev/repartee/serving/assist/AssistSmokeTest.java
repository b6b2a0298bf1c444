package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.assist.AssistPage.Kind;
import dev.repartee.serving.assist.AssistPage.Look;
import dev.repartee.text.testing.Chromium;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Half a greeting, completed: what must never break. {@link AssistTest} has the rest. */
@Timeout(60)
class AssistSmokeTest {

  @Test
  void tabCompletesHalfAGreeting(@TempDir Path folder) {
    try (Chromium chromium = Chromium.start();
        RunningService service = RunningService.serving(folder, path -> AssistPage.predictor());
        AssistPage desk = new AssistPage(chromium.browser(), service, Look.plain(Kind.TEXTAREA))) {
      desk.type("Hel");
      assertThat(desk.ghost()).hasText(AssistPage.GREETING.substring(3));
      desk.press("Tab");
      desk.reads(AssistPage.GREETING);
      assertThat(desk.complaints).isEmpty();
    }
  }
}
