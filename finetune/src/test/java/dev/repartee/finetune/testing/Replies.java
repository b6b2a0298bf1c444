package dev.repartee.finetune.testing;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lines of feedback for tests, as services store them. */
public final class Replies {

  public static final LocalDate MONDAY = LocalDate.parse("2026-03-02");

  private Replies() {}

  /**
   * A reply that was typed, with nothing on the screen.
   *
   * @param seconds that it took
   */
  public static String typed(
      String id, String conversation, String agent, String queue, String text, int seconds) {
    return """
    {"id":"%s","time":"2026-03-02T10:00:00.000Z","model":{"name":"acme","version":"7"},\
    "conversation_id":"%s","shown":[],"action":"dismissed","accepted":null,"final_text":"%s",\
    "characters_typed":%d,"final_characters":%d,"saved":0,%s\
    "events":{"queue":"%s","actions":[{"action":"typed","at_ms":0,"for_ms":%d,"characters":%d},\
    {"action":"sent","at_ms":%d}]}}\
    """
        .formatted(
            id,
            conversation,
            text,
            text.length(),
            text.length(),
            agent.isEmpty() ? "" : "\"agent\":\"%s\",".formatted(agent),
            queue,
            1000 * seconds,
            text.length(),
            1000 * seconds);
  }

  /** A reply that was chosen as it stood. */
  public static String chosen(
      String id, String conversation, String agent, String queue, String text, int seconds) {
    return """
    {"id":"%s","time":"2026-03-02T10:00:00.000Z","model":{"name":"acme","version":"8"},\
    "conversation_id":"%s","shown":[{"kind":"answer","id":"a-1","text":"%s"}],\
    "action":"accepted","accepted":0,"final_text":"%s","characters_typed":0,\
    "final_characters":%d,"saved":%d,%s\
    "events":{"queue":"%s","actions":[{"action":"displayed","at_ms":0,"for_ms":900,"id":"a-1"},\
    {"action":"displayed","at_ms":0,"for_ms":900,"id":"a-2"},\
    {"action":"chosen","at_ms":%d,"id":"a-1"},{"action":"sent","at_ms":%d}]}}\
    """
        .formatted(
            id,
            conversation,
            text,
            text,
            text.length(),
            text.length() - 1,
            agent.isEmpty() ? "" : "\"agent\":\"%s\",".formatted(agent),
            queue,
            1000 * seconds,
            1000 * seconds);
  }

  public static FeedbackRecord read(String line) {
    return Json.COMPACT.readValue(line, FeedbackRecord.class);
  }

  /** Replies of forty agents in four weeks, the same for the same seed. */
  public static List<String> ofADay(int day, int count) {
    Random random = new Random(day);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int agent = random.nextInt(day < 7 ? 25 : 40);
      String id = "f-" + day + "-" + i;
      String conversation = "c-" + day + "-" + i / 4;
      String queue = agent % 3 == 0 ? "returns" : "billing";
      String text = "Your parcel number " + random.nextInt(30) + " is on its way.";
      int seconds = 2 + random.nextInt(8);
      lines.add(
          random.nextInt(3) == 0
              ? typed(id, conversation, "h-" + agent, queue, text, seconds + 6)
              : chosen(id, conversation, "h-" + agent, queue, text, seconds));
    }
    return lines;
  }

  /** Stores lines of a day, counted from {@link #MONDAY}. */
  public static void store(Path folder, int day, String segment, List<String> lines) {
    store(folder, MONDAY.plusDays(day), segment, lines);
  }

  /** Stores lines of a day. */
  public static void store(Path folder, LocalDate day, String segment, List<String> lines) {
    try (ObjectStore store = new LocalObjectStore(folder)) {
      store.put(
          FeedbackLog.key("acme", day, segment),
          (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8),
          Precondition.absent());
    }
  }
}
