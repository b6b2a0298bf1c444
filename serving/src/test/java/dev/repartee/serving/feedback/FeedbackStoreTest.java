package dev.repartee.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.feedback.Journal.PendingRecord;
import dev.repartee.serving.model.StoreSalt;
import dev.repartee.serving.predict.RequestException.Unavailable;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FeedbackStoreTest {

  @TempDir private Path folder;
  private Path journal;
  private ObjectStore store;

  @BeforeEach
  void openStore() {
    journal = folder.resolve("feedback");
    store = new LocalObjectStore(folder.resolve("store"));
  }

  private FeedbackStore open(FeedbackOptions options) {
    return FeedbackStore.open(journal, Optional.of(store), options);
  }

  private List<Path> journalFiles() throws IOException {
    try (Stream<Path> files = Files.list(journal.resolve("journal"))) {
      return files.sorted().toList();
    }
  }

  private static void await(Check check) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!check.holds()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  @Test
  void aStopMovesEverythingUnderModelAndDay() throws Exception {
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      assertThat(feedback.add(Feedbacks.record("a"))).isTrue();
      Instant later = Instant.parse("2026-02-01T00:00:00Z");
      assertThat(feedback.add(Feedbacks.record("b", "c-1", "Bye!", later))).isTrue();
      assertThat(Feedbacks.keys(store)).isEmpty();
      assertThat(journalFiles()).singleElement().asString().endsWith(".open");
    }
    assertThat(journalFiles()).isEmpty();
    List<String> keys = Feedbacks.keys(store);
    assertThat(keys).hasSize(2);
    assertThat(keys.get(0)).matches("feedback/acme/2026/01/31/[0-9]{13}-[0-9a-f-]{36}\\.jsonl");
    assertThat(keys.get(1)).matches("feedback/acme/2026/02/01/[0-9]{13}-[0-9a-f-]{36}\\.jsonl");
    assertThat(Feedbacks.ids(store)).containsExactly("a", "b");
  }

  @Test
  void segmentsAreMovedBySizeAndByAge() throws Exception {
    try (FeedbackStore feedback = open(Feedbacks.sealingAfter(2))) {
      feedback.add(Feedbacks.record("a"));
      feedback.add(Feedbacks.record("b"));
      feedback.add(Feedbacks.record("c"));
      await(() -> Feedbacks.ids(store).size() == 2);
    }
    FeedbackOptions young =
        new FeedbackOptions(
            1 << 20,
            1000,
            Duration.ofMillis(50),
            Duration.ofMillis(10),
            Duration.ofSeconds(20),
            false,
            false);
    try (FeedbackStore feedback = open(young)) {
      feedback.add(Feedbacks.record("d"));
      await(() -> Feedbacks.ids(store).size() == 4);
      feedback.add(Feedbacks.record("e"));
      await(() -> Feedbacks.ids(store).size() == 5);
    }
    assertThat(Feedbacks.ids(store)).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
  }

  @Test
  void manyThreadsAndRepeatsAtOnce() throws Exception {
    List<Future<Boolean>> added = new ArrayList<>();
    try (FeedbackStore feedback = open(Feedbacks.sealingAfter(50));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 900; i++) {
        FeedbackRecord record = Feedbacks.record("id-" + i % 300);
        added.add(threads.submit(() -> feedback.add(record)));
      }
      int fresh = 0;
      for (Future<Boolean> one : added) {
        fresh += one.get() ? 1 : 0;
      }
      assertThat(fresh).isEqualTo(300);
    }
    assertThat(Feedbacks.ids(store)).hasSize(300).doesNotHaveDuplicates();
  }

  @Test
  void repeatsAreToldWhereverTheFirstIs() throws Exception {
    try (FeedbackStore feedback = open(Feedbacks.sealingAfter(2))) {
      feedback.add(Feedbacks.record("moved-1"));
      feedback.add(Feedbacks.record("moved-2"));
      await(() -> journalFiles().isEmpty());
      feedback.add(Feedbacks.record("local"));
      for (String id : List.of("moved-1", "moved-2", "local")) {
        assertThat(feedback.add(Feedbacks.record(id))).as(id).isFalse();
      }
    }
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      for (String id : List.of("moved-1", "moved-2", "local")) {
        assertThat(feedback.add(Feedbacks.record(id))).as(id + " after a restart").isFalse();
      }
    }
    assertThat(Feedbacks.ids(store)).containsExactlyInAnyOrder("moved-1", "moved-2", "local");
  }

  @Test
  void aTornLineOfRememberedIdsHarmsNoOther() throws Exception {
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      feedback.add(Feedbacks.record("first"));
    }
    Files.writeString(journal.resolve("recent.ids"), "torn", StandardOpenOption.APPEND);
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      feedback.add(Feedbacks.record("second"));
    }
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      assertThat(feedback.add(Feedbacks.record("first"))).isFalse();
      assertThat(feedback.add(Feedbacks.record("second"))).isFalse();
    }
  }

  /** A record that was complete once is not "incomplete", and is not lost with its segment. */
  @Test
  void aDamagedRecordIsKeptAside() throws Exception {
    Files.createDirectories(journal.resolve("journal"));
    byte[] damaged = JournalFolder.line(Feedbacks.record("damaged").json());
    damaged[damaged.length / 2] ^= 1;
    String name = "0000000000001-0b9f1f9c-7b9f-4c5e-9d51-0d2d3a4b5c6d";
    Path open = journal.resolve("journal").resolve(name + ".open");
    Files.write(open, JournalFolder.line(Feedbacks.record("whole").json()));
    Files.write(open, damaged, StandardOpenOption.APPEND);
    try (FeedbackStore _ = open(Feedbacks.OPTIONS)) {
      await(() -> Feedbacks.ids(store).contains("whole"));
    }
    assertThat(open).doesNotExist();
    assertThat(journal.resolve("damaged").resolve(name)).hasBinaryContent(damaged);
  }

  /** Journal, ids, salt, and what is kept where there is no store. */
  @Test
  void onlyTheOwnerReadsWhatIsKept() throws Exception {
    Path root = Files.createDirectory(folder.resolve("kept"));
    Files.createDirectory(root.resolve("journal"));
    FeedbackOptions options = Feedbacks.OPTIONS;
    try (FeedbackStore feedback = FeedbackStore.open(root, Optional.empty(), options)) {
      feedback.add(Feedbacks.record("moved"));
    }
    try (FeedbackStore feedback = FeedbackStore.open(root, Optional.empty(), options)) {
      var _ = new StoreSalt(root, feedback.store()).find();
      feedback.add(Feedbacks.record("open"));
      try (Stream<Path> all = Files.walk(root)) {
        Map<String, String> permissions = new TreeMap<>();
        for (Path one : all.filter(path -> !path.endsWith("lock")).toList()) { // without content
          String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(one));
          permissions.put(root.relativize(one).toString(), mode);
          assertThat(mode)
              .as(one.toString())
              .isEqualTo(Files.isDirectory(one) ? "rwx------" : "rw-------");
        }
        assertThat(permissions.keySet())
            .contains("agent-salt", "recent.ids", "journal", "feedback")
            .anyMatch(one -> one.endsWith(".open"))
            .anyMatch(one -> one.endsWith(".jsonl"));
      }
    }
  }

  /** The store has the segment, but the process ended before it was deleted here. */
  @Test
  void aMoveThatWasCutShortDoublesNothing() throws Exception {
    Path copy = folder.resolve("copy");
    ObjectStore down = new LocalObjectStore(folder.resolve("down-store"));
    Files.createDirectories(folder.resolve("down-store"));
    Files.createFile(folder.resolve("down-store/feedback"));
    try (FeedbackStore feedback = FeedbackStore.open(journal, Optional.of(down), hurried())) {
      feedback.add(Feedbacks.record("a"));
      feedback.add(Feedbacks.record("b"));
    }
    Path sealed = journalFiles().getFirst();
    Files.copy(sealed, copy);
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().isEmpty());
      assertThat(feedback.add(Feedbacks.record("a"))).isFalse();
    }
    Files.move(copy, sealed, StandardCopyOption.REPLACE_EXISTING);
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().isEmpty());
      assertThat(feedback.add(Feedbacks.record("b"))).isFalse();
    }
    assertThat(Feedbacks.ids(store)).containsExactly("a", "b");
  }

  private static FeedbackOptions hurried() {
    return new FeedbackOptions(
        1 << 20,
        1000,
        Duration.ofHours(1),
        Duration.ofMillis(10),
        Duration.ofMillis(200),
        false,
        false);
  }

  @Test
  void cloudStorageGoesDownAndComesBack() throws Exception {
    try (GcsFixture gcs = new GcsFixture()) {
      gcs.refuseUploads(20); // each move sends one six times
      ObjectStore cloud = gcs.open("gs://bucket-1/some/prefix");
      try (FeedbackStore feedback =
          FeedbackStore.open(journal, Optional.of(cloud), Feedbacks.sealingAfter(2))) {
        for (int i = 0; i < 10; i++) {
          assertThat(feedback.add(Feedbacks.record("id-" + i))).isTrue();
        }
        await(() -> Feedbacks.ids(gcs.store()).size() == 10);
        await(() -> journalFiles().isEmpty());
      }
      assertThat(Feedbacks.ids(gcs.store())).hasSize(10).doesNotHaveDuplicates();
    }
  }

  @Test
  void aSegmentThatCannotBeMovedBlocksNoOther() throws Exception {
    Path inTheWay = folder.resolve("store/feedback/acme/2026/02");
    Files.createDirectories(inTheWay.getParent());
    Files.createFile(inTheWay);
    Instant february = Instant.parse("2026-02-01T00:00:00Z");
    try (FeedbackStore feedback = open(Feedbacks.sealingAfter(1))) {
      feedback.add(Feedbacks.record("stuck", "c-1", "Bye!", february));
      feedback.add(Feedbacks.record("a"));
      feedback.add(Feedbacks.record("b"));
      await(() -> Feedbacks.ids(store).size() == 2);
      await(() -> journalFiles().size() == 1); // a moved one is deleted a moment later
      Files.delete(inTheWay);
      await(() -> journalFiles().isEmpty());
    }
    assertThat(Feedbacks.ids(store)).containsExactlyInAnyOrder("stuck", "a", "b");
  }

  /** The disk of Cloud Run ends with the process: what was answered must not. */
  @Test
  void feedbackThatMustBeInTheStoreIsAnsweredWhenItIs() throws Exception {
    Path inTheWay = folder.resolve("store/feedback");
    Files.createDirectories(inTheWay.getParent());
    Files.createFile(inTheWay);
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS.withSegmentAge(Duration.ZERO));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> first = threads.submit(() -> feedback.add(Feedbacks.record("a")));
      await(() -> journalFiles().size() == 1);
      Future<Boolean> repeat = threads.submit(() -> feedback.add(Feedbacks.record("a")));
      assertThatThrownBy(() -> first.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      assertThat(repeat.isDone()).isFalse();
      Files.delete(inTheWay);
      assertThat(first.get()).isTrue();
      assertThat(Feedbacks.ids(store)).containsExactly("a");
      assertThat(repeat.get()).isFalse();
      assertThat(feedback.add(Feedbacks.record("a"))).isFalse();
      assertThat(feedback.add(Feedbacks.record("b"))).isTrue();
      assertThat(Feedbacks.ids(store)).containsExactlyInAnyOrder("a", "b");
    }
  }

  @Test
  void anErrorDoesNotEndTheJournal() throws Exception {
    try (JournalFolder opened = JournalFolder.open(journal);
        Journal tried =
            new Journal(
                opened,
                Feedbacks.sealingAfter(1),
                () -> {
                  throw new OutOfMemoryError("Java heap space");
                })) {
      for (String id : List.of("a", "b")) {
        CompletableFuture<Optional<Throwable>> outcome = new CompletableFuture<>();
        byte[] line = JournalFolder.line(Feedbacks.record(id).json());
        assertThat(tried.offer(new PendingRecord(line, outcome::complete))).isTrue();
        assertThat(outcome.get(20, TimeUnit.SECONDS)).isEmpty();
      }
    }
    assertThat(journalFiles()).hasSize(2);
  }

  @Test
  void aFullBudgetRefusesUntilTheStoreTakesOver() throws Exception {
    Files.createDirectories(folder.resolve("store"));
    Path inTheWay = Files.createFile(folder.resolve("store/feedback"));
    int size = JournalFolder.line(Feedbacks.record("id-0").json()).length;
    FeedbackOptions small = Feedbacks.sealingAfter(2).withMaxBytes(4L * size);
    try (FeedbackStore feedback = open(small)) {
      for (int i = 0; i < 4; i++) {
        feedback.add(Feedbacks.record("id-" + i));
      }
      FeedbackRecord fifth = Feedbacks.record("id-4");
      assertThatThrownBy(() -> feedback.add(fifth)).isInstanceOf(Unavailable.class);
      assertThat(feedback.add(Feedbacks.record("id-3"))).as("a repeat needs no room").isFalse();
      Files.delete(inTheWay);
      await(() -> journalFiles().isEmpty());
      assertThat(feedback.add(fifth)).as("with the id that was refused").isTrue();
    }
    assertThat(Feedbacks.ids(store)).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void withoutAStoreTheFolderKeepsItAndIsBounded() throws Exception {
    FeedbackOptions small = Feedbacks.sealingAfter(1).withMaxBytes(2500);
    ObjectStore kept = new LocalObjectStore(journal);
    try (FeedbackStore feedback = FeedbackStore.open(journal, Optional.empty(), small)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 100; i++) {
                  feedback.add(Feedbacks.record("id-" + i));
                  await(() -> journalFiles().isEmpty());
                }
              })
          .isInstanceOf(Unavailable.class);
      assertThat(Feedbacks.ids(kept)).hasSizeGreaterThan(2).doesNotHaveDuplicates();
      for (String key : Feedbacks.keys(kept)) {
        Files.delete(journal.resolve(key)); // a person took them
      }
      await(() -> isAdded(feedback, Feedbacks.record("after")));
    }
    assertThat(Feedbacks.ids(kept)).containsExactly("after");
  }

  private static boolean isAdded(FeedbackStore feedback, FeedbackRecord record) {
    try {
      return feedback.add(record);
    } catch (Unavailable e) {
      return false;
    }
  }

  @Test
  void aFolderIsForOneService() {
    try (FeedbackStore feedback = open(Feedbacks.OPTIONS)) {
      assertThatThrownBy(() -> open(Feedbacks.OPTIONS))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("--feedback-dir");
      assertThat(feedback.add(Feedbacks.record("a"))).isTrue();
    }
    open(Feedbacks.OPTIONS).close();
  }

  @Test
  void afterTheStopNothingIsTaken() {
    FeedbackStore feedback = open(Feedbacks.OPTIONS);
    feedback.close();
    feedback.close();
    assertThatThrownBy(() -> feedback.add(Feedbacks.record("a"))).isInstanceOf(Unavailable.class);
  }

  /** Otherwise what was forgotten would come back with the repetition. */
  @Test
  void aMoveThatIsRepeatedBringsNothingBackThatWasForgotten() throws Exception {
    Path copy = folder.resolve("copy");
    ObjectStore down = new LocalObjectStore(folder.resolve("down-store"));
    Files.createDirectories(folder.resolve("down-store"));
    Files.createFile(folder.resolve("down-store/feedback"));
    try (FeedbackStore feedback = FeedbackStore.open(journal, Optional.of(down), hurried())) {
      feedback.add(Feedbacks.record("a"));
    }
    Path sealed = journalFiles().getFirst();
    Files.copy(sealed, copy);
    try (FeedbackStore _ = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().isEmpty());
    }
    new FeedbackLog(store)
        .forget(new FeedbackLog.ForgetRequest(Set.of("c-1"), Set.of()), /* dryRun= */ false);
    Files.move(copy, sealed);
    try (FeedbackStore _ = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().isEmpty());
    }
    assertThat(Feedbacks.ids(store)).isEmpty();
  }

  /** As when somebody takes files away in that moment. */
  @Test
  void aFullFolderThatCannotBeCountedStaysFull() throws Exception {
    AtomicBoolean failing = new AtomicBoolean();
    FeedbackStore.DiskBudget budget =
        new FeedbackStore.DiskBudget(
            10,
            Optional.of(
                () -> {
                  if (failing.get()) {
                    throw new UncheckedIOException(new NoSuchFileException("2026"));
                  }
                  return 10;
                }));
    failing.set(true);
    Thread.sleep(1100); // until it would count again
    assertThat(budget.reserve(1)).isFalse();
  }
}
