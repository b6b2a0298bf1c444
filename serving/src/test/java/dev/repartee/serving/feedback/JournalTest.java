package dev.repartee.serving.feedback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.predict.RequestException.Unavailable;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class JournalTest {

  @TempDir private Path folder;
  private Path journal;
  private ObjectStore store;

  @BeforeEach
  void openStore() {
    journal = folder.resolve("feedback");
    store = new LocalObjectStore(folder.resolve("store"));
  }

  private Journal open(FeedbackOptions options) {
    return Journal.open(journal, Optional.of(store), options);
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
    try (Journal feedback = open(Feedbacks.OPTIONS)) {
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
    try (Journal feedback = open(Feedbacks.sealingAfter(2))) {
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
    try (Journal feedback = open(young)) {
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
    try (Journal feedback = open(Feedbacks.sealingAfter(50));
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
  void repeatsAreStoredOnceAsReadersSeeIt() throws Exception {
    List<String> ids = List.of("moved-1", "moved-2", "local");
    try (Journal feedback = open(Feedbacks.sealingAfter(2))) {
      feedback.add(Feedbacks.record("moved-1"));
      feedback.add(Feedbacks.record("moved-2"));
      await(() -> journalFiles().isEmpty());
      feedback.add(Feedbacks.record("local"));
      for (String id : ids) {
        assertThat(feedback.add(Feedbacks.record(id))).as(id).isFalse();
      }
    }
    assertThat(Feedbacks.ids(store)).containsExactlyInAnyOrderElementsOf(ids);
    try (Journal feedback = open(Feedbacks.OPTIONS)) { // which remembers none of them
      Instant afterMidnight = Instant.parse("2026-02-01T00:00:01Z");
      feedback.add(Feedbacks.record("local", "c-1", "Hello!", afterMidnight));
      feedback.add(Feedbacks.record("moved-1"));
    }
    assertThat(Feedbacks.read(store)).containsExactlyInAnyOrderElementsOf(ids);
  }

  private Path leave(String name, byte[]... parts) throws IOException {
    Path file = Files.createDirectories(journal.resolve("journal")).resolve(name + ".open");
    Files.write(file, new byte[0]);
    for (byte[] part : parts) {
      Files.write(file, part, StandardOpenOption.APPEND);
    }
    return file;
  }

  private static byte[] line(String id) {
    return (new String(Feedbacks.record(id).json(), StandardCharsets.UTF_8) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Also zeros, which a file system may leave of writes that were never synced. */
  @Test
  void everyPossibleTearIsLeftOut() throws Exception {
    byte[] torn = line("torn");
    List<String> whole = new ArrayList<>();
    for (int length = 0; length < torn.length; length++) {
      whole.add("whole-" + length);
      leave("%013d-a".formatted(length), line("whole-" + length), Arrays.copyOf(torn, length));
    }
    leave("9-a", new byte[100]);
    leave("9-b", line("last"), new byte[100]);
    open(Feedbacks.OPTIONS).close();
    assertThat(journalFiles()).isEmpty();
    whole.add("last");
    assertThat(Feedbacks.ids(store)).containsExactlyInAnyOrderElementsOf(whole);
  }

  /** A record that was complete once is not lost with its segment. */
  @Test
  void aDamagedLineIsNamedAndItsFileKept() throws Exception {
    byte[] damaged = line("damaged");
    damaged[0] ^= 1;
    Path open = leave("1-a", line("first"), damaged, line("second"));
    byte[] before = Files.readAllBytes(open);
    try (Journal _ = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().getFirst().endsWith("1-a.damaged"));
    }
    assertThat(journalFiles())
        .singleElement()
        .satisfies(it -> assertThat(it).hasBinaryContent(before));
    assertThat(Feedbacks.ids(store)).containsExactly("first", "second");
  }

  /** Journal, salt, and what is kept where there is no store. */
  @Test
  void onlyTheOwnerReadsWhatIsKept() throws Exception {
    Path root = Files.createDirectory(folder.resolve("kept"));
    Files.createDirectory(root.resolve("journal"));
    FeedbackOptions options = Feedbacks.OPTIONS;
    try (Journal feedback = Journal.open(root, Optional.empty(), options)) {
      feedback.add(Feedbacks.record("moved"));
    }
    try (Journal feedback = Journal.open(root, Optional.empty(), options);
        StoreSalt _ = new StoreSalt(root, feedback.store())) {
      while (!Files.exists(root.resolve("agent-salt"))) {
        Thread.sleep(5);
      }
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
            .contains("agent-salt", "journal", "feedback")
            .anyMatch(one -> one.endsWith(".open"))
            .anyMatch(one -> one.endsWith(".jsonl"));
      }
    }
  }

  /** The store has the segment, but the process ended before it was deleted here. */
  @Test
  void aMoveThatWasCutShortDoublesNothing() throws Exception {
    Path copy = folder.resolve("copy");
    Path sealed = movedCopy(copy, "a", "b");
    Files.move(copy, sealed);
    try (Journal _ = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().isEmpty());
    }
    assertThat(Feedbacks.ids(store)).containsExactly("a", "b");
  }

  /** Moves a segment of these records to the store, and keeps a copy; returns where it was. */
  private Path movedCopy(Path copy, String... ids) throws Exception {
    ObjectStore down = new LocalObjectStore(folder.resolve("down-store"));
    Files.createDirectories(folder.resolve("down-store"));
    Files.createFile(folder.resolve("down-store/feedback"));
    try (Journal feedback = Journal.open(journal, Optional.of(down), hurried())) {
      for (String id : ids) {
        feedback.add(Feedbacks.record(id));
      }
    }
    Path sealed = journalFiles().getFirst();
    Files.copy(sealed, copy);
    try (Journal _ = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().isEmpty());
    }
    return sealed;
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
      try (Journal feedback =
          Journal.open(journal, Optional.of(cloud), Feedbacks.sealingAfter(2))) {
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
    try (Journal feedback = open(Feedbacks.sealingAfter(1))) {
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
    try (Journal feedback = open(FeedbackOptions.of(Duration.ZERO, false, false));
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
  void aFullBudgetRefusesUntilTheStoreTakesOver() throws Exception {
    Files.createDirectories(folder.resolve("store"));
    Path inTheWay = Files.createFile(folder.resolve("store/feedback"));
    int size = line("id-0").length;
    FeedbackOptions small = Feedbacks.sealingAfter(2, 4L * size);
    try (Journal feedback = open(small)) {
      for (int i = 0; i < 4; i++) {
        feedback.add(Feedbacks.record("id-" + i));
      }
      FeedbackRecord fifth = Feedbacks.record("id-4");
      assertThatThrownBy(() -> feedback.add(fifth)).isInstanceOf(Unavailable.class);
      assertThat(feedback.add(Feedbacks.record("id-3"))).as("a repeat needs no room").isFalse();
      Files.delete(inTheWay);
      await(() -> isAdded(feedback, fifth)); // with the id that was refused
    }
    assertThat(Feedbacks.ids(store)).hasSize(5).doesNotHaveDuplicates();
  }

  @Test
  void withoutAStoreTheFolderKeepsItAndIsBounded() throws Exception {
    FeedbackOptions small = Feedbacks.sealingAfter(1, 2500);
    ObjectStore kept = new LocalObjectStore(journal);
    try (Journal feedback = Journal.open(journal, Optional.empty(), small)) {
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

  private static boolean isAdded(Journal feedback, FeedbackRecord record) {
    try {
      return feedback.add(record);
    } catch (Unavailable e) {
      return false;
    }
  }

  @Test
  void aFolderIsForOneService() {
    try (Journal feedback = open(Feedbacks.OPTIONS)) {
      assertThatThrownBy(() -> open(Feedbacks.OPTIONS))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("--feedback-dir");
      assertThat(feedback.add(Feedbacks.record("a"))).isTrue();
    }
    open(Feedbacks.OPTIONS).close();
  }

  @Test
  void afterTheStopNothingIsTaken() {
    Journal feedback = open(Feedbacks.OPTIONS);
    feedback.close();
    feedback.close();
    assertThatThrownBy(() -> feedback.add(Feedbacks.record("a"))).isInstanceOf(Unavailable.class);
  }

  /** Otherwise what was forgotten would come back with the repetition. */
  @Test
  void aMoveThatIsRepeatedBringsNothingBackThatWasForgotten() throws Exception {
    Path copy = folder.resolve("copy");
    Path sealed = movedCopy(copy, "a");
    new FeedbackLog(store)
        .forget(new FeedbackLog.ForgetRequest(Set.of("c-1"), Set.of()), /* dryRun= */ false);
    Files.move(copy, sealed);
    try (Journal _ = open(Feedbacks.OPTIONS)) {
      await(() -> journalFiles().isEmpty());
    }
    assertThat(Feedbacks.ids(store)).isEmpty();
  }
}
