package dev.repartee.finetune.testing;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.suggest.TinyModel;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A base model with random weights and the few hundred tokens of {@link TinyModel}. With GPT-2's
 * 50,257 tokens nearly all that a small model computes is its LM head.
 */
public final class TinyBase {

  /** Nats; what the random weights lose on a token. */
  public static final double CHANCE = Math.log(290);

  private static final int POSITIONS = 512;

  private TinyBase() {}

  /** Writes configuration, tokenizer and weights; returns {@code folder}. */
  public static Path write(Path folder) throws IOException {
    Gpt2Config tiny = TinyModel.writeTokenizer(folder, 64);
    Gpt2Config config =
        new Gpt2Config(
            tiny.vocabulary(),
            POSITIONS,
            tiny.width(),
            tiny.layers(),
            tiny.heads(),
            tiny.epsilon());
    config.write(folder);
    try (Gpt2Program program = Gpt2Program.open(config, Device.cpu());
        Gpt2Weights weights = Gpt2Weights.random(config, program, 7)) {
      weights.write(folder);
    }
    return folder;
  }
}
