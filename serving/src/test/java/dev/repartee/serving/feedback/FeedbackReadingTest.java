package dev.repartee.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.serving.feedback.FeedbackRequest.FeedbackAction;
import dev.repartee.serving.http.JsonSchema;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import dev.repartee.text.privacy.ConversationRedactor;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What training needs of the stored lines. */
class FeedbackReadingTest {

  private static FeedbackRecord record(String json) {
    return JsonSchema.read(Json.COMPACT.readTree(json), FeedbackRequest.class, new ArrayList<>())
        .redacted(
            "",
            Instant.parse("2026-01-31T10:00:00.123456Z"),
            new ConversationRedactor(),
            Runnable::run);
  }

  @Test
  void aLineHoldsWhatWasSentButNoPersonalData() {
    FeedbackRecord record =
        record(
            """
            {"id": "f.1", "conversation_id": "c-1", "model": {"name": "acme", "version": "7"},
             "shown": [{"kind": "answer", "id": "ok", "text": "Write to ann.lee@example.com"},
                       {"kind": "completion", "text": " you, Harold."}],
             "action": "edited", "accepted": 0,
             "final_text": "Hello Harold, write to ann.lee@example.com \\ud83d\\ude00 \\ud83d",
             "characters_typed": 16, "more": "is ignored"}
            """);
    String line = new String(record.json(), StandardCharsets.UTF_8);
    assertThat(line).doesNotContain("Harold").doesNotContain("ann.lee").doesNotContain("\n");
    JsonNode json = Json.COMPACT.readTree(line);
    assertThat(json.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "time",
            "model",
            "conversation_id",
            "shown",
            "action",
            "accepted",
            "final_text",
            "characters_typed",
            "final_characters",
            "saved");
    assertThat(json.path("time").asString()).isEqualTo("2026-01-31T10:00:00.123Z");
    assertThat(json.at("/shown/0/text").asString()).isEqualTo("Write to {email}");
    assertThat(json.at("/shown/1/id").isNull()).isTrue();
    assertThat(json.path("final_text").asString()).startsWith("Hello {customer_name}, ");
    assertThat(json.path("final_text").asString()).endsWith("\ud83d\ude00 \ufffd");
    // Of the reply as it was sent, in code points.
    assertThat(json.path("final_characters").asInt()).isEqualTo(46);
    assertThat(json.path("saved").asInt()).isEqualTo(46 - 16 - 1);
    FeedbackRecord again = FeedbackRecord.parse(record.json());
    assertThat(again.shown()).isEqualTo(record.shown());
    assertThat(again.accepted()).hasValue(0);
  }

  @Test
  void whatNoSuggestionWasUsedForCostsNoAction() {
    assertThat(FeedbackRequest.saved(FeedbackAction.DISMISSED, 10, 10)).isZero();
    assertThat(FeedbackRequest.saved(FeedbackAction.ACCEPTED, 10, 0)).isEqualTo(9);
    assertThat(FeedbackRequest.saved(FeedbackAction.EDITED, 10, 12)).isEqualTo(-3);
  }

  @Test
  void ofALongContextTheEndIsLearnedAndNothingIsCutInHalf() {
    String last = "b".repeat(3000);
    assertThat(latest("a".repeat(2000) + "c".repeat(1000), last))
        .containsExactly("c".repeat(1000), last);
    String rest = "c".repeat(3990);
    assertThat(latest("Hi {customer_name}" + rest)).containsExactly(rest);
    assertThat(latest("{" + rest + rest)).containsExactly(("{" + rest + rest).substring(3981));
    assertThat(latest("\ud83d\ude00" + "c".repeat(3999))).containsExactly("c".repeat(3999));
  }

  private static List<String> latest(String... texts) {
    return TypedRecorder.latest(Stream.of(texts).map(Message::customer).toList()).stream()
        .map(Message::text)
        .toList();
  }
}
