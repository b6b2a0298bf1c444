package dev.repartee.engine.gpt2;

import ai.djl.Device;
import dev.repartee.text.io.Resources;

/**
 * The GPT-2 program for a model of one shape. Its methods, their arguments and shapes are
 * documented in the program itself, {@code gpt2.py} beside this class.
 */
public final class Gpt2Program extends TorchScriptProgram {

  private final Gpt2Config config;

  private Gpt2Program(String source, Gpt2Config config, Device device) {
    super(source, attributes(config), device);
    this.config = config;
  }

  /** Loads the program for inference. */
  public static Gpt2Program open(Gpt2Config config, Device device) {
    return open(config, device, "");
  }

  /**
   * Loads the program with more methods.
   *
   * @param methods source that continues the class, indented as its methods are
   */
  public static Gpt2Program open(Gpt2Config config, Device device, String methods) {
    return new Gpt2Program(Resources.text(Gpt2Program.class, "gpt2.py") + methods, config, device);
  }

  private static Attributes attributes(Gpt2Config config) {
    return new Attributes("Gpt2")
        .put("training", false)
        .put("heads", (long) config.heads())
        .put("epsilon", config.epsilon())
        .putEmptyTensorList("w")
        .putEmptyList("packed")
        .put("reduced", false);
  }

  public Gpt2Config config() {
    return config;
  }
}
