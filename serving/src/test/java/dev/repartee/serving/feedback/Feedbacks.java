package dev.repartee.serving.feedback;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.serving.feedback.FeedbackRequest.FeedbackAction;
import dev.repartee.text.privacy.ConversationRedactor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Feedback to send, and the feedback found in a store. */
public final class Feedbacks {

  /** Seals only at a stop, and retries fast. */
  static final FeedbackOptions OPTIONS =
      new FeedbackOptions(
          1 << 20,
          1000,
          Duration.ofHours(1),
          Duration.ofMillis(10),
          Duration.ofSeconds(20),
          false,
          false);

  /** As a service has them without options. */
  public static final FeedbackOptions IN_SERVICE =
      FeedbackOptions.of(FeedbackOptions.SEGMENT_AGE, false, false);

  private Feedbacks() {}

  /** How the reply of {@link #body} came about, as it is stored. */
  public static final String EVENTS =
      "{\"suggestions_id\":\"s-1\",\"queue\":\"billing\",\"actions\":["
          + "{\"action\":\"displayed\",\"at_ms\":200,\"for_ms\":1300,\"characters\":6,"
          + "\"kind\":\"answer\",\"id\":\"hello\",\"p\":0.75,\"policy\":\"calm\","
          + "\"typed_through\":false},"
          + "{\"action\":\"chosen\",\"at_ms\":1500,\"characters\":6,\"kind\":\"answer\","
          + "\"id\":\"hello\"},"
          + "{\"action\":\"sent\",\"at_ms\":2100,\"characters\":6}]}";

  /** A request's body. */
  public static String body(String id) {
    return body(id, "Hello!");
  }

  /** A request's body with this reply. */
  public static String body(String id, String text) {
    return """
    {"id": "%s", "conversation_id": "c-1", "model": {"name": "acme", "version": "7"},
     "shown": [{"kind": "answer", "id": "hello", "text": "Hello!"}],
     "action": "accepted", "accepted": 0, "final_text": "%s", "characters_typed": 0,
     "events": %s}
    """
        .formatted(id, text, EVENTS);
  }

  static FeedbackRecord record(String id) {
    return record(id, "c-1", "Hello!", Instant.parse("2026-01-31T23:59:59Z"));
  }

  static FeedbackRecord record(String id, String conversation, String text, Instant time) {
    return new FeedbackRequest(
            id,
            conversation,
            Optional.empty(),
            new VersionName("acme", "7"),
            Optional.of(new VersionName("replies", "3")),
            List.of(),
            FeedbackAction.DISMISSED,
            Optional.empty(),
            text,
            text.length(),
            Optional.empty())
        .redacted("", time, new ConversationRedactor(), Runnable::run);
  }

  static FeedbackOptions sealingAfter(int records) {
    return sealingAfter(records, OPTIONS.maxBytes());
  }

  public static FeedbackOptions sealingAfter(int records, long maxBytes) {
    return new FeedbackOptions(
        maxBytes,
        records,
        OPTIONS.segmentAge(),
        OPTIONS.retry(),
        OPTIONS.patience(),
        OPTIONS.agentTiming(),
        false);
  }

  /** The keys of all feedback in a store. */
  public static List<String> keys(ObjectStore store) {
    try (Stream<StoredObject> objects = store.list(FeedbackLog.FOLDER)) {
      return objects.map(StoredObject::key).toList();
    }
  }

  /** Every line of all feedback in a store. */
  public static List<String> lines(ObjectStore store) {
    return keys(store).stream()
        .flatMap(key -> text(store, key).stream())
        .flatMap(String::lines)
        .toList();
  }

  /** The ids of all feedback in a store, as often as they are there. */
  public static List<String> ids(ObjectStore store) {
    return lines(store).stream()
        .map(line -> FeedbackRecord.parse(line.getBytes(StandardCharsets.UTF_8)).id())
        .toList();
  }

  /** The ids of all feedback in a store, as readers see it. */
  public static List<String> read(ObjectStore store) {
    List<String> ids = new ArrayList<>();
    new FeedbackReader(store, 1)
        .read(LocalDate.MIN, LocalDate.MAX, () -> (reply, _) -> ids.add(reply.id()), _ -> {});
    return ids;
  }

  /** Empty where a running service deleted the object after it was listed. */
  private static Optional<String> text(ObjectStore store, String key) {
    return store.readText(key).map(ObjectStore.StoredText::text);
  }
}
