package dev.repartee.finetune.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedBaseTest {

  @TempDir Path temporary;

  private LocalModel unpack() {
    return ShippedBase.unpack(Map.of("REPARTEE_CACHE", temporary.resolve("cache").toString()));
  }

  @Test
  void itIsAModelOf14MillionWeightsInHalfTheBytes() throws IOException {
    LocalModel base = unpack();
    assertThat(base.name()).startsWith("support-14m@");
    assertThat(base.folder()).startsWith(temporary.resolve("cache/bases/support-14m"));
    assertThat(base.folder().resolve(ConversationKeys.FILE))
        .as("of 68,688 conversations with replies")
        .hasSize(1_366_704);
    assertThat(base.folder().resolve("LICENSE")).content().startsWith("Attribution-ShareAlike 4.0");
    Gpt2Config config = Gpt2Config.read(base.folder());
    assertThat(config.layers()).isEqualTo(6);
    assertThat(config.width()).isEqualTo(384);
    assertThat(Files.size(base.folder().resolve(Gpt2Weights.FILE))).isLessThan(30_000_000);
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(base.folder())) {
      int[] ids = tokenizer.encode("How can I help you today?");
      assertThat(ids.length).isLessThan(9);
      assertThat(tokenizer.decode(ids)).isEqualTo("How can I help you today?");
    }
  }

  @Test
  void itIsUnpackedOnce() throws IOException {
    Path weights = unpack().folder().resolve(Gpt2Weights.FILE);
    Files.setLastModifiedTime(weights, FileTime.fromMillis(0));
    unpack();
    assertThat(Files.getLastModifiedTime(weights).toMillis()).isZero();
  }

  @Test
  void aCacheThatCannotBeWrittenIsSaid() throws IOException {
    Files.writeString(temporary.resolve("cache"), "a file, not a folder");
    assertThatThrownBy(this::unpack)
        .isInstanceOf(UserException.class)
        .hasMessageContaining("REPARTEE_CACHE");
  }
}
