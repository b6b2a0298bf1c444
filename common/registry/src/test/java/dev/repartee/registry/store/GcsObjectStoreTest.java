package dev.repartee.registry.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.store.FakeGcs.Fault;
import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.StoreException.Reason;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GcsObjectStoreTest extends ObjectStoreContract {

  private final GcsFixture gcs = new GcsFixture();
  private final ObjectStore another = gcs.open("gs://" + GcsFixture.BUCKET + "/some/prefix/");

  @Override
  ObjectStore store() {
    return gcs.store();
  }

  @Override
  ObjectStore anotherStore() {
    return another;
  }

  @AfterEach
  void close() {
    another.close();
    gcs.close();
  }

  @Test
  void prefixSeparatesStores() {
    put("key", "x");
    try (ObjectStore whole = gcs.open("gs://" + GcsFixture.BUCKET)) {
      assertThat(whole.list("").map(StoredObject::key)).containsExactly("some/prefix/key");
    }
    assertThat(store().locate("key")).isEqualTo("gs://bucket-1/some/prefix/key");
  }

  @Test
  void listingFetchesPages() {
    gcs.server().setPageSize(2);
    for (int i = 0; i < 7; i++) {
      put("page/" + i + "/x", "x");
    }
    assertThat(store().list("page/")).hasSize(7);
    assertThat(store().folders("page/")).hasSize(7);
    assertThat(gcs.server().requests()).filteredOn(line -> line.contains("pageToken")).hasSize(6);
  }

  /** The Cloud Console and gcsfuse make an empty object for a folder. */
  @Test
  void foldersThatOtherToolsMakeAreNotListed() throws IOException, InterruptedException {
    put("page/1/x", "x");
    String body =
        """
        --b
        Content-Type: application/json

        {"name": "some/prefix/page/1/"}
        --b
        Content-Type: text/plain


        --b--
        """
            .replace("\n", "\r\n");
    HttpRequest request =
        HttpRequest.newBuilder(
                gcs.server().url().resolve("/upload/storage/v1/b/bucket-1/o?uploadType=multipart"))
            .header("Content-Type", "multipart/related; boundary=b")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
    assertThat(store().list("page/").map(StoredObject::key)).containsExactly("page/1/x");
    assertThat(store().folders("page/")).containsExactly("1");
  }

  @Test
  void refusedCallsAreRepeated() {
    gcs.server().inject(Fault.refuse(GcsFixture::isSmallUpload, 503, 2));
    put("key", "x");
    gcs.server().inject(Fault.refuse(GcsFixture::isDownload, 429, 2));
    assertThat(text("key")).isEqualTo("x");
  }

  @Test
  void lostAnswerOfWriteIsNoConflict() {
    gcs.server().inject(Fault.refuseAfterCommit(GcsFixture::isSmallUpload, 503, 1));
    StoredObject created = put("key", "x", Precondition.absent());
    assertThat(store().stat("key")).contains(created);
    gcs.server().inject(Fault.refuseAfterCommit(GcsFixture::isSmallUpload, 503, 1));
    StoredObject swapped = put("key", "y", Precondition.generation(created.generation()));
    assertThat(store().readText("key")).contains(new StoredText("y", swapped.generation()));
    assertFails(
        Reason.PRECONDITION_FAILED,
        () -> put("key", "y", Precondition.generation(created.generation())));
  }

  @Test
  void writeThatLandedIsDoneThoughEveryAnswerToItIsLost() {
    StoredObject first = put("key", "x");
    gcs.loseEveryAnswerToAReplacement();
    StoredObject second = put("key", "y", Precondition.generation(first.generation()));
    assertThat(store().readText("key")).contains(new StoredText("y", second.generation()));
    gcs.refuseUploads(GcsFixture.ATTEMPTS);
    assertFails(
        Reason.UNAVAILABLE, () -> put("key", "z", Precondition.generation(second.generation())));
    assertThat(store().stat("key")).contains(second);
  }

  @Test
  void anAnswerWithoutSizeIsAnEmptyObject() {
    assertThat(put("folder/empty", "").size()).isZero();
    assertThat(store().stat("folder/empty").orElseThrow().size()).isZero();
    assertThat(store().list("folder/").map(StoredObject::size)).containsExactly(0L);
  }

  /** What is refused for good is sent once, and the message does not say otherwise. */
  @ParameterizedTest
  @ValueSource(ints = {400, 501})
  void aRequestThatIsRefusedIsNoFailureAfterAllRetries(int status) {
    gcs.server().inject(Fault.refuse(GcsFixture::isSmallUpload, status, 99));
    assertThatThrownBy(() -> put("key", "x"))
        .hasMessageContaining("refused the request")
        .hasMessageContaining("(" + status + ": ")
        .hasMessageNotContaining("retries");
    assertThat(gcs.uploads()).isEqualTo(1);
  }

  /** The limits on a call bound how long it is sent again, not how long its content takes. */
  @Test
  void aSlowUplinkIsNoFailure() {
    byte[] content = new byte[8 << 20];
    gcs.server().slowDownUploads(32 << 10);
    try (ObjectStore impatient =
        gcs.open("gs://" + GcsFixture.BUCKET, Duration.ofMillis(50), Duration.ofMillis(100))) {
      assertThat(impatient.put("large", content, Precondition.absent()).size())
          .isEqualTo(content.length);
    }
    assertThat(gcs.uploads()).isEqualTo(1);
  }

  @Test
  void lostAnswerOfDeleteIsNoConflict() {
    StoredObject created = put("key", "x");
    gcs.server().inject(Fault.refuseAfterCommit(line -> line.startsWith("DELETE"), 503, 1));
    store().delete("key", Precondition.generation(created.generation()));
    assertThat(store().stat("key")).isEmpty();
  }

  @Test
  void whoMayNotReadIsToldThatSomethingIsThere() {
    put("key", "x");
    gcs.server().inject(Fault.refuse(line -> line.startsWith("GET "), 403, 1));
    assertFails(
        Reason.PRECONDITION_FAILED, () -> store().put("key", new byte[1], Precondition.absent()));
  }

  @Test
  void lostAnswerOfRenewalIsNoConflict() {
    StoredObject old = put("key", "content");
    gcs.server().inject(Fault.refuseAfterCommit(line -> line.contains("/compose"), 503, 1));
    StoredObject renewed = store().renew(old);
    assertThat(store().stat("key")).contains(renewed);
    assertThat(text("key")).isEqualTo("content");
  }

  @Test
  void aFileIsSentThoughRequestsAreRefusedAndAnswersLost(@TempDir Path folder) throws IOException {
    byte[] content = new byte[700_000];
    Path file = Files.write(folder.resolve("file"), content);
    gcs.server().inject(Fault.refuse(line -> line.contains("uploadType=resumable"), 503, 2));
    gcs.server().inject(Fault.refuseAfterCommit(line -> line.startsWith("PUT "), 503, 1));
    StoredObject sent = store().putFile("key", file, Crc32c.of(content), Precondition.absent());
    assertThat(store().stat("key")).contains(sent);
    assertThat(store().read("key", 0, content.length)).isEqualTo(content);
  }

  @Test
  void cutDownloadGoesOn() {
    String text = "0123456789".repeat(10_000);
    put("key", text);
    gcs.server().inject(Fault.truncate(GcsFixture::isDownload, 12_345, 1));
    assertThat(text("key")).isEqualTo(text);
  }

  @Test
  void damagedTextIsReadAgain() {
    put("key", "some text");
    gcs.corruptDownloads("key", 1);
    assertThat(store().readText("key").orElseThrow().text()).isEqualTo("some text");
    gcs.corruptDownloads("key", 100);
    assertFails(Reason.UNAVAILABLE, () -> store().readText("key"));
  }

  @Test
  void failuresSayWhatToDo() {
    gcs.server().inject(Fault.refuse(line -> line.contains("/o/some%2Fprefix%2Fa"), 401, 1));
    assertThatThrownBy(() -> store().stat("a"))
        .hasMessageContaining("expired or revoked; run 'gcloud auth");
    gcs.server().inject(Fault.refuse(line -> line.contains("/o/some%2Fprefix%2Fa"), 403, 1));
    assertFails(Reason.NO_ACCESS, () -> store().stat("a"));
    gcs.server().inject(Fault.refuse(line -> line.contains("/o/some%2Fprefix%2Fa"), 503, 99));
    assertFails(Reason.UNAVAILABLE, () -> store().stat("a"));
  }

  @Test
  void hostThatDoesNotAnswer() {
    try (ObjectStore store = gcs.open("gs://" + GcsFixture.BUCKET)) {
      gcs.server().close();
      assertFails(Reason.UNAVAILABLE, () -> store.stat("a"));
      assertThatThrownBy(() -> store.stat("a")).hasMessageContaining("ConnectException");
    }
  }

  @Test
  void missingBucket() {
    try (ObjectStore none = gcs.open("gs://no-such-bucket/x")) {
      assertFails(Reason.NO_BUCKET, () -> none.read("a", 0, 1));
      assertFails(Reason.NO_BUCKET, () -> none.list("a").findFirst());
      assertFails(Reason.NO_BUCKET, () -> none.put("a", new byte[1], Precondition.absent()));
      assertThatThrownBy(() -> none.read("a", 0, 1)).hasMessageContaining("gs://no-such-bucket");
    }
  }

  @Test
  void opensByUri() {
    Map<String, String> environment =
        Map.of(ObjectStores.EMULATOR_HOST, gcs.server().url().toString());
    try (ObjectStore store = ObjectStores.open("gs://bucket-1/x", environment)) {
      store.put("a", "b".getBytes(UTF_8), Precondition.absent());
      assertThat(store.list("")).hasSize(1);
    }
  }
}
