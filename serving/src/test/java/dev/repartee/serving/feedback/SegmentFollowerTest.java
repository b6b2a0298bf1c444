package dev.repartee.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SegmentFollowerTest {

  /** Shortly after midnight. */
  private static final Instant NOW = Instant.parse("2026-03-01T00:02:00Z");

  @TempDir private Path folder;
  private ObjectStore store;
  private SegmentFollower follower;
  private Instant horizon = NOW.minus(Duration.ofDays(10));
  private final List<String> gone = new ArrayList<>();
  private int made;

  @BeforeEach
  void open() {
    store = new LocalObjectStore(folder);
    follower = new SegmentFollower(store, "acme");
  }

  /** As {@link Shipper} does, with a line that is no feedback. */
  private void ship(Instant begun, String... ids) {
    StringBuilder lines = new StringBuilder("{\"id\":\n");
    for (String id : ids) {
      FeedbackRecord record =
          Feedbacks.record(id, "c-" + id, "Hi", begun)
              .with(
                  Optional.empty(),
                  Optional.of(new Typed(Optional.empty(), List.of(), "Hi")),
                  Optional.empty());
      lines.append(new String(record.json(), StandardCharsets.UTF_8)).append('\n');
    }
    made++;
    store.put(
        FeedbackLog.key(
            "acme", FeedbackLog.day(begun), "%013d-%d".formatted(begun.toEpochMilli(), made)),
        lines.toString().getBytes(StandardCharsets.UTF_8),
        Precondition.absent());
  }

  private List<String> look(Instant now) {
    List<String> ids = new ArrayList<>();
    follower.look(now, () -> horizon, record -> ids.add(record.id()), gone::addAll);
    return ids;
  }

  @Test
  void theFirstLookReadsWhatCountsTheNewestFirst() {
    ship(NOW.minus(Duration.ofDays(9)), "old-1", "old-2");
    ship(NOW.minus(Duration.ofDays(11)), "too old");
    ship(NOW.minusSeconds(5), "new");
    ship(NOW.minusSeconds(200), "yesterday");
    assertThat(look(NOW)).containsExactly("new", "yesterday", "old-1", "old-2");
    assertThat(look(NOW)).as("each once").isEmpty();
  }

  @Test
  void laterLooksReadWhatCameMeanwhile() {
    look(NOW);
    ship(NOW.plusSeconds(1), "new");
    ship(NOW.minusSeconds(130), "before midnight");
    assertThat(look(NOW.plusSeconds(10))).containsExactlyInAnyOrder("new", "before midnight");
    ship(NOW.plusSeconds(12), "newer");
    assertThat(look(NOW.plusSeconds(20))).containsExactly("newer");
  }

  /** Its service could not reach the store for three days. */
  @Test
  void whatComesLateIsReadWithinMinutes() {
    look(NOW);
    ship(NOW.minus(Duration.ofDays(3)), "late");
    assertThat(look(NOW.plusSeconds(60))).isEmpty();
    assertThat(look(NOW.plusSeconds(301))).containsExactly("late");
    assertThat(look(NOW.plusSeconds(700))).isEmpty();
  }

  /** Once every five minutes. */
  @Test
  void whatIsNoLongerStoredIsReportedOnce() {
    ship(NOW.minus(Duration.ofDays(3)), "a", "b");
    ship(NOW.minus(Duration.ofDays(9)), "c");
    look(NOW);
    FeedbackLog log = new FeedbackLog(store);
    log.forget(new FeedbackLog.Whose(Set.of("c-b"), Set.of()), false);
    log.expire(NOW, Duration.ofDays(7), false);
    assertThat(look(NOW.plusSeconds(100))).isEmpty();
    assertThat(gone).isEmpty();
    look(NOW.plusSeconds(301));
    assertThat(gone).containsExactlyInAnyOrder("b", "c");
    assertThat(look(NOW.plusSeconds(602))).as("is not read again").isEmpty();
    assertThat(gone).hasSize(2);
  }

  @Test
  void whatNoLongerCountsIsNotReadEither() {
    horizon = NOW.minus(Duration.ofDays(1));
    ship(NOW.minus(Duration.ofDays(3)), "old");
    assertThat(look(NOW)).isEmpty();
  }

  @Test
  void whatCannotBeReadIsReadLater() {
    try (GcsFixture gcs = new GcsFixture()) {
      store = gcs.store();
      follower = new SegmentFollower(store, "acme");
      ship(NOW.minusSeconds(100), "a");
      ship(NOW.minusSeconds(90), "b");
      gcs.cutDownloads(".jsonl", 10, 100);
      assertThatThrownBy(() -> look(NOW)).isInstanceOf(StoreException.class);
      List<String> ids = new ArrayList<>();
      while (ids.size() < 2) { // the faults come to an end
        try {
          follower.look(NOW, () -> horizon, record -> ids.add(record.id()), gone::addAll);
        } catch (StoreException e) {
          assertThat(e).hasMessageContaining("gs://");
        }
      }
      assertThat(ids).containsExactlyInAnyOrder("a", "b");
    }
  }
}
