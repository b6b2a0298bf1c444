package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import dev.repartee.finetune.metric.FrequentReplies;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.testing.DrawnReport;
import dev.repartee.text.testing.ParsedReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the page of an evaluation shows. */
class EvaluationPageTest {

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=y>&'\"";

  @TempDir private Path folder;

  /** {@code count} conversations of {@code agent}, which differ in one word. */
  private Path conversations(int count, String agent, String domain) {
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
    Path file = folder.resolve(count + "-" + domain.length() + ".jsonl");
    ConversationWriter.write(file, conversations);
    return file;
  }

  /** The page of a model that knows the most frequent replies. */
  private Path page(Path test, String... more) {
    Path training = conversations(40, "a", "shop");
    Path output = folder.resolve("output");
    CommandRun run =
        CommandRun.of(
            new EvaluateCommand(
                (_, _) -> new FrequentReplies(ConversationReader.readAll(List.of(training)))),
            "--model=" + folder,
            "--conversations=" + test,
            "--output=" + output,
            more);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return output.resolve("report.html");
  }

  private Path besideBaselines() {
    Path training = conversations(40, "a", "shop");
    return page(
        conversations(20, "agent-1", "bank"),
        "--train=" + training,
        "--validation=" + conversations(10, "a", "shops"),
        "--compare=" + folder);
  }

  @Test
  void theDataAreThoseOfTheFileAndNeedNothingElse() throws IOException {
    ParsedReport page = ParsedReport.of(Files.readString(besideBaselines()));
    page.assertNeedsNothingElse();
    JsonNode data = page.data();
    assertThat(data.path("conversations").asInt()).isEqualTo(20);
    assertThat(data.at("/rules/net/saved").isNumber()).isTrue();
    assertThat(data.path("baselines").propertyNames()).containsExactly("words+knn", "words+knn-3");
    assertThat(data.path("breakdown").propertyNames())
        .containsExactly("rule", "agents", "domains", "lengths", "places");
    assertThat(data.has("counts")).isFalse();
  }

  @Test
  void namesAreTextAndNeverMarkup() throws IOException {
    ParsedReport page = ParsedReport.of(Files.readString(page(conversations(3, HOSTILE, HOSTILE))));
    page.assertNeedsNothingElse();
    assertThat(page.data().at("/breakdown/domains/0/name").asString()).isEqualTo(HOSTILE);
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsThePage() {
    DrawnReport.check(
        besideBaselines(),
        List.of("Verdict", "Key figures", "Time saved", "Differences", "Where it helps", "Setup"),
        EvaluationPageTest::check);
    DrawnReport.check(
        page(conversations(3, HOSTILE, HOSTILE)),
        List.of("Verdict", "Key figures", "Time saved", "Where it helps", "Setup"),
        page -> {
          assertThat(page.locator("[data-id=where]").textContent()).contains(HOSTILE);
          assertThat(page.locator("body").innerText()).doesNotContain("best baseline");
        });
  }

  private static void check(Page page) {
    assertThat(page.title()).endsWith(" · evaluation report");
    assertThat(page.locator("main > *").first().textContent())
        .contains("of the time saved; ", "Next: ", "points, 95%: ");
    assertThat(page.locator(".status").textContent()).contains("20 conversations · 40 replies");
    assertThat(page.locator(".tile").allInnerTexts())
        .anyMatch(tile -> tile.startsWith("Net time saved\n"))
        .anyMatch(tile -> tile.startsWith("Times the best baseline\n"));
    assertThat(page.locator("[data-id=saved] figure h3").allTextContents())
        .containsExactly("net", "steady");
    assertThat(page.locator("[data-id=saved] figure").first().locator("tbody th").count())
        .isEqualTo(5);
    assertThat(page.locator("[data-id=differences] .pill").count()).isEqualTo(8);
    assertThat(page.locator("[data-id=where] h3").allTextContents())
        .containsExactly("Length of the reply", "Queue", "Agent");
  }
}
