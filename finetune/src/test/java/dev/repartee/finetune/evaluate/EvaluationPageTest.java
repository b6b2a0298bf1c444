package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.evaluate.EvaluationReport.Best;
import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.metric.EvaluationProgress;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** The page, as a browser parses it. */
class EvaluationPageTest {

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
    Measurement ours = measure(Baseline.KNN_LM5, training, test);
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
        Best.of(baselines, ours.evaluation()),
        Optional.of(Rival.of("acme@6", measure(Baseline.FREQ, training, test), ours)),
        evidence(ours),
        Optional.of(ours.counts()),
        Optional.of(ours.examples()));
  }

  private static Evidence evidence(Measurement measured) {
    return new Checked(
            measured, new CheckOptions.Found(Optional.empty(), Optional.empty()), Optional.empty())
        .evidence();
  }

  private static Document page(EvaluationReport report) {
    return Jsoup.parse(new EvaluationPage(report).html());
  }

  @Test
  void figuresRivalsCalibrationPartsAndExamples() {
    EvaluationReport report = report("acme@7", conversations(20, "agent-1", "bank"));
    Document page = page(report);
    assertThat(page.title()).isEqualTo("acme@7 · evaluation report");
    assertThat(page.select(".status").text()).contains("20 conversations · 40 replies");
    String saved = Bars.percent(report.evaluation().rules().get("whole10").saved());
    assertThat(page.select(".tile").eachText())
        .anyMatch(tile -> tile.startsWith("Typing saved, whole10 " + saved + " 95%: "))
        .anyMatch(tile -> tile.startsWith("Times the best baseline 1.00× "));
    assertThat(page.select("#saved ~ .charts figure h3").eachText())
        .containsExactly("whole10", "word4");
    assertThat(page.select("#saved ~ .charts figure").first().select("tbody th").eachText())
        .startsWith("acme@7", "acme@6", "freq most frequent replies");
    assertThat(page.select(".against[open] summary").eachText()).containsExactly("Against acme@6");
    assertThat(page.select(".against[open] .better")).isNotEmpty();
    assertThat(page.select("svg.reliability")).hasSize(2);
    assertThat(page.select("svg.reliability circle")).isNotEmpty();
    assertThat(page.select("#where ~ .charts h3").eachText())
        .containsExactly("Length of the reply", "Position in the conversation", "Domain", "Agent");
    assertThat(page.select("#speed ~ .scroll tbody th").eachText())
        .hasSize(6)
        .contains("Offer after a keystroke · acme@6");
    assertThat(page.select(".reply mark")).isNotEmpty();
    assertThat(page.select("#setup ~ .facts").text()).contains("test.jsonl", "train.jsonl", "calm");
  }

  /** What was typed and what was taken make up the reply. */
  @Test
  void anExampleShowsTheWholeReply() {
    EvaluationReport report = report("acme@7", conversations(20, "agent-1", "bank"));
    List<String> shown = page(report).select(".typing").eachText();
    report
        .examples()
        .orElseThrow()
        .most()
        .forEach(example -> assertThat(shown).anyMatch(text -> text.equals(example.reply())));
  }

  @Test
  void asksNoHostAndNamesAreSound() {
    Document page = page(report("acme@7", conversations(3, "agent-1", "bank")));
    assertThat(page.select("[src], [srcset], object, iframe, form")).isEmpty();
    assertThat(page.select("link, a").eachAttr("href")).allMatch(link -> link.equals("data:,"));
    page.select("style")
        .forEach(style -> assertThat(style.data()).doesNotContain("url(", "@import"));
    assertThat(page.select("meta[http-equiv=Content-Security-Policy]").attr("content"))
        .contains("default-src 'none'", "script-src 'sha256-");
    Set<String> ids = new HashSet<>();
    page.select("[id]").forEach(element -> assertThat(ids.add(element.id())).isTrue());
    assertThat(ids).containsAll(page.select("[aria-labelledby]").eachAttr("aria-labelledby"));
  }

  @Test
  void whatPeopleWroteIsTextAndNeverMarkup() {
    Conversation hostile =
        new Conversation(
            HOSTILE,
            Optional.of(HOSTILE),
            Optional.of(HOSTILE),
            List.of(Message.customer(HOSTILE), Message.agent(HOSTILE)));
    Document page = page(report(HOSTILE, List.of(hostile)));
    assertThat(page.select("img")).isEmpty();
    assertThat(page.select("script")).hasSize(2);
    assertThat(page.select(".typing").text()).contains("<img src=x onerror=y>");
    assertThat(page.select("h1").text()).isEqualTo(HOSTILE);
  }

  @Test
  void aModelAlone() {
    EvaluationReport full = report("acme@7", conversations(1, "agent-1", "bank"));
    Document page =
        page(
            new EvaluationReport(
                "acme@7",
                Optional.empty(),
                Optional.empty(),
                List.of("test.jsonl"),
                List.of(),
                full.evaluation(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                full.evidence(),
                Optional.empty(),
                Optional.empty()));
    assertThat(page.select("#differences, #examples, .against")).isEmpty();
    assertThat(page.select("#saved ~ .charts figure").first().select("tbody tr")).hasSize(1);
    assertThat(page.text()).doesNotContain("best baseline");
  }
}
