package dev.repartee.finetune.training;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Notices that steps became slow, and says why: by how much of the cores this process has. */
final class Pace {

  private static final int LEAST = 10;
  private static final double SLOW = 3;

  /** How long steps are slow before it is said, and again. */
  private static final double PATIENCE = 10;

  private static final double REPEATED = 600;

  private final int cores;
  private final LongSupplier processorNanos;
  private final RecentValues usual = new RecentValues(); // seconds a token
  private long processorBefore;
  private double slowFor; // seconds in a row
  private double slowCores;
  private double quietFor = REPEATED; // seconds since it was said

  Pace() {
    this(
        Runtime.getRuntime().availableProcessors(),
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())::getProcessCpuTime);
  }

  /**
   * @param processorNanos the processor's time that this process took
   */
  Pace(int cores, LongSupplier processorNanos) {
    this.cores = cores;
    this.processorNanos = processorNanos;
    this.processorBefore = processorNanos.getAsLong();
  }

  /** Takes a step; says once in a while that steps are slow, and why. */
  Optional<String> after(int tokens, double seconds) {
    long now = processorNanos.getAsLong();
    double processor = (now - processorBefore) / 1e9;
    processorBefore = now;
    quietFor += seconds;
    double perToken = seconds / Math.max(1, tokens);
    double median = usual.median(0);
    if (usual.size() < LEAST || perToken < SLOW * median) {
      slowFor = 0;
      slowCores = 0;
      usual.add(perToken);
      return Optional.empty();
    }
    slowFor += seconds;
    slowCores += processor;
    if (slowFor < PATIENCE || quietFor < REPEATED) {
      return Optional.empty();
    }
    quietFor = 0;
    double share = slowCores / slowFor;
    return Optional.of(
        String.format(
            Locale.ROOT,
            "steps take %.1f times as long as before; this process has %.1f of %d cores%s",
            perToken / median,
            share,
            cores,
            share < 0.75 * cores
                ? ": other processes take the rest; end them, or give this one fewer threads"
                    + " (OMP_NUM_THREADS)"
                : ", and its threads wait for each other: fewer threads (OMP_NUM_THREADS) or more"
                    + " lanes (--lanes) help"));
  }
}
