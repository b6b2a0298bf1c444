package dev.repartee.text.conversation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PublicFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QualityTest {

  @TempDir private Path folder;

  private static Conversation conversation(
      Optional<Instant> startedAt, Double rating, Boolean resolved, String startedOn) {
    return new Conversation(
        "c",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        startedAt,
        new Quality(
            Optional.ofNullable(rating),
            Optional.ofNullable(resolved),
            Optional.ofNullable(startedOn).map(LocalDate::parse)),
        List.of(Message.agent("Hello")));
  }

  /** In eighths; the conversation is of the 29th day of the one agent and the 28th of the other. */
  @ParameterizedTest
  @CsvSource({
    ",,,8,false",
    "1,,,16,true",
    "0.75,,,16,true",
    "0.5,,,8,true",
    "0.25,,,4,true",
    ",true,,16,true",
    ",false,,4,true",
    "1,true,,32,true",
    "0,false,,2,true",
    "1,false,,8,true",
    ",,2026-03-01,8,true",
    ",,2026-03-02,4,true",
    "0,false,2026-03-02,1,true",
    "1,true,2026-03-02,16,true",
    ",,2026-04-02,8,true"
  })
  void aConversationWeighsByWhatIsKnown(
      Double rating, Boolean resolved, String startedOn, int weight, boolean known) {
    Conversation one =
        conversation(
            Optional.of(Instant.parse("2026-03-29T12:00:00Z")), rating, resolved, startedOn);
    assertThat(Quality.weight(one)).isEqualTo(weight);
    assertThat(Quality.isPoor(one)).isEqualTo(weight < Quality.NEUTRAL);
    assertThat(Quality.isKnown(one)).isEqualTo(known);
    assertThat(
            Quality.weight(new ConversationRedactor(PublicFacts.NONE).redact(one).conversation()))
        .as("redacted")
        .isEqualTo(weight);
  }

  @Test
  void aFirstDayWithoutTheConversationsTimeSaysNothing() {
    Conversation one = conversation(Optional.empty(), null, null, "2026-03-02");
    assertThat(Quality.isKnown(one)).isFalse();
    assertThat(Quality.weight(one)).isEqualTo(Quality.NEUTRAL);
  }

  @Test
  void jsonLinesKeepIt() throws IOException {
    Path file = folder.resolve("c.jsonl");
    Conversation one = conversation(Optional.empty(), 0.75, false, "2026-01-31");
    ConversationWriter.write(file, List.of(one));
    assertThat(file)
        .content()
        .contains("\"rating\":0.75,\"resolved\":false,\"started_on\":\"2026-01-31\"");
    assertThat(ConversationReader.readAll(List.of(file))).containsExactly(one);
    ConversationWriter.write(file, List.of(one.withQuality(Quality.UNKNOWN)));
    assertThat(file).content().doesNotContain("rating", "resolved", "started_on");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"rating\": 4 | rating must be from 0 to 1 but is 4.0",
        "\"rating\": \"good\" | rating must be a number from 0 to 1 but is a string",
        "\"resolved\": \"yes\" | resolved must be true or false but is a string",
        "\"started_on\": \"31.1.\" | started_on must be a day such as 2026-01-31 but is '31.1.'"
      })
  void aBadFieldOfALineIsNamed(String field, String problem) throws IOException {
    Path file = folder.resolve("c.jsonl");
    Files.writeString(file, "\n{\"id\": \"c\", " + field + ", \"messages\": []}\n");
    assertThatThrownBy(() -> ConversationReader.readAll(List.of(file)))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(file + ":2: " + problem);
  }

  @Test
  void csvHasTheColumns() throws IOException {
    Path file = folder.resolve("c.csv");
    String header = "conversation_id,timestamp,role,text,rating,resolved,started_on\n";
    Files.writeString(
        file,
        header
            + "c,2026-03-29T12:00:00Z,customer,Hi,,,\n"
            + "c,2026-03-29T12:01:00Z,agent,Hello,0.75,TRUE,2026-01-31\n");
    assertThat(ConversationReader.readAll(List.of(file)).getFirst().quality())
        .isEqualTo(
            new Quality(
                Optional.of(0.75), Optional.of(true), Optional.of(LocalDate.parse("2026-01-31"))));
    Files.writeString(
        file, header + "c,1,agent,Hello,5,,\n" + "d,1,agent,Hi,,perhaps,\n" + "e,1,agent,Hi,,,x\n");
    assertThatThrownBy(() -> ConversationReader.readAll(List.of(file)))
        .isInstanceOf(UserException.class)
        .hasMessageContainingAll(
            "c.csv:2: rating must be on the scale 0-1 but is 5",
            "c.csv:3: resolved must be",
            "c.csv:4: started_on must be a day such as 2026-01-31");
  }
}
