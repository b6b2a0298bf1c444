package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The simulator still runs. Its other tests are slow ones: it is no part of the service. */
class SimulateCommandTest {

  @Test
  void aShortScenarioGivesATableAndAPicture(@TempDir Path folder) {
    StringWriter out = new StringWriter();
    int code =
        new CommandLine(new SimulateCommand())
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(new StringWriter()))
            .execute(
                "--scenario=node-loss",
                "--change=cluster.warmUpSeconds=30",
                "--change=scenarios.node-loss.seconds=90",
                "--change=scenarios.node-loss.eventSeconds=30",
                "--no-json",
                "--output=" + folder);
    assertThat(code).isZero();
    assertThat(out.toString().lines()).hasSize(3);
    assertThat(out.toString()).contains("node-loss   before", "node-loss   repartee");
    assertThat(folder.resolve("autoscaling.svg")).content().startsWith("<svg").endsWith("</svg>\n");
    assertThat(folder.resolve("autoscaling.json")).content().startsWith("[{\"scenario\":");
  }
}
