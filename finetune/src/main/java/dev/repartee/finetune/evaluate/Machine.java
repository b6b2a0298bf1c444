package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.gpt2.CpuFlags;

/**
 * What times were measured on; those of two kinds cannot be compared.
 *
 * @param cpu the processor's name
 * @param cores that Java may use
 */
public record Machine(String cpu, int cores) {

  public Machine {
    requireNonNull(cpu, "cpu is null");
    if (cores < 1) {
      throw new IllegalArgumentException("cores must be at least 1 but is " + cores);
    }
  }

  /** The machine that this runs on. */
  public static Machine here() {
    return new Machine(
        CpuFlags.ofThisMachine().model(), Runtime.getRuntime().availableProcessors());
  }

  @Override
  public String toString() {
    return cores + " x " + cpu;
  }
}
