package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.serving.RunningService;
import dev.repartee.serving.assist.AssistPage.Kind;
import dev.repartee.serving.assist.AssistPage.Look;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.testing.Chromium;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The canned responses of five desks at a desk of their own. {@code canned-library.json} is what
 * {@code answers import} makes of their samples; a test of the import compares it.
 */
@Tag("slow")
@Timeout(120)
class CannedTest {

  private static final String PARCEL = "Your parcel is at the depot, Ann Lee. Your number is 4711.";

  @Test
  void oneIsSuggestedWithItsPlaceholdersFilled(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("model");
    TinyModel.writeThatShowsAll(model, TinyModel.answers("Hello there"));
    Path library = Files.createDirectories(folder.resolve("library"));
    try (var file = CannedTest.class.getResourceAsStream("canned-library.json")) {
      Files.copy(file, library.resolve(AnswerLibraryFile.FILE));
    }
    String store = folder.resolve("store").toString();
    Files.createDirectories(
        folder.resolve("store/models")); // as in every store that is served from
    try (ObjectStore opened = ObjectStores.open(store)) {
      ModelRegistry registry = ModelRegistry.ofLibraries(opened);
      registry.promote(registry.publish("replies", library), "live", Optional.empty());
    }
    String script =
        "assist.metadata = { customer_name: 'Ann Lee', agent_name: 'Ben', ticket_number: '4711' };";
    try (Chromium chromium = Chromium.start();
        RunningService service =
            RunningService.serving(
                model,
                CannedTest::engine,
                "--store",
                store,
                "--answers",
                "replies@live",
                "--cache",
                folder.resolve("cache").toString(),
                "--only-approved");
        AssistPage desk =
            new AssistPage(
                chromium.browser(),
                service,
                new Look(Kind.TEXTAREA, "en", 900, ColorScheme.LIGHT),
                script)) {
      assertThat(desk.chip(1)).containsText(PARCEL);
      desk.type("Your pa");
      assertThat(desk.ghost()).containsText("rcel is at the depot, Ann Lee.");
      desk.press("Tab");
      desk.reads("Your parcel is at the depot, Ann Lee.\nYour number is 4711.");
      assertThat(desk.page.locator("body").innerText()).doesNotContain("{", "}");
      assertThat(desk.complaints).isEmpty();
    }
  }

  private static SuggestionEngine engine(Path folder) {
    return SuggestionEngine.load(
        folder,
        new EngineOptions(
            TestDevice.compute(Precision.FP32), Display.CALM, Optional.empty(), true, true));
  }
}
