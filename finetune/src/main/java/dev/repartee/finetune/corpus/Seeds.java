package dev.repartee.finetune.corpus;

/** Seeds for each epoch and step, from the run's one seed. */
public final class Seeds {

  private Seeds() {}

  /** SplitMix64's output function (Steele, Lea, Flood 2014): neighbours give unrelated seeds. */
  public static long mix(long seed, long index) {
    long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
