package dev.repartee.engine.gpt2;

import dev.repartee.text.UserException;
import dev.repartee.text.cli.Section;
import picocli.CommandLine.Option;

/** {@code --device}. */
public final class DeviceOption {

  @Section("Computing")
  @Option(
      names = "--device",
      defaultValue = "auto",
      paramLabel = "DEVICE",
      description =
          "auto (a GPU where there is one), cpu, cuda or cuda:N; training takes several:"
              + " cuda:0,cuda:1.")
  private String device = "auto";

  private final Gpus gpus;

  public DeviceOption() {
    this(Gpus.ofThisMachine());
  }

  public DeviceOption(Gpus gpus) {
    this.gpus = gpus;
  }

  /** What was given. */
  public String name() {
    return device;
  }

  /**
   * Every device that the option comes to.
   *
   * @throws UserException as {@link Devices#of} does
   */
  public Devices all() {
    return Devices.of(device, gpus);
  }

  /**
   * The one device that the option comes to.
   *
   * @throws UserException (wrong usage) also where it names several
   */
  public Devices one() {
    Devices all = all();
    if (!device.equalsIgnoreCase("auto") && all.list().size() > 1) {
      throw UserException.usage(
          "--device " + device + " names several devices, which only training can use; name one");
    }
    return all.first();
  }
}
