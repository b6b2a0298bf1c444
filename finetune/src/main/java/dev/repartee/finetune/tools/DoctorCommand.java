package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.finetune.tools.DoctorChecks.Finding;
import dev.repartee.finetune.tools.DoctorChecks.Finding.Status;
import dev.repartee.text.cli.Output;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Shows what this machine has for Repartee. The exit code is 1 where something is missing, a device
 * that {@code --device} names included.
 */
@Command(
    name = "doctor",
    footer = {"  repartee doctor"},
    description = "Shows Java, engine, device and threads, what is missing and how to get it.")
public final class DoctorCommand implements Callable<Integer> {

  private final List<Supplier<Finding>> checks;

  @Mixin private Output output;

  @Mixin private DeviceOption device = new DeviceOption();

  public DoctorCommand() {
    this(DoctorChecks.ofThisMachine());
  }

  DoctorCommand(List<Supplier<Finding>> checks) {
    this.checks = List.copyOf(checks);
  }

  @Override
  public Integer call() {
    List<Finding> findings = checks.stream().map(Supplier::get).toList();
    boolean ok = findings.stream().noneMatch(finding -> finding.status() == Status.MISSING);
    List<String> lines = new ArrayList<>();
    Map<String, Object> json = new LinkedHashMap<>(Map.of("ok", ok));
    for (Finding finding : findings) {
      json.put(finding.name(), finding);
      lines.add(
          "%-8s %-10s %s".formatted(finding.status().id(), finding.name(), finding.summary()));
      finding.advice().ifPresent(advice -> lines.add(" ".repeat(19) + " -> " + advice));
    }
    lines.add(ok ? "ready" : "not ready: see what is missing above");
    output.print(json, lines);
    device.all(); // fails, after the report, where one is missing
    return ok ? 0 : 1;
  }
}
