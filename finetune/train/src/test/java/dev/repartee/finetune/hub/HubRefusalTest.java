package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.hub.HubFault.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Every failure says what happened and what to try. */
class HubRefusalTest extends HubFixture {

  @Test
  void aModelThatIsNotThere() {
    assertThat(failure("hf:acme/tny"))
        .contains("hf:acme/tny: no such model at " + hub.endpoint() + "/acme/tny")
        .contains("or it is private", "set HF_TOKEN");
    hub.acceptToken("hf_secret");
    assertThat(failure(Optional.of("hf_secret"), "hf:acme/tny"))
        .contains("HF_TOKEN's account may not see it; check the spelling");
    assertThat(waits).isEmpty();
  }

  @Test
  void aRevisionThatIsNotThere() {
    assertThat(failure(NAME + "@v9"))
        .contains("no revision 'v9'", "a branch, a tag or a full commit");
  }

  @Test
  void aFileThatIsListedButNotThere() {
    hub.inject(HubFault.always(Kind.STATUS, "resolve/", 404).with("X-Error-Code", "EntryNotFound"));
    assertThat(failure(NAME)).contains("config.json is listed but not there (404)");
  }

  @Test
  void aGatedModel() {
    hub.gate(Optional.empty());
    assertThat(failure(NAME))
        .contains("gated; accept its terms at " + hub.endpoint() + "/acme/tiny")
        .contains("set HF_TOKEN");
    assertThat(failure(Optional.of("hf_secret"), NAME))
        .contains("the account of HF_TOKEN has no access; accept the model's terms");
    hub.gate(Optional.of("hf_secret"));
    assertWhole(models(Optional.of("hf_secret")).fetch(HubReference.parse(NAME)).folder());
  }

  @Test
  void aWrongToken() {
    hub.acceptToken("hf_right");
    assertThat(failure(Optional.of("hf_secret"), NAME))
        .contains("does not accept HF_TOKEN", "/settings/tokens", "unset it for a public model");
  }

  @Test
  void aDisabledModel() {
    hub.inject(
        HubFault.always(Kind.STATUS, "/revision/", 403)
            .with("X-Error-Message", "Access to this resource is disabled."));
    assertThat(failure(NAME)).contains("answered 403 (Access to this resource is disabled.)");
  }

  @Test
  void aConnectionThatIsCutEveryTime() throws IOException {
    hub.inject(HubFault.always(Kind.CUT, "/blobs/", CUT));
    assertThat(failure(NAME))
        .contains("model.safetensors: the connection was cut", "MB of 0.6 MB in ")
        .contains("model.safetensors.part; run again to continue from there");
    assertThat(Files.size(part(WEIGHTS))).isBetween((long) CUT, (long) ATTEMPTS * CUT);
    assertThat(waits).hasSize(ATTEMPTS - 1);
  }

  @Test
  void aByteThatIsWrongEveryTime() {
    hub.inject(HubFault.always(Kind.WRONG_BYTE, "/blobs/", 1000));
    assertThat(failure(NAME)).contains("arrived with another SHA-256 hash", "was deleted");
    assertThat(part(WEIGHTS)).doesNotExist();
    assertThat(part(WEIGHTS).resolveSibling(WEIGHTS)).doesNotExist();
  }

  @Test
  void aHubThatAsksForTooMuchPatience() {
    hub.inject(HubFault.always(Kind.STATUS, "/revision/", 429).with("Retry-After", "3600"));
    assertThat(failure(NAME))
        .contains("429 (too many requests; HF_TOKEN raises the limit)", "asking to wait 3600 s");
    assertThat(waits).isEmpty();
  }

  @Test
  void aHubThatStaysBroken() {
    hub.inject(HubFault.always(Kind.STATUS, "/revision/", 500));
    assertThat(failure(NAME)).contains("answered 500; run again later");
    assertThat(waits).hasSize(ATTEMPTS - 1);
  }

  @Test
  void noNetwork() {
    hub.close();
    assertThat(failure(NAME))
        .contains("hf:acme/tiny: no connection to 127.0.0.1", "-Dhttps.proxyHost=HOST");
  }

  @Test
  void aProxysPageInsteadOfTheListing() {
    hub.inject(HubFault.always(Kind.PAGE, "/revision/", 0));
    assertThat(failure(NAME))
        .contains(
            "answered with text/html; charset=utf-8 instead of JSON", "login page of a proxy");
  }

  @Test
  void aProxysPageInsteadOfAFileIsNotKept() throws IOException {
    leavePart(WEIGHTS, 1000);
    hub.inject(HubFault.always(Kind.PAGE, "/blobs/", 0));
    assertThat(failure(NAME)).contains("answered with 26 bytes of type 'text/html");
    assertThat(part(WEIGHTS)).hasSize(1000);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aDiskThatIsFullIsNotTriedAgain() throws IOException {
    leavePart(TOKENIZER, 0);
    Files.delete(part(TOKENIZER));
    Files.createSymbolicLink(part(TOKENIZER), Path.of("/dev/full"));
    assertThat(failure(NAME))
        .contains("tokenizer.json.part cannot be written: No space left on device", "make room");
    assertThat(waits).isEmpty();
  }

  @Test
  void aCacheThatCannotBeWritten() throws IOException {
    Files.writeString(cache, "a file");
    assertThat(failure(NAME)).contains("the cache cannot be written", "set REPARTEE_CACHE");
  }
}
