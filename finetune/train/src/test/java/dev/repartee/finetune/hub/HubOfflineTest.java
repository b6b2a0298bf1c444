package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.hub.HubFault.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What was downloaded once serves without the hub. */
class HubOfflineTest extends HubFixture {

  @Test
  void aBranchIsTakenAsItWasLastSeen() {
    Path folder = fetch(NAME);
    hub.close();
    assertThat(fetch(NAME)).isEqualTo(folder);
    assertThat(waits).isEmpty();
    assertThat(fetch(NAME + "@" + FakeHub.COMMIT)).isEqualTo(folder);
  }

  @Test
  void aHubThatIsDownOrBehindALoginPageCountsAsAbsent() {
    Path folder = fetch(NAME);
    hub.inject(HubFault.times(1, Kind.STATUS, "/revision/", 503));
    assertThat(fetch(NAME)).isEqualTo(folder);
    hub.inject(HubFault.times(1, Kind.PAGE, "/revision/", 0));
    assertThat(fetch(NAME)).isEqualTo(folder);
  }

  @Test
  void aRefusalIsNotHiddenByTheCache() {
    fetch(NAME);
    hub.inject(
        HubFault.times(1, Kind.STATUS, "/revision/", 404).with("X-Error-Code", "RepoNotFound"));
    assertThat(failure(NAME)).contains("no such model");
  }

  @Test
  void aBranchThatWasNeverSeenNeedsTheHub() {
    fetch(NAME);
    hub.close();
    assertThat(failure(NAME + "@refs/pr/1")).contains("no connection to 127.0.0.1");
  }

  @Test
  void whatIsMissingOrDamagedNeedsTheHub() throws IOException {
    Path folder = fetch(NAME);
    hub.close();
    Files.delete(folder.resolve(TOKENIZER));
    assertThat(failure(NAME)).contains("no connection to 127.0.0.1");
    assertThat(failure(NAME + "@" + FakeHub.COMMIT))
        .contains("tokenizer.json: no connection to 127.0.0.1");
  }

  @Test
  void aDamagedListingIsWrittenAnew() throws IOException {
    Path folder = fetch(NAME);
    Files.writeString(folder.resolve("hub.json"), "{");
    assertThat(fetch(NAME)).isEqualTo(folder);
    hub.close();
    assertThat(fetch(NAME)).isEqualTo(folder);
  }
}
