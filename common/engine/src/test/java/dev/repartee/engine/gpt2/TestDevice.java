package dev.repartee.engine.gpt2;

import ai.djl.Device;
import java.nio.file.Path;

/** What tests compute on: {@code -Drepartee.device=cuda:0} takes a GPU, else it is the CPU. */
public final class TestDevice {

  private static final String NAME = System.getProperty("repartee.device", "cpu");

  private TestDevice() {}

  public static Device get() {
    if (NAME.equals("cpu")) {
      return Device.cpu();
    }
    if (!NAME.startsWith("cuda:")) {
      throw new IllegalArgumentException(
          "repartee.device must be cpu or such as cuda:0 but is " + NAME);
    }
    return Device.gpu(Integer.parseInt(NAME.substring("cuda:".length())));
  }

  public static Compute compute(Precision precision) {
    return new Compute(get(), precision);
  }

  /** A model folder on this device, in INT8 on the CPU; all tokens may come next. */
  public static Gpt2 load(Path folder, Precision precision) {
    return Gpt2.load(
        folder,
        precision == Precision.INT8 ? Compute.cpu(precision) : compute(precision),
        () -> new int[0]);
  }
}
