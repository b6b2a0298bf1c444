package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.CpuFlags;

/** The processor: what models run on. */
final class CpuCheck implements Check {

  @Override
  public Finding run() {
    CpuFlags cpu = CpuFlags.ofThisMachine();
    int cores = Runtime.getRuntime().availableProcessors();
    String sets =
        cpu.instructionSets().isEmpty()
            ? "instruction sets unknown"
            : String.join(" ", cpu.instructionSets());
    return Finding.ok(
        "cpu",
        "%s, %d core%s usable, %s".formatted(cpu.model(), cores, cores == 1 ? "" : "s", sets),
        new Details()
            .add("model", cpu.model())
            .add("usable_cores", cores)
            .add("instruction_sets", cpu.instructionSets())
            .map());
  }
}
