package dev.repartee.finetune.doctor;

import dev.repartee.common.gpt2.Precision;

/** What {@code --precision auto} chooses here, and why. */
final class PrecisionCheck implements Check {

  @Override
  public Finding run() {
    Precision chosen = Precision.best();
    String why =
        switch (chosen) {
          case BF16 -> "the CPU has BF16 instructions";
          case FP16 -> "the GPU has FP16 and no BF16";
          case FP32 -> "the CPU has no BF16 instructions, without which BF16 is slower";
        };
    return Finding.ok(
        "precision",
        chosen + ": " + why,
        new Details().add("chosen", chosen).add("why", why).map());
  }
}
