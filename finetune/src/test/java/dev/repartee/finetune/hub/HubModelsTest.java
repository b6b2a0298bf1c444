package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.repartee.finetune.hub.FakeHub.Kind;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.finetune.hub.HubModels.Reference;
import dev.repartee.finetune.hub.HubModels.RemoteFile;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What arrives over connections of every quality, what serves offline, and what is refused. */
class HubModelsTest extends HubFixture {

  private static final int ALWAYS = Integer.MAX_VALUE;
  private static final int SOME = 10_000;

  /**
   * Where connections are cut. The JDK's client loses what it has not handed over yet, up to some
   * buffers of 16 KiB, so that a part is shorter by an amount that differs from run to run.
   */
  private static final int CUT = 130_000;

  private final List<Duration> waits = new CopyOnWriteArrayList<>();

  /** Records the waits between attempts in {@link #waits} instead of waiting. */
  private HubModels models(Optional<String> token, Duration stall) {
    return new HubModels(hub.endpoint(), token, temporary.resolve("cache"), stall, waits::add);
  }

  private Path fetch(String name) {
    return models(Optional.empty(), Duration.ofMinutes(1)).fetch(name).folder();
  }

  /** The message of the failure, which is one line. */
  private String failure(String name) {
    UserException thrown = catchThrowableOfType(UserException.class, () -> fetch(name));
    assertThat(thrown).as("a failure").isNotNull();
    assertThat(thrown.getMessage()).doesNotContain("\n", "Signature");
    return thrown.getMessage();
  }

  private Path part(String name) {
    return temporary.resolve("cache/acme/tiny").resolve(FakeHub.COMMIT).resolve(name + ".part");
  }

  /** Puts the first bytes of a file where an earlier run would have left them. */
  private void leavePart(String name, int bytes) throws IOException {
    Files.createDirectories(part(name).getParent());
    Files.write(part(name), Arrays.copyOf(hub.content(name), bytes));
  }

  private List<String> ranges() {
    return hub.storageRequests.stream().map(FakeHub.Seen::range).toList();
  }

  private void assertWhole(Path folder) {
    for (String name : List.of("config.json", WEIGHTS, TOKENIZER)) {
      assertThat(folder.resolve(name)).hasBinaryContent(hub.content(name));
      assertThat(part(name)).doesNotExist();
    }
  }

  @Test
  void theWantedFilesArriveAndTheStorageNeverSeesTheToken() {
    LocalModel model = models(Optional.of("hf_secret"), Duration.ofMinutes(1)).fetch(NAME);
    assertThat(model.name()).isEqualTo(NAME + "@" + FakeHub.COMMIT);
    assertWhole(model.folder());
    assertThat(model.folder().resolve("README.md")).doesNotExist();
    assertThat(hub.hubRequests)
        .isNotEmpty()
        .allMatch(seen -> seen.authorization().equals("Bearer hf_secret"));
    assertThat(hub.storageRequests).hasSize(1).allMatch(seen -> seen.authorization().isEmpty());
  }

  @Test
  void whatIsThereIsNotFetchedAgainAndServesOffline() throws IOException {
    Path first = fetch(NAME);
    int before = hub.hubRequests.size();
    assertThat(fetch(NAME)).isEqualTo(first);
    assertThat(hub.hubRequests).hasSize(before + 1); // which commit main is now
    assertThat(fetch(NAME + "@" + FakeHub.COMMIT)).isEqualTo(first);
    assertThat(hub.hubRequests).hasSize(before + 1);
    hub.inject(1, Kind.STATUS, "/revision/", 503);
    assertThat(fetch(NAME)).isEqualTo(first);
    hub.inject(1, Kind.PAGE, "/revision/", 0);
    assertThat(fetch(NAME)).isEqualTo(first);
    hub.inject(1, Kind.STATUS, "/revision/", 404);
    assertThat(failure(NAME)).as("a refusal is not hidden").contains("answered 404");
    hub.close();
    assertThat(fetch(NAME)).isEqualTo(first);
    assertThat(waits).isEmpty();
    assertThat(failure(NAME + "@refs/pr/1")).contains("no connection to 127.0.0.1");
    Files.delete(first.resolve(TOKENIZER));
    assertThat(failure(NAME)).contains("/tokenizer.json: no connection to 127.0.0.1");
  }

  @Test
  void aRevisionMayHaveSlashes() {
    assertWhole(fetch(NAME + "@refs/pr/1"));
    assertThat(hub.hubRequests.getFirst().address())
        .isEqualTo("/api/models/acme/tiny/revision/refs%2Fpr%2F1?blobs=true");
  }

  @Test
  void whatWasDamagedInTheCacheIsFetchedAgain() throws IOException {
    Path folder = fetch(NAME);
    byte[] damaged = hub.content(WEIGHTS).clone();
    damaged[SOME] ^= 1;
    Files.write(folder.resolve(WEIGHTS), damaged);
    Files.writeString(folder.resolve("hub.json"), "{");
    assertWhole(fetch(NAME));
    assertThat(hub.downloads(WEIGHTS)).isEqualTo(2);
    assertThat(hub.downloads(TOKENIZER)).isEqualTo(1);
  }

  @Test
  void cutConnectionsGoOnWhereTheyWereCut() {
    hub.inject(3, Kind.CUT, "/blobs/", CUT);
    assertWhole(fetch(NAME));
    assertThat(ranges()).hasSize(4).startsWith("").doesNotHaveDuplicates();
    assertThat(waits).hasSize(3).containsOnly(Duration.ofSeconds(1));
  }

  @Test
  void whatAnEarlierRunLeftIsGoneOnFrom() throws IOException {
    leavePart(WEIGHTS, SOME);
    leavePart(TOKENIZER, hub.content(TOKENIZER).length);
    assertWhole(fetch(NAME));
    assertThat(ranges()).containsExactly("bytes=10000-");
    assertThat(hub.downloads(TOKENIZER)).isZero();
  }

  @Test
  void aPartThatIsTooLongOrDamagedIsStartedAnew() throws IOException {
    leavePart(TOKENIZER, hub.content(TOKENIZER).length + 1);
    leavePart(WEIGHTS, SOME);
    byte[] part = Files.readAllBytes(part(WEIGHTS));
    part[7] ^= 1;
    Files.write(part(WEIGHTS), part);
    assertWhole(fetch(NAME));
    assertThat(ranges()).containsExactly("bytes=10000-", "");
  }

  @Test
  void aServerWithoutRangesSendsTheWholeFileAnew() throws IOException {
    leavePart(WEIGHTS, SOME);
    hub.inject(ALWAYS, Kind.NO_RANGES, "/blobs/", 0);
    assertWhole(fetch(NAME));
    assertThat(hub.storageRequests).hasSize(1);
  }

  @Test
  void whatFailsForTheMomentIsTriedAgain() {
    hub.inject(1, Kind.STALL, "/blobs/", SOME);
    hub.inject(1, Kind.STATUS, "/blobs/", 403); // an address that expired
    hub.inject(2, Kind.STATUS, "/revision/", 503);
    hub.inject(1, Kind.STATUS, "/config.json", 429);
    hub.inject(1, Kind.WRONG_BYTE, TOKENIZER, 3);
    assertWhole(models(Optional.empty(), Duration.ofSeconds(1)).fetch(NAME).folder());
    assertThat(waits).startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2)).hasSize(6);
  }

  @Test
  void aByteThatIsWrongEveryTimeIsNotKept() {
    hub.inject(ALWAYS, Kind.WRONG_BYTE, "/blobs/", 1000);
    assertThat(failure(NAME)).contains("/model.safetensors: it came with another hash");
    assertThat(part(WEIGHTS)).doesNotExist();
    assertThat(part(WEIGHTS).resolveSibling(WEIGHTS)).doesNotExist();
  }

  @Test
  void aProxysPageIsNotKept() throws IOException {
    leavePart(WEIGHTS, 1000);
    hub.inject(ALWAYS, Kind.PAGE, "/blobs/", 0);
    assertThat(failure(NAME))
        .contains("26 bytes came instead of", "the page of a proxy", "kept 1.0 kB of 608.3 kB")
        .contains("run again to continue from there");
    assertThat(part(WEIGHTS)).hasSize(1000);
    hub.inject(ALWAYS, Kind.PAGE, "/revision/", 0);
    assertThat(failure(NAME)).contains("no list of files came, but perhaps the page of a proxy");
  }

  @Test
  void theErrorNamesTheAddressAndWhatToTry() {
    assertThat(failure("hf:acme/tny"))
        .startsWith(hub.endpoint() + "/api/models/acme/tny/revision/main")
        .contains("answered 404", "check the name", "HF_TOKEN", "-Dhttps.proxyHost=HOST");
    assertThat(waits).as("a refusal is not tried again").isEmpty();
    hub.close();
    assertThat(failure(NAME))
        .contains("no connection to 127.0.0.1", "without a network give a model folder");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDiskThatIsFullIsNotTriedAgain() throws IOException {
    leavePart(TOKENIZER, 0);
    Files.delete(part(TOKENIZER));
    Files.createSymbolicLink(part(TOKENIZER), Path.of("/dev/full"));
    assertThat(failure(NAME))
        .contains("tokenizer.json.part", "No space left on device", "make room");
    assertThat(waits).isEmpty();
  }

  @Test
  void aCacheThatCannotBeWritten() throws IOException {
    Files.writeString(temporary.resolve("cache"), "a file");
    assertThat(failure(NAME)).contains("the cache cannot be written", "set REPARTEE_CACHE");
  }

  @Test
  void aModelThatCannotBeUsedIsRefusedBeforeItsWeightsAreFetched() {
    hub.remove(TOKENIZER);
    assertThat(failure(NAME)).contains("has no tokenizer.json", "save_pretrained('FOLDER')");
    hub.remove(WEIGHTS);
    hub.put("pytorch_model.bin", "pickled");
    assertThat(failure(NAME)).contains("has no tokenizer.json and no model.safetensors");
    hub.put(TOKENIZER, "{}").put(WEIGHTS, "").put("config.json", "{\"model_type\":\"llama\"}");
    assertThat(failure(NAME)).contains("model_type must be gpt2");
    assertThat(hub.downloads(WEIGHTS)).isZero();
  }

  @Test
  void twoAtOnceFetchEachFileOnce() {
    hub.inject(1, Kind.CUT, "/blobs/", CUT);
    CompletableFuture<Path> other = CompletableFuture.supplyAsync(() -> fetch(NAME));
    Path own = fetch(NAME);
    assertThat(other.join()).isEqualTo(own);
    assertWhole(own);
    assertThat(hub.downloads(TOKENIZER)).isEqualTo(1);
    assertThat(ranges()).hasSize(2).startsWith("").doesNotHaveDuplicates();
  }

  @Test
  void hashesAreGitsAndSha256s() throws IOException {
    Path file = Files.writeString(temporary.resolve("a.json"), "hello\n");
    RemoteFile git = new RemoteFile("a.json", 6, "ce013625030ba8dba906f756967f9e9ca394464a");
    assertThat(git.isContentOf(file)).isTrue();
    String sha256 = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
    assertThat(new RemoteFile("a.json", 6, sha256).isContentOf(file)).isTrue();
    assertThat(git.isContentOf(Files.writeString(file, "jello\n"))).isFalse();
  }

  @Test
  void theRevisionIsMainUnlessGivenAndGpt2IsShort() {
    assertThat(Reference.parse("hf:acme/tiny")).isEqualTo(new Reference("acme/tiny", "main"));
    assertThat(Reference.parse("hf:acme/tiny.2@refs/pr/1"))
        .isEqualTo(new Reference("acme/tiny.2", "refs/pr/1"));
    assertThat(Reference.parse("gpt2").repository()).isEqualTo("openai-community/gpt2");
    assertThat(HubModels.looksLike("gpt2@production")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:tiny",
        "hf:/tiny",
        "hf:acme/",
        "hf:acme/tiny@",
        "hf:acme/tiny/more",
        "hf:../tiny",
        "hf:acme/..",
        "hf:acme/a--b",
        "hf:acme/ti ny",
        "hf:acme/tiny@../../x",
        "hf:acme/tiny@a?b"
      })
  void whatTheHubWouldNotTakeIsWrongUsage(String text) {
    assertThatThrownBy(() -> Reference.parse(text))
        .isInstanceOfSatisfying(
            UserException.class,
            e -> assertThat(e.kind()).isEqualTo(UserException.Kind.WRONG_USAGE))
        .hasMessageContaining("for example hf:openai-community/gpt2");
  }

  @Test
  void variablesThatCannotBeUsedAreNamedAndTheTokenIsNot() {
    assertThatThrownBy(() -> HubModels.of(Map.of("HF_TOKEN", "hf_\u00fcsecret")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("secret");
    for (String wrong : List.of("huggingface.co", "ftp://a", "https://", "https://a b")) {
      assertThatThrownBy(() -> HubModels.of(Map.of("HF_ENDPOINT", wrong)))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("HF_ENDPOINT must be an address such as https://huggingface.co");
    }
  }

  @Test
  void theCacheIsChosenByAVariable() {
    Map<String, String> environment = Map.of("REPARTEE_CACHE", "models");
    assertThat(HubModels.cache(environment)).isEqualTo(Path.of("models"));
  }
}
