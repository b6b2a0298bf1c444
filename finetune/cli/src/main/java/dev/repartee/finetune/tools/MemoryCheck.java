package dev.repartee.finetune.tools;

import com.sun.management.OperatingSystemMXBean;
import dev.repartee.text.page.Quantities;
import java.lang.management.ManagementFactory;

/** Main memory; a container's limit counts as the machine's. */
final class MemoryCheck implements Check {

  private static final String NAME = "memory";

  /** GPT-2 124M in FP32 (0.5 GB) as it is read and converted, and the Java heap. */
  private static final long NEEDED = 2L << 30;

  @Override
  public Finding run() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return finding(
        system.getTotalMemorySize(), system.getFreeMemorySize(), Runtime.getRuntime().maxMemory());
  }

  static Finding finding(long total, long free, long heap) {
    String summary =
        "%s, of which %s free; Java heap up to %s"
            .formatted(Quantities.bytes(total), Quantities.bytes(free), Quantities.bytes(heap));
    Details details =
        new Details().add("total_bytes", total).add("free_bytes", free).add("max_heap_bytes", heap);
    // Free memory is only told: the system's file cache counts against it and gives way.
    return total < NEEDED
        ? Finding.warning(
            NAME,
            summary,
            details.map(),
            "GPT-2 124M needs about %s; use a smaller model, or a larger machine or limit"
                .formatted(Quantities.bytes(NEEDED)))
        : Finding.ok(NAME, summary, details.map());
  }
}
