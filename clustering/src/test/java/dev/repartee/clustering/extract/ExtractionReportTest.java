package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.review.Decision;
import dev.repartee.clustering.review.ReviewChanges;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page of whole, empty and hostile extractions, as a browser parses it. */
class ExtractionReportTest {

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  /** Leaves the page in target/report, where a person can open it. */
  @Test
  void aWholeExtractionShowsItsFiguresAnswersMapAndChanges() throws IOException {
    Path file = Path.of("target", "report", "report.html");
    new ExtractionReport(new SampleReport(300).data()).write(file);
    Document page = Jsoup.parse(Files.readString(file));
    assertThat(page.title()).isEqualTo("acme-support \u00b7 extracted answers");
    assertThat(page.select(".status").text())
        .isEqualTo("300 answers from 150,000 messages of 64 agents in 18,422 conversations");
    assertThat(page.select(".tile").eachText())
        .hasSize(6)
        .contains("Answers 300 of 4,310 clusters");
    assertThat(page.select(".answer")).hasSize(300);
    Element first = page.select(".answer").first();
    assertThat(first.select("summary").text())
        .isEqualTo("Thank you for calling your booking {reference}. 5,628 3.8% 40 agents travel");
    assertThat(first.select("dl").text())
        .contains("Worded", "opening 24%, middle 61%, closing 15%", "agent-10 (1,876)", "32 more")
        .contains("one sentence among others in 1,407 messages", "1 of too few agents to be shown");
    assertThat(page.select("svg circle")).hasSize(300);
    assertThat(page.select("svg a:not([tabindex])")).hasSize(30);
    assertThat(page.select(".legend button").eachText()).hasSize(8).contains("others or unknown");
    assertThat(page.select(".waiting").text()).contains("Happy new year!", "reject");
    assertThat(page.select("#privacy ~ .charts").text()).contains("at least 3 agents", "41,204");
    assertThat(page.select(".hash").eachText()).contains("0f".repeat(32));
    JsonNode data = Json.COMPACT.readTree(page.getElementById("coverage-data").data());
    assertThat(data.path("read").path("top").size()).isEqualTo(301);
    assertThat(data.path("heldOut").path("messages").size()).isEqualTo(61);
  }

  @Test
  void thePageAsksNoHostAndItsLinksAndNamesAreSound() {
    Document page = Jsoup.parse(new ExtractionReport(new SampleReport(40).data()).html());
    assertThat(page.select("[src], [srcset], object, iframe, form")).isEmpty();
    page.select("style")
        .forEach(style -> assertThat(style.data()).doesNotContain("url(", "@import"));
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .contains("default-src 'none'", "script-src 'sha256-");
    Set<String> ids = new HashSet<>();
    page.select("[id]").forEach(element -> assertThat(ids.add(element.id())).isTrue());
    assertThat(ids).containsAll(page.select("[aria-labelledby]").eachAttr("aria-labelledby"));
    for (String link : page.select("a").eachAttr("href")) {
      assertThat(link).startsWith("#");
      assertThat(ids).contains(link.substring(1));
    }
    assertThat(page.select("link").eachAttr("href")).containsExactly("data:,");
  }

  @Test
  void sameDataSameBytesAndAThousandAnswersStaySmall() {
    String html = new ExtractionReport(new SampleReport(1000).data()).html();
    assertThat(html).isEqualTo(new ExtractionReport(new SampleReport(1000).data()).html());
    assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_500_000);
  }

  @Test
  void nothingFoundIsAPageToo() {
    ReportData nothing =
        new ReportData(
            new ReportData.Totals(1, 1, 1, 1, 1),
            new ReportData.Findings(List.of(), List.of(), List.of(), List.of(), List.of()),
            new ReportData.Privacy(Map.of(), 1, 0),
            Optional.of(
                new ReviewChanges(true, List.of(), 0, List.of(), List.of(), Map.of(), List.of())),
            new ReportData.Provenance("none", "", Map.of(), List.of()));
    Document page = Jsoup.parse(new ExtractionReport(nothing).html());
    assertThat(page.select(".status").text())
        .isEqualTo("0 answers from 1 message of 1 agent in 1 conversation");
    assertThat(page.select("#coverage, #map, #answers, #left-out")).isEmpty();
    assertThat(page.select("#changes ~ p").text()).contains("first one");
  }

  @Test
  void whatPeopleWroteIsTextAndNeverMarkup() {
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
            List.of(
                new ReviewChanges.Unapplied(HOSTILE, HOSTILE, Decision.edit(HOSTILE), HOSTILE)));
    ReportData hostile =
        new ReportData(
            new ReportData.Totals(1, 1, 1, 1, 1),
            new ReportData.Findings(
                List.of(new ReportData.CoveragePoint(0, 0, 0)),
                List.of(),
                List.of(new ReportData.Entry(answer, 1, 1)),
                List.of(new ReportData.LeftOut(HOSTILE, OptionalInt.of(1), 1, List.of(HOSTILE))),
                List.of(new ReportData.MapPoint(0, 0, "a-1", HOSTILE, 1, HOSTILE))),
            new ReportData.Privacy(Map.of(HOSTILE, 1L), 1, 1),
            Optional.of(changes),
            new ReportData.Provenance(
                HOSTILE,
                HOSTILE,
                Map.of(HOSTILE, HOSTILE),
                List.of(new ReportData.Source(HOSTILE, HOSTILE, HOSTILE))));
    Document page = Jsoup.parse(new ExtractionReport(hostile).html());
    assertThat(page.select("script")).hasSize(4);
    assertThat(page.select("img, [onerror]")).isEmpty();
    assertThat(page.select("h1").text()).isEqualTo(HOSTILE);
    assertThat(page.select(".answer summary b").text()).isEqualTo(HOSTILE);
    assertThat(page.select(".answer").attr("data-domains")).isEqualTo("0");
    assertThat(page.select("#domain option").eachText()).contains(HOSTILE);
    assertThat(page.select("circle title").text()).startsWith(HOSTILE);
  }
}
