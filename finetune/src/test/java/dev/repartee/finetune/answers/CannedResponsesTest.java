package dev.repartee.finetune.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Made-up canned responses, in the JSON that the documentation of each desk's API describes. */
class CannedResponsesTest {

  @TempDir private Path folder;

  private static Path sample(String format) {
    try {
      return Path.of(CannedResponsesTest.class.getResource(format + ".json").toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private CommandRun run(Object... arguments) {
    return CommandRun.of(
        new AnswersCommand(), "import", "--output", folder.resolve("o"), arguments);
  }

  private List<Entry> imported(CommandRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
    return AnswerLibraryFile.read(folder.resolve("o/library.json")).entries();
  }

  @Test
  void whatIsLeftOutIsCountedAndNamedWithItsReason() {
    String file = sample("zendesk").toString();
    CommandRun run = run("--canned", file, "--no-json");
    assertThat(run.out().lines())
        .startsWith(
            file + ": zendesk, 3 of 8 canned responses imported",
            "  left out   1 has no text",
            "  left out   1 has {% if ticket.via == 'chat' %}, which no placeholder stands for",
            "  left out   1 has {{dc.opening_hours}}, which no placeholder stands for",
            "  left out   1 is an internal note",
            "  left out   1 is not active",
            folder.resolve("o/library.json") + ": entries 3, never phrases 0");
    JsonNode out = run("--canned", file, "--json").json().path("left_out");
    assertThat(out).hasSize(5);
    assertThat(out.valueStream())
        .extracting(one -> one.path("title").asString(), one -> one.path("reason").asString())
        .contains(
            tuple("Summer sale", "is not active"),
            tuple("Hours", reasonOf("{{dc.opening_hours}}")));
  }

  private static String reasonOf(String placeholder) {
    return "has " + placeholder + ", which no placeholder stands for";
  }

  /** Nothing is shown with a desk's braces. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Dear {{contact.last_name}}; {{contact.last_name}}",
        "A {{ b; {{ b",
        "A }} b; }",
        "{\"json\": 1}; {\"json\": 1}",
        "{Contact}; {Contact}",
      })
  void textsWithOtherBracesAreLeftOut(String text, String named) throws IOException {
    Path file = folder.resolve("canned.json");
    Files.writeString(
        file,
        "[{\"id\": 1, \"short_code\": \"x\", \"content\": \"%s\"}]"
            .formatted(text.replace("\"", "\\\"")));
    CommandRun run = run("--canned", file.toString(), "--no-json");
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).contains("0 of 1", "left out   1 " + reasonOf(named));
  }

  /** The library that a test of the service suggests from. */
  @Test
  void fiveDesksMakeOneLibrary() {
    List<String> arguments = new ArrayList<>(List.of("--no-json"));
    for (String format : List.of("chatwoot", "zendesk", "intercom", "zammad", "rocketchat")) {
      arguments.addAll(List.of("--canned", sample(format).toString()));
    }
    assertThat(imported(run(arguments))).hasSize(11);
    assertThat(folder.resolve("o/library.json"))
        .hasSameTextualContentAs(
            Repository.file(
                "serving/src/test/resources/dev/repartee/serving/assist/canned-library.json"));
  }

  @Test
  void whatIsNotRecognisedSaysWhatIs() throws IOException {
    Path csv = Files.writeString(folder.resolve("a.csv"), "id,text\na,b\n");
    assertThat(run("--canned", csv.toString()).err())
        .contains("a.csv:1: not JSON", "; a table is read with --csv");
    String json = sample("zendesk").toString();
    assertThat(run("--csv", json).err()).contains(json + ": JSON, no table", "--canned");
    Path other = Files.writeString(folder.resolve("b.json"), "[{\"id\": 1, \"body\": \"x\"}]");
    assertThat(run("--canned", other.toString()).err())
        .contains("b.json: no canned responses", "chatwoot (short_code, content)", "rocketchat");
    Path twice =
        Files.writeString(
            folder.resolve("c.json"),
            "[{\"id\": 1, \"short_code\": \"x\", \"content\": \"y\"},"
                + " {\"id\": 1, \"short_code\": \"z\", \"content\": \"y\"}]");
    assertThat(run("--canned", twice.toString()).err())
        .contains("c.json: id 'chatwoot-1' is already in " + twice + ", x; remove one");
    assertThat(folder.resolve("o")).doesNotExist();
  }
}
