package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.finetune.tools.Finding.Status;
import dev.repartee.text.json.Json;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/**
 * Shows what this machine has for Repartee. The exit code is 1 where something is missing, a device
 * that {@code --device} names included.
 */
@Command(
    name = "doctor",
    description = "Shows Java, engine, device and threads, what is missing and how to get it.")
public final class DoctorCommand implements Callable<Integer> {

  private final List<Check> checks;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print one JSON object instead of text.")
  private boolean json;

  @Mixin private DeviceOption device = new DeviceOption();

  public DoctorCommand() {
    this(
        List.of(
            new JavaCheck(),
            new CpuCheck(),
            new PrecisionCheck(),
            new EngineCheck(),
            new GpuCheck(),
            new TokenizerCheck(),
            new NativeFolderCheck(),
            new MemoryCheck()));
  }

  DoctorCommand(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  @Override
  public Integer call() {
    List<Finding> findings = checks.stream().map(Check::run).toList();
    boolean ok = findings.stream().noneMatch(finding -> finding.status() == Status.MISSING);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.PRETTY.writeValueAsString(json(findings, ok)));
    } else {
      findings.forEach(finding -> print(out, finding));
      out.println(ok ? "ready" : "not ready: see what is missing above");
    }
    device.all(); // fails, after the report, where one is missing
    return ok ? 0 : 1;
  }

  private static void print(PrintWriter out, Finding finding) {
    out.printf("%-8s %-10s %s%n", finding.status().id(), finding.name(), finding.summary());
    finding.advice().ifPresent(advice -> out.printf("%-19s -> %s%n", "", advice));
  }

  private static ObjectNode json(List<Finding> findings, boolean ok) {
    ObjectNode root = Json.PRETTY.createObjectNode().put("ok", ok);
    for (Finding finding : findings) {
      ObjectNode entry = root.putObject(finding.name()).put("status", finding.status().id());
      finding.details().forEach((name, value) -> entry.set(name, Json.PRETTY.valueToTree(value)));
      finding.advice().ifPresent(advice -> entry.put("advice", advice));
    }
    return root;
  }
}
