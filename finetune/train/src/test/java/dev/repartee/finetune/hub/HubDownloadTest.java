package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.hub.HubFault.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What arrives, over connections of every quality. */
class HubDownloadTest extends HubFixture {

  private static final int SOME = 10_000;

  @Test
  void theWantedFilesArriveAndTheStorageNeverSeesTheToken() {
    hub.acceptToken("hf_secret");
    LocalModel model = models(Optional.of("hf_secret")).fetch(HubReference.parse(NAME));
    assertThat(model.name()).isEqualTo(NAME + "@" + FakeHub.COMMIT);
    assertThat(model.folder()).isEqualTo(cache.resolve("acme/tiny").resolve(FakeHub.COMMIT));
    assertWhole(model.folder());
    assertThat(model.folder().resolve("README.md")).doesNotExist();
    assertThat(hub.hubRequests())
        .isNotEmpty()
        .allMatch(seen -> seen.authorization().equals("Bearer hf_secret"));
    assertThat(hub.storageRequests()).hasSize(1).allMatch(seen -> seen.authorization().isEmpty());
  }

  @Test
  void whatIsThereIsNotFetchedAgain() {
    Path first = fetch(NAME);
    int before = hub.hubRequests().size();
    assertThat(fetch(NAME)).isEqualTo(first);
    assertThat(hub.hubRequests()).hasSize(before + 1); // which commit main is now
    assertThat(fetch(NAME + "@" + FakeHub.COMMIT)).isEqualTo(first);
    assertThat(hub.hubRequests()).hasSize(before + 1);
    assertThat(hub.storageRequests()).hasSize(1);
  }

  @Test
  void aFileThatWasDamagedInTheCacheIsFetchedAgain() throws IOException {
    Path folder = fetch(NAME);
    byte[] damaged = hub.content(WEIGHTS).clone();
    damaged[SOME] ^= 1;
    Files.write(folder.resolve(WEIGHTS), damaged);
    assertWhole(fetch(NAME));
    assertThat(hub.downloads(WEIGHTS)).isEqualTo(2);
    assertThat(hub.downloads(TOKENIZER)).isEqualTo(1);
  }

  @Test
  void aRevisionMayHaveSlashes() {
    assertWhole(fetch(NAME + "@refs/pr/1"));
    assertThat(hub.hubRequests().getFirst().address())
        .isEqualTo("/api/models/acme/tiny/revision/refs%2Fpr%2F1?blobs=true");
  }

  @Test
  void cutConnectionsGoOnWhereTheyWereCut() {
    hub.inject(HubFault.times(3, Kind.CUT, "/blobs/", CUT));
    assertWhole(fetch(NAME));
    List<Integer> starts = starts();
    assertThat(starts).hasSize(4).startsWith(0).isSorted().doesNotHaveDuplicates();
    assertThat(starts.getLast()).isLessThanOrEqualTo(3 * CUT);
    assertThat(waits)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void aLargeFileMayBeCutMoreOftenThanThereAreAttempts() {
    byte[] large = new byte[9 << 20]; // large enough for a progress bar
    new Random(1).nextBytes(large);
    hub.put(WEIGHTS, large);
    hub.inject(HubFault.always(Kind.CUT, "/blobs/", 3 << 19));
    assertWhole(fetch(NAME));
    // At least 9 MiB in pieces of at most 1.5 MiB.
    assertThat(hub.storageRequests()).hasSizeGreaterThanOrEqualTo(6);
    assertThat(waits).hasSizeGreaterThan(ATTEMPTS).containsOnly(Duration.ofSeconds(1));
  }

  @Test
  void whatAnEarlierRunLeftIsGoneOnFrom() throws IOException {
    leavePart(WEIGHTS, SOME);
    leavePart(TOKENIZER, 10);
    assertWhole(fetch(NAME));
    assertThat(hub.storageRequests())
        .extracting(FakeHub.Seen::range)
        .containsExactly("bytes=10000-");
  }

  @Test
  void aPartThatIsCompleteIsNotAskedFor() throws IOException {
    leavePart(WEIGHTS, hub.content(WEIGHTS).length);
    assertWhole(fetch(NAME));
    assertThat(hub.downloads(WEIGHTS)).isZero();
  }

  @Test
  void aPartThatIsTooLongOrDamagedIsStartedAnew() throws IOException {
    leavePart(TOKENIZER, hub.content(TOKENIZER).length + 1);
    leavePart(WEIGHTS, SOME);
    byte[] part = Files.readAllBytes(part(WEIGHTS));
    part[7] ^= 1;
    Files.write(part(WEIGHTS), part);
    assertWhole(fetch(NAME));
    assertThat(hub.storageRequests())
        .extracting(FakeHub.Seen::range)
        .containsExactly("bytes=10000-", "");
  }

  @Test
  void aServerWithoutRangesSendsTheWholeFileAnew() throws IOException {
    leavePart(WEIGHTS, SOME);
    hub.inject(HubFault.always(Kind.NO_RANGES, "/blobs/", 0));
    assertWhole(fetch(NAME));
    assertThat(hub.storageRequests()).hasSize(1);
  }

  @Test
  void aRefusedRangeIsStartedAnew() throws IOException {
    leavePart(WEIGHTS, SOME);
    hub.inject(HubFault.times(1, Kind.STATUS, "/blobs/", 416));
    assertWhole(fetch(NAME));
    assertThat(hub.storageRequests())
        .extracting(FakeHub.Seen::range)
        .containsExactly("bytes=10000-", "");
  }

  @Test
  void aConnectionThatDeliversNothingIsCut() {
    hub.inject(HubFault.times(1, Kind.STALL, "/blobs/", SOME));
    HubModels impatient = models(Optional.empty(), Duration.ofMillis(400));
    assertWhole(impatient.fetch(HubReference.parse(NAME)).folder());
    assertThat(starts()).startsWith(0).hasSizeGreaterThan(1);
  }

  @Test
  void aWrongByteIsFetchedAgain() {
    hub.inject(HubFault.times(1, Kind.WRONG_BYTE, "/blobs/", SOME));
    hub.inject(HubFault.times(1, Kind.WRONG_BYTE, "resolve-cache", 3));
    assertWhole(fetch(NAME));
    assertThat(hub.downloads(WEIGHTS)).isEqualTo(2);
  }

  @Test
  void theHubIsWaitedForAsLongAsItAsks() {
    hub.inject(HubFault.times(1, Kind.STATUS, "/revision/", 429).with("Retry-After", "7"));
    hub.inject(
        HubFault.times(1, Kind.STATUS, "/config.json", 429).with("RateLimit", "\"api\";r=0;t=55"));
    hub.inject(HubFault.times(2, Kind.STATUS, "/blobs/", 503));
    assertWhole(fetch(NAME));
    assertThat(waits)
        .containsExactly(
            Duration.ofSeconds(7),
            Duration.ofSeconds(55),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));
  }

  @Test
  void anExpiredAddressOfTheStorageIsRenewed() {
    hub.inject(HubFault.times(1, Kind.STATUS, "/blobs/", 403));
    assertWhole(fetch(NAME));
    assertThat(hub.downloads(WEIGHTS)).isEqualTo(2);
  }
}
