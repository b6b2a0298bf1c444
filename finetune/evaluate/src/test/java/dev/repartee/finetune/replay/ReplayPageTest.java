package dev.repartee.finetune.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.evaluate.Remembered;
import dev.repartee.finetune.metric.Counts;
import dev.repartee.finetune.metric.Counts.RuleCounts;
import dev.repartee.finetune.metric.LearningCurve;
import dev.repartee.finetune.replay.ReplayCommand.Report;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.testing.DrawnReport;
import dev.repartee.text.testing.ParsedReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the page of a replay shows. */
class ReplayPageTest {

  private static final List<String> SECTIONS =
      List.of("Key figures", "Learning on the job", "Setup");
  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  @TempDir private Path folder;

  private static List<Integer> each(int conversations, IntUnaryOperator number) {
    return IntStream.range(0, conversations).map(number).boxed().toList();
  }

  /** Less is typed from conversation to conversation, and at first more than without a model. */
  private static Report report(String model, int conversations, IntFunction<String> domain) {
    List<Integer> none = Collections.nCopies(conversations, 0);
    RuleCounts costs =
        new RuleCounts(
            true,
            4,
            false,
            2.0,
            1.5,
            1.5,
            each(conversations, c -> Math.clamp(120L - c, 20, 100)),
            each(conversations, c -> 1),
            each(conversations, c -> 3 + c % 5),
            each(conversations, c -> 1),
            none);
    Counts counts =
        new Counts(
            0,
            each(conversations, c -> 2),
            each(conversations, c -> 100),
            each(conversations, c -> Math.min(40, c)),
            none,
            none,
            Map.of("net", costs, "steady", costs));
    List<Conversation> replayed =
        IntStream.range(0, conversations)
            .mapToObj(
                c ->
                    new Conversation(
                        "c-" + c,
                        Optional.empty(),
                        Optional.ofNullable(domain.apply(c)),
                        List.of()))
            .toList();
    return new Report(
        model,
        Precision.FP32,
        "calm",
        List.of("days.jsonl"),
        25,
        LearningCurve.of(counts, replayed, 25),
        new Remembered(Optional.empty(), 400, 7, new Remembered.Texts(31, 12)));
  }

  private static Report report() {
    String[] first = {"bank", "hotel", "taxi"};
    return report("acme@7", 210, c -> c >= 130 ? "pharmacy" : first[c % 3]);
  }

  private Path write(Report report) throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, report.html());
    return file;
  }

  @Test
  void curveDomainsAndMemory() {
    ParsedReport page = ParsedReport.of(report().html());
    page.assertNeedsNothingElse();
    JsonNode report = page.data().path("report");
    assertThat(report.path("model").asString()).isEqualTo("acme@7");
    assertThat(report.path("curve").size()).isEqualTo(9);
    assertThat(report.at("/curve/0/net").asDouble()).isNegative();
    assertThat(report.path("domains").toString())
        .isEqualTo("{\"bank\":0,\"hotel\":1,\"taxi\":2,\"pharmacy\":130}");
    assertThat(report.at("/memory/texts/to_all").asInt()).isEqualTo(31);
  }

  @Test
  void namesAreTextAndNeverMarkup() {
    ParsedReport page = ParsedReport.of(report(HOSTILE, 30, c -> HOSTILE).html());
    page.assertNeedsNothingElse();
    assertThat(page.data().at("/report/domains").propertyNames()).containsExactly(HOSTILE);
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsThePage() throws IOException {
    DrawnReport.check(
        write(report()),
        SECTIONS,
        page -> {
          assertThat(page.title()).isEqualTo("acme@7 · replay");
          assertThat(page.locator(".status").textContent())
              .contains("210 conversations · 420 replies");
          assertThat(page.locator("[data-id=curve] .plot canvas").count()).isEqualTo(3);
          assertThat(page.locator("[data-id=curve] h3").allTextContents())
              .containsExactly("Time saved", "Whole replies alone", "Texts shown");
          assertThat(page.locator(".tile").allInnerTexts())
              .anyMatch(tile -> tile.startsWith("Net at the end\n"))
              .anyMatch(tile -> tile.contains("texts for all agents: 31"));
          assertThat(page.locator("[data-id=curve] details").last().textContent())
              .contains("pharmacy130");
        });
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsOnePointWithoutDomainsAndHostileNames() throws IOException {
    DrawnReport.check(
        write(report("acme@7", 3, c -> null)),
        SECTIONS,
        page -> {
          assertThat(page.locator("[data-id=curve] .hint").textContent())
              .doesNotContain("a domain appears");
          assertThat(page.locator("[data-id=curve] details").count()).isEqualTo(1);
        });
    DrawnReport.check(
        write(report(HOSTILE, 30, c -> HOSTILE)),
        SECTIONS,
        page -> assertThat(page.locator("h1").textContent()).isEqualTo(HOSTILE));
  }
}
