package dev.repartee.registry.knowledge;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Message.MessageJson;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Feedback of a store, as services write it, for tests. */
public final class TypedFeedback {

  /** The model whose feedback it is. */
  public static final String MODEL = "acme";

  /** What customers said before each reply. */
  public static final List<Message> CONTEXT = List.of(Message.customer("is the order here?"));

  private final ObjectStore store;
  private final Instant now;

  /**
   * @param now when replies are typed
   */
  public TypedFeedback(ObjectStore store, Instant now) {
    this.store = store;
    this.now = now;
  }

  /**
   * A reply that somebody typed.
   *
   * @param caller empty without authentication
   * @param agent hash of the id; empty where the agent is not known
   */
  public static FeedbackRecord reply(
      String id, Instant time, String caller, String agent, Reply reply) {
    Optional<String> known = Optional.of(agent).filter(one -> !one.isEmpty());
    List<MessageJson> context = CONTEXT.stream().map(MessageJson::of).toList();
    return new FeedbackRecord(
        id,
        Optional.of(caller).filter(one -> !one.isEmpty()),
        time.toString(),
        new VersionName(MODEL, "1"),
        Optional.empty(),
        reply.conversation(),
        List.of(),
        "dismissed",
        Optional.empty(),
        reply.text(),
        reply.text().length(),
        reply.text().length(),
        0,
        Optional.of(new Typed(known, context, reply.text())),
        known,
        Optional.empty());
  }

  /** A text, and the conversation that it was typed in. */
  public record Reply(String conversation, String text) {}

  /** Has each of these agents type the text, each time in another conversation. */
  public void type(String text, String... agents) {
    write(
        Arrays.stream(agents)
            .map(
                agent -> {
                  String id = UUID.randomUUID().toString();
                  return reply(id, now, "", agent, new Reply("c-" + id, text));
                })
            .toList());
  }

  /** Stores records as one object of the day. */
  public void write(List<FeedbackRecord> records) {
    ByteArrayOutputStream lines = new ByteArrayOutputStream();
    for (FeedbackRecord record : records) {
      lines.writeBytes(record.json());
      lines.write('\n');
    }
    write(lines.toByteArray());
  }

  /** Stores lines as one object of the day. */
  public void write(byte[] lines) {
    store.put(
        FeedbackLog.key(MODEL, FeedbackLog.day(now), UUID.randomUUID().toString()),
        lines,
        Precondition.absent());
  }

  /** Deletes all, as a service does when it becomes too old. */
  public void delete() {
    for (FeedbackLog.Segment segment : new FeedbackLog(store).segments(MODEL)) {
      store.deleteIfUnchanged(segment.object());
    }
  }
}
