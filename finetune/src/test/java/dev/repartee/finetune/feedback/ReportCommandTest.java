package dev.repartee.finetune.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.Replies;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ReportCommandTest {

  @TempDir private Path folder;

  private CommandRun report(String... args) {
    return CommandRun.of(new Main(), "report", args);
  }

  private JsonNode counted(String... args) {
    CommandRun run = report(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  private String store() {
    return folder.resolve("store").toString();
  }

  private void threeWeeks() {
    for (int day = 0; day < 21; day++) {
      List<String> lines = Replies.ofADay(day, 60);
      Replies.store(folder.resolve("store"), day, "1-a", lines.subList(0, 40));
      Replies.store(folder.resolve("store"), day, "2-b", lines.subList(40, 60));
    }
  }

  @Test
  void figuresOfAFewReplies() {
    String text = "Your parcel is on its way."; // 26 characters
    Replies.store(
        folder.resolve("store"),
        0,
        "1-a",
        List.of(
            Replies.typed("1", "c-1", "", "billing", text, 9),
            Replies.chosen("2", "c-2", "", "billing", text, 3),
            Replies.chosen("2", "c-2", "", "billing", text, 3),
            Replies.chosen("3", "c-3", "", "", text, 4)
                .replace("accepted\",\"acc", "edited\",\"acc"),
            "no feedback",
            "null",
            "{\"id\":\"4\"}"));
    JsonNode report = counted("--feedback", store());
    assertThat(report.path("repeats").asInt()).isOne();
    assertThat(report.path("unreadable").asInt()).isEqualTo(3);
    assertThat(report.path("first").asString()).isEqualTo("2026-03-02");
    JsonNode all = report.path("all");
    assertThat(all.path("replies").asInt()).isEqualTo(3);
    assertThat(all.path("assisted").asDouble()).isEqualTo(200 / 3.0, within(1e-9));
    assertThat(all.path("adoption").asDouble()).isEqualTo(100);
    assertThat(report.at("/ci95/adoption").isNull()).as("of two conversations").isTrue();
    assertThat(all.path("edited").asDouble()).isEqualTo(50);
    assertThat(all.path("typed_text_saved").asDouble()).isEqualTo(100 * 50 / 78.0, within(1e-9));
    // Typed, two actions for each of two texts taken, 1.5 for each of four displays.
    assertThat(all.path("net").asDouble()).isEqualTo(100 * (1 - (26 + 4 + 6) / 78.0), within(1e-9));
    assertThat(all.path("composing_seconds").asDouble()).isEqualTo((9 + 3 + 4) / 3.0, within(1e-9));
    assertThat(report.path("weeks").size()).isOne();
    assertThat(report.at("/queues/0/name").asString()).isEmpty();
    assertThat(report.at("/versions/1/name").asString()).isEqualTo("acme@8");
    assertThat(report.path("agents").isNull()).isTrue();
  }

  @Test
  void threadsCountWhatTheyReadInAnyOrder() throws IOException {
    threeWeeks();
    JsonNode report =
        counted("--feedback", store(), "--output", folder.resolve("usage").toString());
    assertThat(report.at("/all/replies").asInt()).isEqualTo(1260);
    assertThat(report.path("weeks").valueStream().map(row -> row.at("/figures/replies").asInt()))
        .containsExactly(420, 420, 420);
    assertThat(counted("--feedback", store())).isEqualTo(report);
    assertThat(Json.readFile(folder.resolve("usage").resolve(ReportCommand.REPORT)))
        .isEqualTo(report);
  }

  @Test
  void agentsAreShownInGroupsOfTenAndMoreOnly() {
    threeWeeks();
    JsonNode report = counted("--feedback", store());
    assertThat(report.at("/agents/known").asInt()).isEqualTo(40);
    assertThat(report.at("/agents/groups").size()).isEqualTo(4);
    assertThat(report.at("/agents/groups").valueStream().map(row -> row.path("name").asString()))
        .containsOnly("10 agents");
    assertThat(report.toString()).doesNotContain("\"h-");
  }

  @Test
  void queuesOfFewAgentsAreShownTogether() {
    List<String> lines = new ArrayList<>();
    for (int agent = 0; agent < 24; agent++) {
      // One with twelve agents, three with four each.
      String queue = agent < 12 ? "large" : "small-" + agent % 3;
      lines.add(Replies.typed("f-" + agent, "c-" + agent, "h-" + agent, queue, "Hello you", 3));
    }
    Replies.store(folder.resolve("store"), 0, "1-a", lines);
    JsonNode report = counted("--feedback", store());
    assertThat(report.path("queues").size()).isOne();
    assertThat(report.at("/queues/0/name").asString()).isEqualTo("large");
    assertThat(report.at("/other_queues/name").asString()).isEqualTo("3 queues together");
    assertThat(report.at("/other_queues/figures/replies").asInt()).isEqualTo(12);
  }

  /** What a row leaves out must not follow from all less the other rows. */
  @Test
  void noRowsLessOthersAreOfFewAgents() {
    List<String> lines = new ArrayList<>();
    for (int agent = 0; agent < 25; agent++) {
      String queue = agent < 10 ? "small" : agent < 24 ? "large" : "alone";
      lines.add(Replies.typed("f-" + agent, "c-" + agent, "h-" + agent, queue, "Hello you", 3));
    }
    lines.add(Replies.typed("f-u", "c-u", "", "unknown", "Hello you", 3));
    Replies.store(folder.resolve("store"), 0, "1-a", lines);
    Replies.store(folder.resolve("store"), 7, "2-b", lines.subList(0, 12));
    Replies.store(
        folder.resolve("store"),
        14,
        "3-c",
        List.of(
            Replies.chosen("g-1", "c-1", "h-1", "large", "Hello you", 3),
            Replies.typed("g-2", "c-2", "h-1", "large", "Hello you", 3)));
    Replies.store(
        folder.resolve("store"),
        21,
        "4-d",
        List.of(Replies.typed("g-3", "c-3", "", "unknown", "Hello you", 3)));
    JsonNode report = counted("--feedback", store());
    assertThat(report.path("queues").valueStream().map(row -> row.path("name").asString()))
        .containsExactly("large", "unknown");
    assertThat(report.at("/other_queues/name").asString()).isEqualTo("2 queues together");
    // The third week is of one agent, and the second of fewer than the first.
    assertThat(report.path("weeks").valueStream().map(row -> row.at("/figures/replies").asInt()))
        .containsExactly(26, 12, 2, 1);
    assertThat(report.path("weeks").valueStream().map(row -> row.at("/figures/timed").asInt()))
        .containsExactly(26, 0, 0, 1);
    for (String row : List.of("/weeks/1", "/weeks/2", "/versions/0", "/versions/1")) {
      JsonNode figures = report.at(row + "/figures");
      assertThat(figures.path("composing_seconds").isNull()).as(row).isTrue();
      assertThat(figures.path("composing_seconds_per_100_characters").isNull()).as(row).isTrue();
      assertThat(figures.path("typed_text_saved").isNumber()).as(row).isTrue();
    }
    assertThat(report.at("/weeks/0/figures/composing_seconds").asDouble()).isEqualTo(3);
  }

  @Test
  void noQueueIsShownWhereAllKnownAgentsAreFew() {
    Replies.store(
        folder.resolve("store"),
        0,
        "1-a",
        List.of(
            Replies.typed("1", "c-1", "h-1", "alone", "Hello you", 3),
            Replies.typed("2", "c-2", "", "unknown", "Hello you", 4)));
    JsonNode report = counted("--feedback", store());
    assertThat(report.path("queues").isEmpty()).isTrue();
    assertThat(report.path("other_queues").isNull()).isTrue();
  }

  @Test
  void answersNeverUsedAreCountedBeforeTheListIsCut() {
    Replies.store(
        folder.resolve("store"),
        0,
        "1-a",
        List.of(Replies.typed("1", "c-1", "", "billing", "Hello you", 3)));
    Path library = folder.resolve("library");
    AnswerLibraryFile.write(
        library.resolve(AnswerLibraryFile.FILE),
        new AnswerLibrary(
            IntStream.range(0, 300)
                .mapToObj(i -> new Entry("a-" + i, "Answer number " + i))
                .toList(),
            List.of()));
    JsonNode answers =
        counted("--feedback", store(), "--answers", library.toString()).path("answers");
    assertThat(answers.path("unused").asInt()).isEqualTo(300);
    assertThat(answers.path("never_used").size()).isEqualTo(200);
  }

  @Test
  void whatSeveralAgentsTypeOftenCouldBecomeAnAnswer() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      lines.add(Replies.typed("a-" + i, "c-" + i, "h-" + i % 2, "q", "Please restart it!", 3));
      lines.add(Replies.typed("b-" + i, "c-" + i, "h-1", "q", "My own little text.", 3));
      lines.add(Replies.typed("d-" + i, "c-1", "h-" + i, "q", "In one conversation.", 3));
      lines.add(Replies.typed("e-" + i, "c-" + i, "", "q", "please wait, a moment", 3));
      lines.add(Replies.typed("g-" + i, "c-" + i, "h-" + i, "q", "Known in the library.", 3));
      lines.add(Replies.chosen("h-" + i, "c-" + i, "h-" + i, "q", "Taken as it stood.", 3));
    }
    lines.add(Replies.typed("e-9", "c-9", "", "q", "Please wait a moment.", 3));
    Replies.store(folder.resolve("store"), 0, "1-a", lines);
    Path library = Files.createDirectories(folder.resolve("library"));
    AnswerLibraryFile.write(
        library.resolve(AnswerLibraryFile.FILE),
        new AnswerLibrary(
            List.of(
                new Entry("a-1", "Taken as it stood."),
                new Entry("a-2", "Shown and never used"),
                new Entry("a-3", "known in the library")),
            List.of()));
    JsonNode report = counted("--feedback", store(), "--answers", library.toString());
    assertThat(report.path("typed_often").valueStream().map(one -> one.path("text").asString()))
        .containsExactly("Please wait a moment.", "Please restart it!");
    assertThat(report.at("/typed_often/0/replies").asInt()).isEqualTo(6);
    assertThat(report.at("/answers/entries").asInt()).isEqualTo(3);
    assertThat(report.at("/answers/never_used").toString())
        .isEqualTo(
            "[{\"id\":\"a-2\",\"text\":\"Shown and never used\",\"displayed\":5},"
                + "{\"id\":\"a-3\",\"text\":\"known in the library\",\"displayed\":0}]");
  }

  @Test
  void wrongUsageIsExplained() {
    assertThat(report().exitCode()).isEqualTo(2);
    CommandRun none = report("--feedback", store());
    assertThat(none.exitCode()).isOne();
    assertThat(none.err()).contains("no feedback there; a service moves its first");
  }
}
