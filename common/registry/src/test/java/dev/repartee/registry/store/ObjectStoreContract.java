package dev.repartee.registry.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link ObjectStore} must do. */
abstract class ObjectStoreContract {

  /** The store under test, empty at first. */
  abstract ObjectStore store();

  /** Another store on the same objects, as another process would have. */
  abstract ObjectStore anotherStore();

  @Test
  void writesAndReads() {
    StoredObject written = put("a/b.txt", "héllo");
    assertThat(written.size()).isEqualTo(6);
    assertThat(store().stat("a/b.txt")).contains(written);
    assertThat(text("a/b.txt")).isEqualTo("héllo");
    assertThat(store().readText("a/b.txt")).contains(new StoredText("héllo", written.generation()));
    assertThat(store().locate("a/b.txt")).endsWith("a/b.txt");
  }

  @Test
  void overwritesWithNewGeneration() {
    StoredObject first = put("key", "one");
    StoredObject second = put("key", "two");
    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(text("key")).isEqualTo("two");
  }

  @Test
  void emptyObjectsAndOddKeys() {
    for (String key : List.of("empty", ".hidden/.x", "a b/ü+%2F#&=.txt", "x/日本語")) {
      put(key, "");
      assertThat(text(key)).isEmpty();
      assertThat(store().stat(key).orElseThrow().key()).isEqualTo(key);
    }
  }

  @Test
  void largeObject() {
    byte[] content = new byte[5_000_001];
    new Random(1).nextBytes(content);
    assertThat(store().put("large", content, Precondition.absent()).size())
        .isEqualTo(content.length);
    assertThat(store().read("large", 0, content.length)).isEqualTo(content);
  }

  @Test
  void writesFiles(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "content of a file");
    String crc32c = Crc32c.of(Files.readAllBytes(file));
    StoredObject first = store().putFile("key", file, crc32c, Precondition.absent());
    assertThat(text("key")).isEqualTo("content of a file");
    assertThat(store().stat("key")).contains(first);
    assertThat(store().crc32c("key")).contains(crc32c);
    assertThat(store().crc32c("none")).isEmpty();
    assertFails(
        Reason.PRECONDITION_FAILED,
        () -> store().putFile("key", file, crc32c, Precondition.absent()));
    store().putFile("key", file, crc32c, first.unchanged());
    Files.writeString(file, "changed meanwhile");
    assertThatThrownBy(() -> store().putFile("other", file, crc32c, Precondition.absent()))
        .isInstanceOf(UserException.class);
    assertThat(store().stat("other")).isEmpty();
  }

  @Test
  void renewedObjectEscapesWhoeverMeantTheOldOne() {
    StoredObject old = put("key", "content");
    StoredObject renewed = anotherStore().renew(old);
    assertThat(renewed.generation()).isGreaterThan(old.generation());
    assertThat(store().stat("key")).contains(renewed);
    assertFails(
        Reason.PRECONDITION_FAILED,
        () -> store().delete("key", Precondition.generation(old.generation())));
    assertThat(text("key")).isEqualTo("content");
    assertFails(Reason.PRECONDITION_FAILED, () -> store().renew(old));
    store().delete("key", Precondition.none());
    assertFails(Reason.PRECONDITION_FAILED, () -> store().renew(renewed));
  }

  @Test
  void ranges() {
    put("digits", "0123456789");
    assertThat(range(2, 3)).isEqualTo("234");
    assertThat(range(0, 10)).isEqualTo("0123456789");
    assertThat(range(8, 100)).isEqualTo("89");
    assertThat(range(4, 0)).isEmpty();
    assertThat(range(50, 5)).isEmpty();
  }

  private String range(long offset, int length) {
    return new String(store().read("digits", offset, length), UTF_8);
  }

  @Test
  void missingObjects() {
    put("there/object", "x");
    assertThat(store().stat("nowhere")).isEmpty();
    assertThat(store().readText("there/object/below")).isEmpty();
    assertThat(store().stat("there")).isEmpty();
    assertFails(Reason.NOT_FOUND, () -> store().read("nowhere", 0, 1));
    assertThatThrownBy(() -> store().read("nowhere", 0, 1))
        .hasMessageContaining(store().locate("nowhere"));
  }

  @Test
  void preconditions() {
    assertFails(Reason.PRECONDITION_FAILED, () -> put("key", "x", Precondition.generation(7)));
    StoredObject first = put("key", "one", Precondition.absent());
    assertFails(Reason.PRECONDITION_FAILED, () -> put("key", "two", Precondition.absent()));
    put("key", "two", Precondition.generation(first.generation()));
    Precondition stale = Precondition.generation(first.generation());
    assertFails(Reason.PRECONDITION_FAILED, () -> put("key", "three", stale));
    assertFails(Reason.PRECONDITION_FAILED, () -> store().delete("key", stale));
    assertThat(text("key")).isEqualTo("two");
  }

  @Test
  void deletes() {
    StoredObject object = put("a/key", "x");
    store().delete("a/key", Precondition.generation(object.generation()));
    assertThat(store().stat("a/key")).isEmpty();
    store().delete("a/key", Precondition.generation(object.generation()));
    store().delete("a/key", Precondition.none());
    assertThat(store().folders("")).isEmpty();
    assertThat(put("a/key", "y", Precondition.absent()).generation())
        .isGreaterThan(object.generation());
  }

  @Test
  void listsInByteOrder() {
    List.of("m/b/2", "m/b/10", "m/a", "m/b.x", "n/z", "m/c/d/e").forEach(key -> put(key, key));
    assertThat(keys("m/")).containsExactly("m/a", "m/b.x", "m/b/10", "m/b/2", "m/c/d/e");
    assertThat(keys("m/b")).containsExactly("m/b.x", "m/b/10", "m/b/2");
    assertThat(keys("")).hasSize(6);
    assertThat(keys("none/")).isEmpty();
    assertThat(store().list("n/").findFirst()).isEqualTo(store().stat("n/z"));
    assertThat(store().folders("m/")).containsExactly("b", "c");
    assertThat(store().folders("")).containsExactly("m", "n");
    assertThat(store().folders("none/")).isEmpty();
  }

  private List<String> keys(String prefix) {
    return store().list(prefix).map(StoredObject::key).toList();
  }

  @Test
  void badKeysAreRefused() {
    for (String key : List.of("", "/a", "a/", "a//b", "../a", "a/./b", "a\\b", "a\nb")) {
      assertThatThrownBy(() -> put(key, "x"))
          .as(key)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(key);
    }
  }

  @Test
  void raceHasExactlyOneWinner() throws Exception {
    for (int round = 0; round < 5; round++) {
      String key = "race/" + round;
      Precondition precondition =
          round % 2 == 0
              ? Precondition.absent()
              : Precondition.generation(put(key, "start").generation());
      assertThat(race(key, precondition)).isEqualTo(1);
    }
  }

  private long race(String key, Precondition precondition) throws Exception {
    // All write the same bytes, so the content does not show who has won.
    List<Callable<Boolean>> writers =
        List.of(
            () -> wins(store(), key, precondition),
            () -> wins(anotherStore(), key, precondition),
            () -> wins(store(), key, precondition),
            () -> wins(anotherStore(), key, precondition));
    long winners = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(writers.size())) {
      for (Future<Boolean> won : threads.invokeAll(writers)) {
        winners += won.get() ? 1 : 0;
      }
    }
    return winners;
  }

  private static boolean wins(ObjectStore store, String key, Precondition precondition) {
    try {
      store.put(key, "same".getBytes(UTF_8), precondition);
      return true;
    } catch (StoreException e) {
      assertThat(e.reason()).isEqualTo(Reason.PRECONDITION_FAILED);
      return false;
    }
  }

  StoredObject put(String key, String text) {
    return put(key, text, Precondition.none());
  }

  StoredObject put(String key, String text, Precondition precondition) {
    return store().put(key, text.getBytes(UTF_8), precondition);
  }

  String text(String key) {
    int size = Math.toIntExact(store().stat(key).orElseThrow().size());
    return new String(store().read(key, 0, size), UTF_8);
  }

  static void assertFails(Reason reason, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }
}
