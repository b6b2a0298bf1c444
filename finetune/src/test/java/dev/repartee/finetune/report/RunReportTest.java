package dev.repartee.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Page;
import dev.repartee.finetune.report.RunReport.Ending;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.testing.DrawnReport;
import dev.repartee.text.testing.ParsedReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page of whole, broken and empty runs. */
class RunReportTest {

  private static final List<String> SECTIONS = List.of("Key figures", "Curves");

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  private static final Ending DONE = Ending.done("all 3 epochs done");

  @TempDir private Path folder;

  private RunMetrics metrics(SampleRun run) throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    run.write(file);
    return RunMetrics.read(file);
  }

  private String html(int steps) throws IOException {
    SampleRun run = new SampleRun(steps);
    return RunReport.html(run.plan(), metrics(run), DONE);
  }

  private static JsonNode data(String html) {
    return ParsedReport.of(html).data();
  }

  /** Leaves the page in target/report, where a person can open it. */
  @Test
  void aWholeRunShowsItsEndFiguresAndCurves() throws IOException {
    Path file = Path.of("target", "report", "report.html");
    AtomicFile.writeString(file, html(1200));
    JsonNode data = data(Files.readString(file));
    assertThat(data.at("/plan/name").asString()).isEqualTo("acme-support");
    assertThat(data.at("/plan/steps").asInt()).isEqualTo(1200);
    assertThat(data.at("/plan/gradient_clip").asDouble()).isEqualTo(1);
    assertThat(data.at("/status/reason").asString()).isEqualTo("all 3 epochs done");
    assertThat(data.at("/last_step").asInt()).isEqualTo(1200);
    assertThat(data.at("/best/step").asInt()).isEqualTo(700);
    assertThat(data.at("/best/perplexity").asDouble()).isCloseTo(3.58, within(0.005));
    assertThat(data.path("validations").size()).isEqualTo(13);
    assertThat(data.path("validations").valueStream())
        .filteredOn(data.path("best")::equals)
        .hasSize(1);
    assertThat(data.at("/validations/0/step").asInt()).isZero();
    assertThat(data.at("/validations/0/perplexity").asDouble()).isCloseTo(42.5, within(0.05));
    assertThat(data.path("curves").propertyNames())
        .containsExactly("loss", "rate", "norm", "speed", "memory");
    assertThat(data.at("/curves/memory/max").asDouble()).isCloseTo(2.4e9, within(1e7));
    assertThat(data.at("/curves/loss/step").size()).isEqualTo(1200);
    assertThat(data.at("/resumes/0").asInt()).isEqualTo(760);
    assertThat(data.at("/epochs").toString())
        .isEqualTo("[{\"step\":401,\"epoch\":2},{\"step\":801,\"epoch\":3}]");
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsThePage() throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, html(1200));
    DrawnReport.check(file, SECTIONS, RunReportTest::check);
  }

  private static void check(Page page) {
    assertThat(page.title()).isEqualTo("acme-support · training report");
    assertThat(page.locator(".status.good").textContent())
        .startsWith("Done all 3 epochs done · step 1,200 of 1,200 · resumed once");
    assertThat(page.locator(".tile").allInnerTexts())
        .contains("Best validation perplexity\n3.58\nat step 700")
        .contains("First validation perplexity\n42.5\nbefore training")
        .contains("Peak memory\n2.2 GiB\nof the process");
    assertThat(page.locator("figure:has(.plot) h3").allTextContents())
        .containsExactly("Loss", "Learning rate", "Gradient norm", "Throughput", "Memory");

    page.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)");
    List<String> validations = page.locator("tbody tr:has(td)").allInnerTexts();
    assertThat(validations).filteredOn(row -> row.contains("best")).hasSize(1);
  }

  private static String hostile() throws IOException {
    return RunReport.html(
        new RunReport.Plan(HOSTILE, 1, 1),
        new RunMetrics(List.of(), List.of(), List.of(3L)),
        Ending.done(HOSTILE));
  }

  @Test
  void whatPeopleWroteIsTextAndNeverMarkup() throws IOException {
    ParsedReport page = ParsedReport.of(hostile());
    page.assertNeedsNothingElse();
    assertThat(page.html().getElementById("report").data()).doesNotContain("<");
    assertThat(page.data().at("/plan/name").asString()).isEqualTo(HOSTILE);
    assertThat(page.data().at("/resumes").toString()).isEqualTo("[3]");
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsWhatIsHostileEmptyAndBroken() throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, hostile());
    DrawnReport.check(
        file,
        List.of("Key figures"),
        page -> assertThat(page.locator("h1").textContent()).isEqualTo(HOSTILE));
    AtomicFile.writeString(file, neverTrained());
    DrawnReport.check(
        file,
        List.of("Key figures"),
        page ->
            assertThat(page.locator(".status").textContent())
                .startsWith("Not ended no end is recorded")
                .contains("step 0 of 60"));
    AtomicFile.writeString(file, diverged());
    DrawnReport.check(
        file,
        SECTIONS,
        page -> {
          assertThat(page.locator(".status.bad .badge").textContent()).isEqualTo("Failed");
          assertThat(page.locator("figure:has(.plot) h3").allTextContents())
              .containsExactly("Loss", "Learning rate", "Gradient norm", "Throughput");
        });
  }

  private String neverTrained() throws IOException {
    return RunReport.html(
        new SampleRun(60).plan(), RunMetrics.read(folder.resolve("absent.jsonl")), Ending.NONE);
  }

  private String diverged() throws IOException {
    Path file = folder.resolve("metrics.jsonl");
    Files.writeString(file, "{\"step\":1,\"loss\":2.5}\n{\"step\":2,\"loss\":\"NaN\"}\n");
    return RunReport.html(
        new SampleRun(60).plan(),
        RunMetrics.read(file),
        Ending.failed("training diverged at step 2"));
  }

  @Test
  void aLongRunStaysSmallAndKeepsItsPeak() throws IOException {
    String html = html(60_000);
    assertThat(html.length()).isLessThan(400_000);
    JsonNode loss = data(html).at("/curves/loss");
    int peak = 0;
    for (int i = 0; i < loss.path("step").size(); i++) {
      peak = loss.path("step").path(i).asInt() == 20_000 ? i : peak;
    }
    assertThat(loss.path("value").path(peak).asDouble()).isGreaterThan(3.5);
    assertThat(loss.path("smooth").size()).isEqualTo(loss.path("value").size());
  }
}
