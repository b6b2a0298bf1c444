package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.repartee.clustering.answers.Coverage;
import dev.repartee.clustering.extract.ExtractionReport.Changes;
import dev.repartee.clustering.extract.ExtractionReport.Findings;
import dev.repartee.clustering.extract.ExtractionReport.MapPoint;
import dev.repartee.clustering.extract.ExtractionReport.Privacy;
import dev.repartee.clustering.extract.ExtractionReport.Provenance;
import dev.repartee.clustering.extract.ExtractionReport.ShownAnswer;
import dev.repartee.clustering.extract.ExtractionReport.Source;
import dev.repartee.clustering.extract.ExtractionReport.Totals;
import dev.repartee.clustering.review.ReviewChanges;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.testing.DrawnReport;
import dev.repartee.text.testing.ParsedReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page of whole, empty and hostile extractions. */
class ExtractionReportTest {

  @TempDir private Path folder;

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  /** Leaves the page in target/report, where a person can open it. */
  @Test
  void aWholeExtractionShowsItsFiguresAnswersMapAndChanges() throws IOException {
    Path file = Path.of("target", "report", "report.html");
    AtomicFile.writeString(file, new SampleReport(300).data().html());
    JsonNode data = ParsedReport.of(Files.readString(file)).data();
    assertThat(data.at("/provenance/name").asString()).isEqualTo("acme-support");
    assertThat(data.path("totals").toString())
        .isEqualTo(
            "{\"conversations\":18422,\"agents\":64,\"messages\":150000,\"distinctTexts\":61907,"
                + "\"clusters\":4310}");
    JsonNode answers = data.at("/findings/answers");
    assertThat(answers.size()).isEqualTo(300);
    JsonNode first = answers.path(0);
    assertThat(first.path("text").asString())
        .isEqualTo("Thank you for calling your booking {reference}.");
    assertThat(first.path("count").asLong()).isEqualTo(5628);
    assertThat(first.path("agents").asInt()).isEqualTo(40);
    assertThat(first.path("shareOfMessages").asDouble()).isCloseTo(0.038, within(0.0005));
    assertThat(first.path("byPosition").toString())
        .isEqualTo("{\"opening\":1126,\"middle\":2815,\"closing\":704}");
    assertThat(first.at("/byAgent/number").asInt()).isEqualTo(40);
    assertThat(first.at("/byAgent/first").size()).isEqualTo(8);
    assertThat(first.at("/byAgent/first/0").toString())
        .isEqualTo("{\"name\":\"agent-10\",\"count\":1876}");
    assertThat(first.path("sentences").asInt()).isEqualTo(1407);
    assertThat(first.path("hiddenPhrasings").asInt()).isEqualTo(1);
    assertThat(data.at("/findings/map").size()).isEqualTo(300);
    assertThat(data.at("/findings/domains").size()).isEqualTo(9);
    assertThat(data.at("/changes/waiting").toString()).contains("Happy new year!", "reject");
    assertThat(data.at("/privacy/minAgents").asInt()).isEqualTo(3);
    assertThat(data.at("/privacy/replaced/name").asInt()).isEqualTo(41_204);
    assertThat(data.at("/provenance/sources/0/sha256").asString()).isEqualTo("0f".repeat(32));
    assertThat(data.at("/findings/coverage").size()).isEqualTo(301);
    assertThat(data.at("/findings/heldOutCoverage").size()).isEqualTo(61);
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsThePage() throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, new SampleReport(300).data().html());
    DrawnReport.check(
        file,
        List.of(
            "Key figures",
            "Changes since the last extraction",
            "Coverage",
            "Map",
            "Answers",
            "What was left out",
            "Privacy",
            "Settings and data"),
        ExtractionReportTest::check);
  }

  private static void check(Page page) {
    assertThat(page.title()).isEqualTo("acme-support \u00b7 extracted answers");
    assertThat(page.locator(".status").textContent())
        .isEqualTo("300 answers from 150,000 messages of 64 agents in 18,422 conversations");
    assertThat(page.locator(".tile").allInnerTexts())
        .hasSize(6)
        .contains("Answers\n300\nof 4,310 clusters");
    Locator answers = page.locator(".answer");
    assertThat(answers.count()).isEqualTo(300);
    assertThat(answers.first().locator("summary").textContent())
        .isEqualTo("Thank you for calling your booking {reference}. 5,628 3.8% 40 agents travel");
    assertThat(answers.first().locator("dl").textContent())
        .contains("Worded", "opening 24%, middle 61%, closing 15%", "agent-10 (1,876)", "32 more")
        .contains("one sentence among others in 1,407 messages", "1 of too few agents to be shown");
    assertThat(page.locator("svg circle").count()).isEqualTo(300);
    assertThat(page.locator("svg a:not([tabindex])").count()).isEqualTo(30);
    assertThat(page.locator(".legend button").allTextContents())
        .hasSize(8)
        .contains("others or unknown");
    assertThat(page.locator("[data-id=changes] figure").textContent())
        .contains("Happy new year!", "reject");
    assertThat(page.locator("[data-id=privacy]").textContent())
        .contains("at least 3 agents", "41,204");
    assertThat(page.locator("td.hashes").allTextContents()).contains("0f".repeat(32));

    page.locator("input[type=search]").fill("a-0000001eef");
    assertThat(page.locator("[role=status]").textContent()).isEqualTo("1 of 300");
    page.locator("svg a").nth(2).focus();
    page.keyboard().press("Enter");
    page.locator(".answer[open]").waitFor();
    assertThat(page.locator("[role=status]").textContent()).isEqualTo("300 answers");
  }

  @Test
  void thePageAsksNoHostAndItsLinksAndNamesAreSound() {
    ParsedReport page = ParsedReport.of(new SampleReport(40).data().html());
    page.assertNeedsNothingElse();
    List<JsonNode> answers = page.data().at("/findings/answers").valueStream().toList();
    assertThat(answers).extracting(answer -> answer.path("id").asString()).doesNotHaveDuplicates();
  }

  @Test
  void sameDataSameBytesAndAThousandAnswersStaySmall() {
    String html = new SampleReport(1000).data().html();
    assertThat(html).isEqualTo(new SampleReport(1000).data().html());
    assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_500_000);
  }

  private static ExtractionReport nothing() {
    return new ExtractionReport(
        new Totals(1, 1, 1, 1, 1),
        new Findings(List.of(), List.of(), List.of(), List.of(), List.of(), List.of()),
        new Privacy(Map.of(), 1, 0),
        Changes.of(
            new ReviewChanges(true, List.of(), 0, List.of(), List.of(), Map.of(), List.of())),
        new Provenance("none", "", Map.of(), List.of()));
  }

  @Test
  void nothingFoundIsAPageToo() {
    JsonNode data = ParsedReport.of(nothing().html()).data();
    assertThat(data.path("totals").valueStream().map(JsonNode::asInt)).containsOnly(1);
    data.path("findings").forEach(list -> assertThat(list.size()).isZero());
    assertThat(data.at("/changes/first").asBoolean()).isTrue();
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsWhatIsEmptyAndWhatIsHostile() throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, nothing().html());
    DrawnReport.check(
        file,
        List.of("Key figures", "Changes since the last extraction", "Privacy"),
        page -> {
          assertThat(page.locator(".status").textContent())
              .isEqualTo("0 answers from 1 message of 1 agent in 1 conversation");
          assertThat(page.locator("[data-id=changes]").textContent()).contains("first extraction");
        });
    AtomicFile.writeString(file, hostile().html());
    DrawnReport.check(
        file,
        List.of(
            "Key figures",
            "Changes since the last extraction",
            "Map",
            "Answers",
            "What was left out",
            "Privacy",
            "Settings and data"),
        page -> {
          assertThat(page.locator("h1").textContent()).isEqualTo(HOSTILE);
          assertThat(page.locator(".answer summary b").textContent()).isEqualTo(HOSTILE);
          assertThat(page.locator("select option").allTextContents()).contains(HOSTILE);
          assertThat(page.locator("svg a").getAttribute("aria-label")).startsWith(HOSTILE);
        });
  }

  private static ExtractionReport hostile() {
    AnswerUse use =
        new AnswerUse(
            1,
            Map.of(HOSTILE, 1L),
            Map.of(HOSTILE, 1L),
            Map.of("middle", 1L),
            List.of(HOSTILE),
            Optional.of(HOSTILE));
    Answer answer =
        new Answer("a-1", HOSTILE, 1, 1, List.of(new Phrasing(HOSTILE, 1)), use, List.of());
    ReviewChanges changes =
        new ReviewChanges(
            false,
            List.of(new ReviewChanges.Item("a-1", HOSTILE, HOSTILE)),
            0,
            List.of(new ReviewChanges.TextChange("a-1", HOSTILE, HOSTILE)),
            List.of(),
            Map.of(),
            List.of(new ReviewChanges.Unapplied(HOSTILE, HOSTILE, HOSTILE, HOSTILE)));
    return new ExtractionReport(
        new Totals(1, 1, 1, 1, 1),
        new Findings(
            List.of(new Coverage.Point(0, 0, 0)),
            List.of(),
            List.of(HOSTILE),
            List.of(ShownAnswer.of(answer, 1, 1, 0)),
            List.of(new LeftOut(HOSTILE, OptionalInt.of(1), 1, List.of(HOSTILE))),
            List.of(new MapPoint(0, 0, "a-1", HOSTILE, 1, HOSTILE))),
        new Privacy(Map.of(HOSTILE, 1L), 1, 1),
        Changes.of(changes),
        new Provenance(
            HOSTILE,
            HOSTILE,
            Map.of(HOSTILE, HOSTILE),
            List.of(new Source(HOSTILE, HOSTILE, HOSTILE))));
  }

  @Test
  void whatPeopleWroteIsTextAndNeverMarkup() {
    ParsedReport page = ParsedReport.of(hostile().html());
    page.assertNeedsNothingElse();
    JsonNode data = page.data();
    assertThat(data.at("/provenance/name").asString()).isEqualTo(HOSTILE);
    assertThat(data.at("/findings/answers/0/text").asString()).isEqualTo(HOSTILE);
    assertThat(data.at("/findings/answers/0/domains/0").asString()).isEqualTo(HOSTILE);
    assertThat(data.at("/findings/map/0/label").asString()).isEqualTo(HOSTILE);
  }
}
