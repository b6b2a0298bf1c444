package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.Replies;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Version 1 is in production, version 2 is the candidate. */
class ExperimentCommandsTest {

  private static final String GATES = "experiment: { seconds_saved: 1 }\n";

  @TempDir private Path folder;

  @BeforeEach
  void publish() throws IOException {
    for (int version = 1; version <= 3; version++) {
      ok("publish", "acme", "--model", RegistryRun.model(folder.resolve("model"), version));
    }
    ok("promote", "acme@1", "--alias", "production");
    ok("promote", "acme@2", "--alias", "candidate");
  }

  private CommandRun models(Object... args) {
    return args[0].equals("experiment")
        ? RegistryRun.of(new ExperimentCommands(), folder, Arrays.copyOfRange(args, 1, args.length))
        : RegistryRun.of(new ModelsCommand(), folder, args);
  }

  private Path store() {
    return folder.resolve("store");
  }

  private CommandRun ok(Object... args) {
    CommandRun run = models(args);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run;
  }

  private Experiment start(Object... more) {
    List<Object> args = new ArrayList<>(List.of("experiment", "start", "shorter", "--json"));
    args.addAll(List.of("--baseline", "acme@production"));
    args.addAll(List.of(more));
    return Json.COMPACT.treeToValue(ok(args.toArray()).json(), Experiment.class);
  }

  /**
   * A reply for each conversation, which takes about so many seconds with the candidate. The arms
   * are drawn anew in each run, so each has its own series of times: no verdict depends on luck.
   */
  private void feedback(Experiment experiment, int conversations, int candidate) {
    List<String> lines = new ArrayList<>();
    Map<String, Integer> before = new HashMap<>();
    for (int i = 0; i < conversations; i++) {
      Arm arm = experiment.arm("", "c-" + i);
      int place = before.merge(arm.name(), 1, Integer::sum);
      int seconds = place % 3 + (arm.name().equals("candidate") ? candidate : 10);
      String text = "Your parcel is on its way%s.".formatted("!".repeat(i % 5));
      lines.add(
          Replies.typed("f-" + i, "c-" + i, "", "billing", text, seconds)
              .replace("\"version\":\"7\"", "\"version\":\"%d\"".formatted(arm.version()))
              .replace(
                  "\"queue\":",
                  "\"experiment\":{\"id\":\"%s\",\"arm\":\"%s\",\"version\":\"%d\"},\"queue\":"
                      .formatted(experiment.id(), arm.name(), arm.version())));
    }
    Replies.store(store(), FeedbackLog.day(experiment.started()), "1-a", lines);
  }

  private CommandRun promote() {
    return promote(GATES);
  }

  private CommandRun promote(String gates) {
    try {
      Path file = Files.writeString(folder.resolve("gates.yaml"), gates);
      return models("promote", "acme@2", "--alias", "production", "--gates", file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private int production() {
    return ok("list", "acme@production", "--json").json().path("version").asInt();
  }

  @Test
  void whatSavesTimeIsPromotedByGate() {
    Experiment experiment = start("--candidate", "acme@candidate", "--why", "to try it");
    assertThat(experiment.arms().toString())
        .isEqualTo(
            "[production: 47.5%, version 1, candidate: 47.5%, version 2, control: 5%, no"
                + " suggestions]");
    feedback(experiment, 2400, 7);
    JsonNode status = ok("experiment", "report", "shorter", "--json").json();
    assertThat(status.path("verdict").asString()).isEqualTo("saves");
    assertThat(status.at("/comparisons/0/seconds_saved/difference").asDouble())
        .isEqualTo(3, within(0.3));
    assertThat(ok("experiment", "report", "shorter").out())
        .contains("candidate against production saves time", "2400 conversations");
    assertThat(promote().exitCode()).as("it was not stopped").isEqualTo(3);
    CommandRun stopped = ok("experiment", "stop", "shorter");
    assertThat(stopped.out())
        .contains("experiment shorter is stopped", "models/acme/evaluations/2/experiment-");
    CommandRun promoted = promote();
    assertThat(promoted.exitCode()).as(promoted.err()).isZero();
    assertThat(promoted.out()).contains("experiment.seconds_saved", "shorter: saves +");
    assertThat(production()).isEqualTo(2);
  }

  @Test
  void whatDoesNotSaveEnoughIsNot() {
    feedback(start("--candidate", "acme@candidate"), 2400, 10);
    ok("experiment", "stop", "shorter");
    assertThat(ok("experiment", "stop", "shorter").out())
        .as("it was stopped before")
        .contains("experiment shorter is stopped", "is undecided", "stored as");
    CommandRun refused = promote();
    assertThat(refused.exitCode()).isEqualTo(3);
    assertThat(refused.err()).contains("1 of 2 gates are not met: experiment.seconds_saved");
    assertThat(production()).isOne();
    assertThat(promote("experiment: { seconds_saved: -1 }\n").exitCode())
        .as("that it costs a second is ruled out")
        .isZero();
  }

  @Test
  void gatesNameWhatIsMissing() {
    assertThat(promote().out()).contains("no experiment with acme@2 has a result");
    feedback(start("--candidate", "acme@candidate"), 150, 5);
    ok("experiment", "stop", "shorter");
    CommandRun few = promote();
    assertThat(few.exitCode()).isEqualTo(3);
    assertThat(few.out()).contains("shorter has 150 of at least 2000 conversations");
    ok("promote", "acme@3", "--alias", "production");
    assertThat(promote().out()).contains("shorter compared acme@2 with version 1");
  }

  @Test
  void gatesTakeTheNewestExperimentWithTheCurrentVersion() {
    Experiment current = start("--candidate", "acme@candidate");
    feedback(current, 2400, 7);
    ok("experiment", "stop", "shorter");
    ok("promote", "acme@3", "--alias", "production");
    start("--candidate", "acme@candidate");
    ok("experiment", "stop", "shorter");
    ok("promote", "acme@1", "--alias", "production");
    CommandRun promoted = promote();
    assertThat(promoted.exitCode()).as(promoted.out()).isZero();
  }

  @Test
  void aResultThatCannotBeStoredDoesNotKeepItRunning() throws IOException {
    Experiment experiment = start("--candidate", "acme@candidate");
    assertThat(ok("experiment", "report", "shorter").out()).contains("0 of at least 2000 conv");
    Path inTheWay = store().resolve("models/acme/evaluations/2");
    Files.createDirectories(inTheWay.getParent());
    Files.createFile(inTheWay);
    CommandRun stopped = models("experiment", "stop", "shorter");
    assertThat(stopped.exitCode()).isOne();
    assertThat(stopped.out()).contains("experiment shorter is stopped");
    assertThat(stopped.err()).contains("models/acme/evaluations/2");
    Files.delete(inTheWay);
    feedback(experiment, 2400, 5);
    assertThat(ok("experiment", "stop", "shorter").out()).contains("saves time", "stored as");
  }

  @Test
  void oneOfANameRunsAtATimeAndTheNextOneBeginsAnew() {
    Experiment first = start("--candidate", "acme@candidate");
    feedback(first, 2400, 5);
    CommandRun twice =
        models("experiment", "start", "shorter", "--baseline", "acme@1", "--candidate", "acme@2");
    assertThat(twice.exitCode()).isOne();
    assertThat(twice.err()).contains("experiment shorter runs since", "stop it first");
    ok("experiment", "stop", "shorter");
    Experiment second = start("--operating-point", "eager", "--control", "0");
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(second.arms().toString())
        .isEqualTo("[production: 50%, version 1, candidate: 50%, version 1, eager]");
    assertThat(ok("experiment", "report", "shorter", "--json").json().path("conversations").asInt())
        .isZero();
  }

  @Test
  void theControlGroupAloneIsAnExperiment() {
    Experiment experiment = start("--control", "40");
    feedback(experiment, 2400, 0);
    JsonNode status = ok("experiment", "report", "shorter", "--json").json();
    assertThat(status.at("/comparisons/0/arm").asString()).isEqualTo("production");
    assertThat(status.at("/comparisons/0/against").asString()).isEqualTo("control");
    assertThat(status.path("verdict").asString()).isEqualTo("undecided");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --candidate acme@1                     | are both acme@1
          --control 0                            | give a --candidate
          --control 95                           | --control must be between 0 and 90 but is 95
          --operating-point bold                 | --operating-point must be calm or eager
          """)
  void whatCannotBeStartedIsRefused(String options, String message) {
    List<Object> args = new ArrayList<>(List.of("experiment", "start", "shorter"));
    args.addAll(List.of("--baseline", "acme@production"));
    args.addAll(List.of(options.split(" ")));
    CommandRun run = models(args.toArray());
    assertThat(run.exitCode()).as(run.out()).isEqualTo(2);
    assertThat(run.err()).contains(message);
  }

  @Test
  void anUnknownOneIsNamed() {
    CommandRun run = models("experiment", "report", "longer");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("experiment longer does not exist", "experiment start");
    start("--candidate", "acme@candidate");
    assertThat(models("experiment", "report", "longer").err()).contains("there are shorter");
  }
}
