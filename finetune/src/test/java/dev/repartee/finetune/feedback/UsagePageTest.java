package dev.repartee.finetune.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewPageOptions;
import com.microsoft.playwright.Page;
import dev.repartee.finetune.testing.Replies;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.testing.Chromium;
import dev.repartee.text.testing.DrawnReport;
import dev.repartee.text.testing.ParsedReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page for supervisors shows. */
class UsagePageTest {

  private static final String HOSTILE = "</script><img src=x onerror=y>&'";

  private static final List<String> SECTIONS =
      List.of(
          "Key figures",
          "Week by week",
          "By queue",
          "By version",
          "Agents",
          "Replies typed often that could become answers",
          "Answers never used",
          "Counted");

  @TempDir private Path folder;

  private static UsageReport threeWeeks() {
    Tallies tallies = new Tallies();
    for (int day = 0; day < 21; day++) {
      for (String line : Replies.ofADay(day, 60)) {
        tallies.add(Replies.read(line), Replies.MONDAY.plusDays(day));
      }
    }
    return UsageReport.of(tallies, Optional.empty());
  }

  /**
   * As in a center that begins: every other reply has a suggestion, and two in five of these are
   * sent.
   */
  private static UsageReport eightWeeks() {
    Tallies tallies = new Tallies();
    for (int day = 0; day < 56; day++) {
      List<String> lines = Replies.ofADay(day, 600);
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i);
        boolean taken = line.contains("\"accepted\":0");
        if (!taken && i % 2 == 0) {
          line =
              line.replace(
                      "\"shown\":[",
                      "\"shown\":[{\"kind\":\"answer\",\"id\":\"a-2\",\"text\":\"Hi\"}")
                  .replace(
                      "\"actions\":[",
                      "\"actions\":["
                          + "{\"action\":\"displayed\",\"at_ms\":0,\"for_ms\":900,\"id\":\"a-2\"},");
        }
        if (!taken || i % 6 == 0) {
          tallies.add(Replies.read(line), Replies.MONDAY.plusDays(day));
        }
      }
    }
    return UsageReport.of(tallies, Optional.empty());
  }

  private static UsageReport one() {
    Tallies tallies = new Tallies();
    tallies.add(
        Replies.read(Replies.typed("1", "c", "", HOSTILE, "Hello to you", 3)), Replies.MONDAY);
    return UsageReport.of(tallies, Optional.empty());
  }

  private Path write(UsageReport report) throws IOException {
    Path file = folder.resolve("report.html");
    AtomicFile.writeString(file, report.html());
    return file;
  }

  @Test
  void needsNothingElse() {
    for (UsageReport report : List.of(threeWeeks(), one())) {
      ParsedReport.of(report.html()).assertNeedsNothingElse();
    }
  }

  @Test
  @Tag("slow")
  void isTakenForTheDocuments() throws IOException {
    try (Chromium chromium = Chromium.start();
        Page page = chromium.browser().newPage(new NewPageOptions().setViewportSize(1280, 900))) {
      page.navigate(write(eightWeeks()).toUri().toString());
      assertThat(page.locator(".plot canvas").first().isVisible()).isTrue();
      Chromium.picture(page, "usage");
    }
  }

  @Test
  @Tag("slow")
  void aBrowserDrawsThePage() throws IOException {
    DrawnReport.check(
        write(threeWeeks()),
        SECTIONS,
        page -> {
          assertThat(page.locator(".status").textContent()).contains("1,260 replies");
          assertThat(page.locator(".plot canvas").count()).isEqualTo(3);
        });
  }
}
