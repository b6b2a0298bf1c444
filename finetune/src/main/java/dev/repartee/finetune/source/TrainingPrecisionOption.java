package dev.repartee.finetune.source;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.PrecisionChoice;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --precision}, for commands that train a model. */
public final class TrainingPrecisionOption {

  @Option(
      names = "--precision",
      defaultValue = "auto",
      paramLabel = "auto|fp32|fp16|bf16",
      description =
          "What the model computes in; auto takes BF16 on GPUs that have it and on CPUs where it"
              + " is faster by measurement, FP16 on older GPUs.")
  private PrecisionChoice choice;

  /**
   * The precision for {@code device}.
   *
   * @throws dev.repartee.text.UserException for INT8
   */
  public Precision precision(Device device) {
    return choice.forTraining(device);
  }

  /**
   * The precision for a run that may be resumed. {@code auto} then keeps what the run began with,
   * since a busy machine may measure other speeds the second time.
   *
   * @param before the precision of the run that is resumed
   */
  public Precision precision(Device device, Optional<Precision> before) {
    return choice == PrecisionChoice.AUTO && before.isPresent() ? before.get() : precision(device);
  }
}
