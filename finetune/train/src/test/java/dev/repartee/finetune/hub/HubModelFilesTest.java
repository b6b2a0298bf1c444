package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.GoldenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Which files make a model folder, and what is said of models that have others. */
class HubModelFilesTest extends HubFixture {

  @Test
  void shardsAreFetchedByTheirIndex() throws IOException {
    Path sharded = GoldenModel.copyTo(temporary.resolve("again")).sharded(temporary.resolve("s"));
    hub.remove(WEIGHTS);
    try (Stream<Path> files = Files.list(sharded)) {
      for (Path file : files.toList()) {
        hub.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    hub.put("extra.safetensors", "not wanted");
    Path folder = fetch(NAME);
    for (int shard = 1; shard <= 2; shard++) {
      String name = "model-0000%d-of-00002.safetensors".formatted(shard);
      assertThat(folder.resolve(name)).hasBinaryContent(hub.content(name));
    }
    assertThat(folder.resolve("extra.safetensors")).doesNotExist();
    hub.close();
    assertThat(fetch(NAME)).isEqualTo(folder);
  }

  @Test
  void anIndexMayOnlyNameFilesOfTheModel() {
    hub.remove(WEIGHTS);
    hub.put("model.safetensors.index.json", "{\"weight_map\":{\"wte.weight\":\"../../x\"}}");
    assertThat(failure(NAME)).contains("has no ../../x, which model.safetensors.index.json names");
  }

  @Test
  void pickledWeightsAreToBeConverted() {
    hub.remove(WEIGHTS);
    hub.put("pytorch_model.bin", "pickled");
    assertThat(failure(NAME))
        .contains("pytorch_model.bin alone, which can run code", "--base FOLDER")
        .contains("GPT2LMHeadModel.from_pretrained('acme/tiny', revision='" + FakeHub.COMMIT)
        .contains("AutoTokenizer");
  }

  @Test
  void aModelWithoutWeightsIsRefused() {
    hub.remove(WEIGHTS);
    assertThat(failure(NAME)).contains("has no model.safetensors; take");
  }

  @Test
  void aBranchThatWasMendedIsFetched() {
    byte[] weights = hub.content(WEIGHTS);
    hub.remove(WEIGHTS);
    assertThat(failure(NAME)).contains("has no model.safetensors");
    hub.put(WEIGHTS, weights);
    assertWhole(fetch(NAME));
  }

  @Test
  void aModelWithoutATokenizerOrConfigurationCannotBeUsed() {
    hub.remove(TOKENIZER);
    assertThat(failure(NAME)).contains("has no tokenizer.json", "GPT2TokenizerFast");
    hub.remove("config.json");
    assertThat(failure(NAME)).contains("has no config.json, so it is not a model");
  }

  @Test
  void anotherArchitectureIsRefusedBeforeItsWeightsAreFetched() {
    hub.put("config.json", "{\"model_type\":\"llama\"}");
    assertThat(failure(NAME)).contains("model_type must be gpt2");
    assertThat(hub.downloads(WEIGHTS)).isZero();
  }

  @Test
  void twoAtOnceFetchEachFileOnce() {
    hub.inject(HubFault.times(1, HubFault.Kind.CUT, "/blobs/", CUT));
    CompletableFuture<Path> other = CompletableFuture.supplyAsync(() -> fetch(NAME));
    Path own = fetch(NAME);
    assertThat(other.join()).isEqualTo(own);
    assertWhole(own);
    assertThat(hub.downloads(TOKENIZER)).isEqualTo(1);
    assertThat(starts()).hasSize(2).startsWith(0).doesNotHaveDuplicates();
  }
}
