package dev.repartee.finetune.source;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Precision;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class TrainingPrecisionOptionTest {

  @Command
  private static final class Training {
    @Mixin private TrainingPrecisionOption precision;
  }

  private static Precision chosen(Optional<Precision> before, String... arguments) {
    Training training = new Training();
    new CommandLine(training).setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
    return training.precision.precision(Device.cpu(), before);
  }

  @Test
  void autoOfAResumedRunIsWhatItBeganWith() {
    for (Precision before : new Precision[] {Precision.FP32, Precision.BF16}) {
      assertThat(chosen(Optional.of(before))).isEqualTo(before);
      assertThat(chosen(Optional.of(before), "--precision", "auto")).isEqualTo(before);
    }
    assertThat(chosen(Optional.of(Precision.BF16), "--precision", "FP32"))
        .isEqualTo(Precision.FP32);
    assertThat(chosen(Optional.empty(), "--precision", "BF16")).isEqualTo(Precision.BF16);
  }
}
