package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.evaluate.EvaluationReport.EvaluationEvidence;
import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.evaluate.StoredEvaluation.MachineKind;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.metric.EvaluationProgress;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Examples;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.testing.DrawnReport;
import dev.repartee.text.testing.ParsedReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the page of an evaluation shows. */
class EvaluationPageTest {

  private static final List<String> SECTIONS =
      List.of(
          "Key figures",
          "Time and typing saved",
          "Differences",
          "Are scores probabilities?",
          "Where it helps",
          "Latency",
          "Example replies",
          "Setup");

  @TempDir private Path folder;

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  /** {@code count} conversations of {@code agent}, which differ in one word. */
  private static List<Conversation> conversations(int count, String agent, String domain) {
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      conversations.add(
          new Conversation(
              domain + i,
              Optional.of(agent),
              Optional.of(domain),
              List.of(
                  Message.customer("My parcel number " + i + " is late"),
                  Message.agent("I am very sorry for the delay of your parcel"),
                  Message.customer("thanks"),
                  Message.agent("Let me look up order " + i + " for you right away"))));
    }
    return conversations;
  }

  private static Measurement measure(
      Baseline baseline, List<Conversation> training, List<Conversation> test) {
    try (ReplyPredictor predictor = baseline.train(training)) {
      return TypedTextSaved.measure(
          predictor, test, EvaluationSettings.DEFAULT, EvaluationProgress.NONE);
    }
  }

  private static EvaluationReport report(String name, List<Conversation> test) {
    List<Conversation> training = conversations(40, "a", "shop");
    Measurement ours = measure(Baseline.WORDS_KNN, training, test);
    Map<String, Rival> baselines = new LinkedHashMap<>();
    for (Baseline baseline : Baseline.values()) {
      baselines.put(
          baseline.id(), Rival.of(baseline.id(), measure(baseline, training, test), ours));
    }
    return new EvaluationReport(
        name,
        Optional.empty(),
        Optional.of("calm"),
        List.of("test.jsonl"),
        List.of("train.jsonl"),
        ours.evaluation(),
        baselines,
        BestBaseline.of(baselines, ours.evaluation()),
        Optional.of(Rival.of("acme@6", measure(Baseline.FREQ, training, test), ours)),
        Optional.empty(),
        evidence(ours),
        ours.counts(),
        ours.examples());
  }

  private static EvaluationEvidence evidence(Measurement measured) {
    return new EvaluationEvidence(
        Instant.now(),
        Optional.empty(),
        measured.data(),
        MachineKind.here(Optional.empty()),
        Optional.empty(),
        Optional.empty());
  }

  private static JsonNode data(EvaluationReport report) {
    return ParsedReport.of(EvaluationPage.of(report).html()).data();
  }

  @Test
  void figuresRivalsCalibrationPartsAndExamples() {
    EvaluationReport report = report("acme@7", conversations(20, "agent-1", "bank"));
    JsonNode data = data(report);
    assertThat(data.path("model").asString()).isEqualTo("acme@7");
    assertThat(data.at("/evaluation/conversations").asInt()).isEqualTo(20);
    assertThat(data.at("/evaluation/replies").asInt()).isEqualTo(40);
    assertThat(data.at("/evaluation/rules/whole10/saved").asDouble())
        .isEqualTo(report.evaluation().rules().get("whole10").saved());
    assertThat(data.at("/evaluation/rules/net/saved").asDouble())
        .isEqualTo(report.evaluation().rules().get("net").saved());
    assertThat(data.at("/bestBaseline/saved").asDouble())
        .isGreaterThanOrEqualTo(report.evaluation().rules().get("net").saved());
    assertThat(data.path("rivals").valueStream())
        .extracting(rival -> rival.path("model").asString())
        .startsWith("acme@6", "freq");
    assertThat(data.at("/rivals/1/description").asString()).isEqualTo("most frequent replies");
    assertThat(data.path("rivals").valueStream())
        .filteredOn(rival -> rival.path("compared").asBoolean())
        .extracting(rival -> rival.path("model").asString())
        .containsExactly("acme@6");
    assertThat(data.at("/rivals/0/advantage/rules/whole10/ci95/low").asDouble()).isPositive();
    assertThat(data.at("/evaluation/calibration/offers/count").asInt()).isPositive();
    assertThat(data.at("/evaluation/breakdown").propertyNames())
        .containsExactly("rule", "agents", "domains", "lengths", "positions");
    assertThat(data.at("/evaluation/breakdown/agents").size()).isPositive();
    assertThat(data.at("/rivals/0/latency/complete/count").asInt()).isPositive();
    assertThat(data.at("/examples/most").size()).isPositive();
    assertThat(data.path("files").toString() + data.path("train") + data.path("operatingPoint"))
        .isEqualTo("[\"test.jsonl\"][\"train.jsonl\"]\"calm\"");
    assertThat(data.path("counts").isMissingNode()).isTrue();
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsThePage() throws IOException {
    EvaluationReport report = report("acme@7", conversations(20, "agent-1", "bank"));
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, EvaluationPage.of(report).html());
    DrawnReport.check(file, SECTIONS, page -> check(page, report));
  }

  private static void check(Page page, EvaluationReport report) {
    assertThat(page.title()).isEqualTo("acme@7 · evaluation report");
    assertThat(page.locator(".status").textContent()).contains("20 conversations · 40 replies");
    String saved = "%.1f%%".formatted(report.evaluation().rules().get("net").saved());
    assertThat(page.locator(".tile").allInnerTexts())
        .anyMatch(tile -> tile.startsWith("Net time saved\n" + saved + "\n95%: "))
        .anyMatch(tile -> tile.startsWith("Times the best baseline\n"));
    assertThat(page.locator("[data-id=saved] figure h3").allTextContents())
        .containsExactly("net", "steady", "whole10", "word4");
    assertThat(page.locator("[data-id=saved] figure").first().locator("tbody th").allTextContents())
        .startsWith("acme@7 ", "acme@6 ", "freq most frequent replies");
    assertThat(page.locator("[data-id=differences] details[open] summary").allTextContents())
        .containsExactly("Against acme@6");
    assertThat(page.locator("[data-id=differences] details[open] .pill.good").count()).isPositive();
    assertThat(page.locator("svg.reliability").count()).isEqualTo(2);
    assertThat(page.locator("svg.reliability circle").count()).isPositive();
    assertThat(page.locator("[data-id=where] h3").allTextContents())
        .containsExactly("Length of the reply", "Position in the conversation", "Domain", "Agent");
    assertThat(page.locator("[data-id=speed] tbody th").allTextContents())
        .hasSize(6)
        .contains("Offer after a keystroke · acme@6");
    assertThat(page.locator(".typing mark").count()).isPositive();
    assertThat(page.locator("[data-id=setup]").textContent())
        .contains("test.jsonl", "train.jsonl", "calm");
    List<String> typed = page.locator(".typing").allTextContents();
    report.examples().most().forEach(example -> assertThat(typed).contains(example.reply()));
  }

  /** What was typed and what was taken make up the reply. */
  @Test
  void anExampleShowsTheWholeReply() {
    EvaluationReport report = report("acme@7", conversations(20, "agent-1", "bank"));
    data(report)
        .at("/examples/most")
        .forEach(
            example -> {
              String taken = example.at("/reply/suggestion_taken").asBoolean() ? "/reply" : "";
              StringBuilder shown = new StringBuilder(example.at("/reply" + taken).asString(""));
              for (JsonNode step : example.at("/reply/steps")) {
                shown.append(step.path("typed").asString());
                shown.append(step.at("/offer/taken").asString(""));
              }
              assertThat(shown).hasToString(example.at("/reply/reply").asString());
            });
  }

  @Test
  void asksNoHostAndNamesAreSound() {
    EvaluationReport report = report("acme@7", conversations(3, "agent-1", "bank"));
    ParsedReport.of(EvaluationPage.of(report).html()).assertNeedsNothingElse();
  }

  private static EvaluationReport hostile() {
    Conversation hostile =
        new Conversation(
            HOSTILE,
            Optional.of(HOSTILE),
            Optional.of(HOSTILE),
            List.of(Message.customer(HOSTILE), Message.agent(HOSTILE)));
    return report(HOSTILE, List.of(hostile));
  }

  @Test
  void whatPeopleWroteIsTextAndNeverMarkup() {
    ParsedReport page = ParsedReport.of(EvaluationPage.of(hostile()).html());
    page.assertNeedsNothingElse();
    assertThat(page.data().path("model").asString()).isEqualTo(HOSTILE);
    assertThat(page.data().at("/examples/least/0/reply/reply").asString())
        .contains("<img src=x onerror=y>");
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsWhatIsHostileAndAModelAlone() throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, EvaluationPage.of(hostile()).html());
    DrawnReport.check(
        file,
        SECTIONS,
        page -> {
          assertThat(page.locator("h1").textContent()).isEqualTo(HOSTILE);
          assertThat(page.locator(".typing").allTextContents())
              .anyMatch(text -> text.contains("<img src=x onerror=y>"));
        });
    AtomicFile.writeString(file, EvaluationPage.of(alone()).html());
    List<String> sections =
        SECTIONS.stream()
            .filter(title -> !Set.of("Differences", "Example replies").contains(title))
            .toList();
    DrawnReport.check(
        file,
        sections,
        page -> {
          assertThat(page.locator("[data-id=saved] figure").first().locator("tbody tr").count())
              .isEqualTo(1);
          assertThat(page.locator("body").innerText()).doesNotContain("best baseline");
        });
  }

  private static EvaluationReport alone() {
    EvaluationReport full = report("acme@7", conversations(1, "agent-1", "bank"));
    return new EvaluationReport(
        "acme@7",
        Optional.empty(),
        Optional.empty(),
        List.of("test.jsonl"),
        List.of(),
        full.evaluation(),
        Map.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        full.evidence(),
        full.counts(),
        new Examples(List.of(), List.of()));
  }

  @Test
  void aModelAlone() {
    JsonNode data = data(alone());
    assertThat(data.path("rivals").size()).isZero();
    assertThat(data.path("bestBaseline").isNull()).isTrue();
    assertThat(data.path("examples").toString()).isEqualTo("{\"most\":[],\"least\":[]}");
  }
}
