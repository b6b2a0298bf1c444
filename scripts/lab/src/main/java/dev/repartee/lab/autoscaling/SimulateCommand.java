package dev.repartee.lab.autoscaling;

import dev.repartee.lab.autoscaling.Assumptions.Scenario;
import dev.repartee.lab.autoscaling.Assumptions.SystemSettings;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code scripts/simulate-autoscaling}: simulates both systems in the scenarios; writes a table or
 * JSON to stdout, and a picture.
 */
@Command(
    name = "simulate-autoscaling",
    footer = {"  scripts/simulate-autoscaling --scenario spike --output picture"},
    description =
        "Simulates how the service and the system that it replaced scale under a morning ramp, a"
            + " spike and the loss of a node.",
    mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {

  private static final String ALL = "all";
  private static final String HEAD =
      "scenario    system      requests  shed %  timed out %  times read   p50 ms   p95 ms   p99 ms  most pods"
          + "  pod hours  node hours  trouble s  recovered after s";

  @Spec private CommandSpec spec;

  @Option(
      names = "--scenario",
      paramLabel = "NAME",
      defaultValue = ALL,
      description = "One scenario of the assumptions, such as ramp, spike or node-loss, or all.")
  private String scenario;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed gives the same bytes.")
  private long seed;

  @Option(
      names = "--assumptions",
      paramLabel = "FILE",
      description = "YAML instead of the bundled assumptions.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--change",
      paramLabel = "PATH=VALUE",
      description =
          "Changes one assumption, such as systems.repartee.hpa.target=3; may be repeated.")
  private List<String> changes = new ArrayList<>();

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description = "Writes autoscaling.svg and autoscaling.json there.")
  private Optional<Path> output = Optional.empty();

  @Mixin private Output printed;

  @Override
  public Integer call() {
    Assumptions assumptions = AssumptionsFile.read(file, changes);
    List<ScenarioResult> results = new ArrayList<>();
    for (Scenario each : chosen(assumptions)) {
      for (SystemSettings system : assumptions.systems()) {
        spec.commandLine().getErr().println(each.title() + ", " + system.name() + "...");
        results.add(new Simulation(assumptions, each, system, seed).run());
      }
    }
    String text = Json.COMPACT.writeValueAsString(results);
    output.ifPresent(folder -> write(folder, new Picture(assumptions, results).svg(), text));
    spec.commandLine().getOut().print(printed.isJson() ? text + "\n" : table(results));
    spec.commandLine().getOut().flush();
    return 0;
  }

  private List<Scenario> chosen(Assumptions assumptions) {
    List<Scenario> chosen =
        assumptions.scenarios().stream()
            .filter(each -> scenario.equals(ALL) || scenario.equals(each.name()))
            .toList();
    if (chosen.isEmpty()) {
      String known =
          assumptions.scenarios().stream().map(Scenario::name).collect(Collectors.joining(", "));
      throw UserException.usage(
          "--scenario must be all or one of " + known + " but is '" + scenario + "'");
    }
    return chosen;
  }

  private static String table(List<ScenarioResult> results) {
    StringBuilder table = new StringBuilder(HEAD).append('\n');
    for (ScenarioResult result : results) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-12s%-10s%10d%8.2f%13.2f%12.2f%9.0f%9.0f%9.0f%11d%11.2f%12.2f%11.0f%19.0f%n",
              result.scenario(),
              result.system(),
              result.requests(),
              result.shedPercent(),
              result.timedOutPercent(),
              result.timesRead(),
              result.p50Ms(),
              result.p95Ms(),
              result.p99Ms(),
              result.mostPods(),
              result.podHours(),
              result.nodeHours(),
              result.troubleSeconds(),
              result.recoverySeconds()));
    }
    return table.toString();
  }

  private static void write(Path folder, String svg, String json) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("autoscaling.svg"), svg);
      Files.writeString(folder.resolve("autoscaling.json"), json + "\n");
    } catch (IOException e) {
      throw new UserException("--output " + folder + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
