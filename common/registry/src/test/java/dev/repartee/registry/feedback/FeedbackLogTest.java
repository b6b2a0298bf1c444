package dev.repartee.registry.feedback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.feedback.FeedbackLog.ForgetRequest;
import dev.repartee.registry.feedback.FeedbackLog.ForgetResult;
import dev.repartee.registry.feedback.FeedbackLog.Loss;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FeedbackLogTest {

  private static final LocalDate DAY = LocalDate.parse("2026-03-01");

  @TempDir private Path folder;
  private final GcsFixture gcs = new GcsFixture();
  private ObjectStore store;

  @AfterEach
  void close() {
    gcs.close();
  }

  private void open(String where) {
    store = where.equals("cloud") ? gcs.store() : new LocalObjectStore(folder);
  }

  private void write(String segment, String... lines) {
    String text = String.join("\n", lines) + "\n";
    store.put(
        FeedbackLog.key("acme", DAY, segment),
        text.getBytes(StandardCharsets.UTF_8),
        Precondition.absent());
  }

  private List<String> lines(String segment) {
    return store
        .readText(FeedbackLog.key("acme", DAY, segment))
        .orElseThrow()
        .text()
        .lines()
        .toList();
  }

  private static String line(String id, String conversation) {
    return "{\"id\":\"%s\",\"conversation_id\":\"%s\",\"final_text\":\"é\"}"
        .formatted(id, conversation);
  }

  @ParameterizedTest
  @ValueSource(strings = {"folder", "cloud"})
  void whatIsForgottenIsTakenOutOfTheObjects(String where) {
    open(where);
    String typed = "{\"id\":\"t\",\"conversation_id\":\"c-3\",\"learn\":{\"agent\":\"h-1\"}}";
    String timed = "{\"id\":\"u\",\"conversation_id\":\"c-4\",\"agent\":\"h-1\"}";
    write("1-a", line("a", "c-1"), "no feedback", line("b", "c-2"), typed);
    write("2-b", line("c", "c-2"));
    write("3-c", line("d", "c-1"), timed);
    ForgetRequest whose = new ForgetRequest(Set.of("c-2"), Set.of("h-1"));
    FeedbackLog log = new FeedbackLog(store);
    ForgetResult would = log.forget(whose, true);
    assertThat(lines("1-a")).hasSize(4);
    ForgetResult forgotten = log.forget(whose, false);
    assertThat(would).isEqualTo(forgotten);
    assertThat(forgotten.records()).isEqualTo(4);
    assertThat(forgotten.conversations()).isEqualTo(3);
    assertThat(forgotten.objects())
        .containsExactly(
            new Loss("feedback/acme/2026/03/01/1-a.jsonl", 2, 2),
            new Loss("feedback/acme/2026/03/01/2-b.jsonl", 1, 0),
            new Loss("feedback/acme/2026/03/01/3-c.jsonl", 1, 1));
    assertThat(lines("1-a")).containsExactly(line("a", "c-1"), "no feedback");
    assertThat(lines("2-b")).as("stays, empty").isEmpty();
    assertThat(lines("3-c")).containsExactly(line("d", "c-1"));
    assertThat(log.forget(whose, false).records()).isZero();
  }

  /** Each takes out what is asked of it, and none brings back what another one took out. */
  @ParameterizedTest
  @ValueSource(strings = {"folder", "cloud"})
  void severalForgetAtOnce(String where) throws Exception {
    open(where);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      lines.add(line("r-" + i, "c-" + i));
    }
    write("1-a", lines.toArray(String[]::new));
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<ForgetResult>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        ForgetRequest one = new ForgetRequest(Set.of("c-" + i), Set.of());
        all.add(threads.submit(() -> new FeedbackLog(store).forget(one, false)));
      }
      for (Future<ForgetResult> one : all) {
        assertThat(one.get().records()).isOne();
      }
    }
    assertThat(lines("1-a")).isEqualTo(lines.subList(8, 40));
  }

  /** The write is sent again; it must neither fail nor lose lines. */
  @Test
  void anAnswerOfTheStoreThatIsLostLosesNothing() {
    open("cloud");
    write("1-a", line("a", "c-1"), line("b", "c-2"));
    gcs.loseAnAnswerAndForbidItsRepetition();
    try {
      new FeedbackLog(store).forget(new ForgetRequest(Set.of("c-1"), Set.of()), false);
    } catch (RuntimeException e) {
      assertThat(e).hasMessageContaining("gs://");
    }
    assertThat(lines("1-a")).contains(line("b", "c-2"));
  }

  @Test
  void whatExpiresWhileItIsReadIsEmpty() {
    open("folder");
    write("1-x", "{}");
    FeedbackLog log = new FeedbackLog(store);
    FeedbackLog.Segment segment = log.segments().getFirst();
    assertThat(log.read(segment)).hasSize(3);
    log.expire(Instant.parse("2026-03-09T12:00:00Z"), Duration.ofDays(2), false);
    assertThat(log.read(segment)).isEmpty();
  }

  @Test
  void wholeDaysExpire() {
    open("folder");
    for (String day : List.of("2026-02-27", "2026-02-28", "2026-03-01")) {
      store.put(
          FeedbackLog.key("acme", LocalDate.parse(day), "1-x"),
          new byte[10],
          Precondition.absent());
    }
    store.put("feedback/acme/readme", new byte[1], Precondition.absent());
    store.put("models/acme/x", new byte[1], Precondition.absent());
    FeedbackLog log = new FeedbackLog(store);
    Instant noon = Instant.parse("2026-03-02T12:00:00Z");
    assertThat(log.expire(noon, Duration.ofDays(2), true).objects()).isOne();
    FeedbackLog.Expired expired = log.expire(noon, Duration.ofDays(2), false);
    assertThat(expired).isEqualTo(new FeedbackLog.Expired(1, 10, "2026-02-28"));
    try (var objects = store.list("")) {
      assertThat(objects.map(StoredObject::key))
          .containsExactly(
              "feedback/acme/2026/02/28/1-x.jsonl",
              "feedback/acme/2026/03/01/1-x.jsonl",
              "feedback/acme/readme",
              "models/acme/x");
    }
  }

  @Test
  void namesOfModelsBecomeOnePartOfAKey() {
    assertThat(FeedbackLog.folder("acme-2_x.y", DAY)).isEqualTo("feedback/acme-2_x.y/2026/03/01/");
    assertThat(FeedbackLog.folder("..", DAY)).startsWith("feedback/%2E./");
    assertThat(FeedbackLog.folder("a/b\\c\né", DAY)).startsWith("feedback/a%2Fb%5Cc%0A%C3%A9/");
    assertThat(FeedbackLog.folder("é".repeat(255), DAY)).hasSize(9 + 200 + 12);
  }
}
