package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline's scripts, with a launcher that only records its calls. */
class ScriptsTest {

  /** Its promotion ends with the exit code in the file {@code gate}. */
  private static final String LAUNCHER =
      """
      #!/usr/bin/env bash
      root=$(cd "$(dirname "$0")/.." && pwd)
      echo "$*" >> "$root/calls"
      case "$1 ${2:-}" in
        'models publish') case $3 in answers/*) echo 'published desk@3' ;; *) echo 'published acme@8' ;; esac ;;
        'models promote') case $3 in answers/*) echo 'desk@3 has no entries' ;; *) echo '| gate | met |' ;; esac; [ ! -f "$root/built" ] || cat "$root/built"; exit "$(cat "$root/gate")" ;;
        'models gates') echo '| beside production |' ;;
        'models list') [ -f "$root/shown" ] || { echo "library 'desk' has no version in store" >&2; exit 1; } ;;
        'answers diff') echo 'desk@production -> new: 1 entries added' ;;
      esac
      """;

  @TempDir private Path root;

  @BeforeEach
  void layOut() throws IOException {
    Tools.need(Tools.has("bash"), "bash is missing: apt-get install bash");
    for (String script :
        List.of(
            "pipeline/train-candidate",
            "pipeline/promote-production",
            "pipeline/publish-answers",
            "pipeline/in-image")) {
      write("infra/" + script, Repository.text("infra/" + script));
    }
    write("scripts/repartee", LAUNCHER);
    write("gates.yaml", "");
    write("gate", "0");
    for (String split : List.of("train", "validation", "test")) {
      write("data/" + split + ".jsonl.gz", "");
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private ProgramRun run(String... command) throws IOException, InterruptedException {
    return ProgramRun.of(root, Map.of(), List.of(command));
  }

  private ProgramRun train(String... more) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "infra/pipeline/train-candidate",
                "--data",
                "data",
                "--work",
                "work",
                "--store",
                "store"));
    command.addAll(List.of("--model", "acme", "--gates", "gates.yaml", "--summary", "summary.md"));
    command.addAll(List.of(more));
    return run(command.toArray(String[]::new));
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(root.resolve("calls"));
  }

  @Test
  void trainingPublishesAndMovesTheCandidate() throws IOException, InterruptedException {
    ProgramRun ended = train("--why", "run 7");

    assertThat(ended.exitCode()).as(ended.all()).isZero();
    assertThat(calls())
        .extracting(call -> call.replaceFirst(" --.*", ""))
        .containsExactly(
            "recipe", "models publish acme", "models promote acme@8", "models gates acme@8");
    assertThat(calls().getFirst()).as("a base of the registry").contains("--store store");
    assertThat(calls().get(1)).contains("--evaluation work/run/calm/evaluation.json");
    assertThat(calls().get(2)).contains("--alias candidate", "--gates gates.yaml", "--why run 7");
    assertThat(root.resolve("summary.md"))
        .content()
        .contains("| gate |", "acme@8 beside production");
  }

  @Test
  void aGateThatIsNotMetEndsWithThreeAndItsTable() throws IOException, InterruptedException {
    write("gate", "3");

    ProgramRun ended = train();

    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.all()).contains("| gate | met |", "acme@candidate stays where it was");
    assertThat(root.resolve("summary.md")).content().contains("| gate |");
    assertThat(root.resolve("work/production.md")).doesNotExist();
  }

  @Test
  void trainingAgainPublishesNothingTwice() throws IOException, InterruptedException {
    write("gate", "1");
    assertThat(train().exitCode()).isEqualTo(1);
    write("gate", "0");

    assertThat(train().exitCode()).isZero();
    assertThat(calls()).filteredOn(call -> call.startsWith("models publish")).hasSize(1);
  }

  /** Kubernetes stops a pod by a signal to its first process, which is the script. */
  @Test
  void aSignalReachesTheCommandAndTheScriptWaitsForIt() throws IOException, InterruptedException {
    write(
        "scripts/repartee",
        """
        #!/usr/bin/env bash
        trap 'sleep 0.2; echo saved > saved; exit 130' TERM
        echo begun > begun
        while :; do sleep 0.05; done
        """);
    Process script =
        new ProcessBuilder(
                "infra/pipeline/train-candidate",
                "--data=data",
                "--work=work",
                "--store=s",
                "--model=acme",
                "--gates=gates.yaml")
            .directory(root.toFile())
            .start();
    while (script.isAlive() && !Files.exists(root.resolve("begun"))) {
      Thread.sleep(10);
    }
    script.destroy();

    assertThat(script.waitFor()).isEqualTo(130);
    assertThat(root.resolve("saved")).exists();
  }

  /** Jobs in the cluster run it from the image, where there is no checkout. */
  @Test
  void inTheImageTheLauncherLiesBesideTheScript() throws IOException, InterruptedException {
    write("opt/bin/train-candidate", Repository.text("infra/pipeline/train-candidate"));
    write("opt/bin/repartee", LAUNCHER);
    write("opt/gate", "0");
    Files.delete(root.resolve("scripts/repartee"));

    ProgramRun ended =
        run(
            "opt/bin/train-candidate",
            "--data=data",
            "--work=work",
            "--store=store",
            "--model=acme",
            "--gates=gates.yaml");

    assertThat(ended.exitCode()).as(ended.all()).isZero();
    assertThat(Files.readAllLines(root.resolve("opt/calls"))).hasSize(4);
  }

  private ProgramRun promote(String version) throws IOException, InterruptedException {
    return run(
        "infra/pipeline/promote-production",
        "--store",
        "s",
        "--model",
        "acme",
        "--gates",
        "g",
        "--version",
        version);
  }

  @Test
  void promotionForwardsTheCodeOfAGate() throws IOException, InterruptedException {
    write("gate", "3");

    ProgramRun ended = promote("8");

    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(ended.all()).contains("production stays where it was");
    assertThat(calls().getFirst()).startsWith("models promote acme@8 --store s --alias production");
  }

  @Test
  void promotionTakesTheNumberThatWasApprovedAndNoAlias() throws IOException, InterruptedException {
    for (String version : List.of("candidate", "", "0", "8x")) {
      ProgramRun ended = promote(version);
      assertThat(ended.exitCode()).as(ended.all()).isEqualTo(2);
      assertThat(ended.all()).contains("--version");
    }
    assertThat(root.resolve("calls")).doesNotExist();
  }

  private ProgramRun publishAnswers(String... more) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("infra/pipeline/publish-answers", "--store", "s"));
    command.addAll(List.of("--library", "desk", "--csv", "a.csv"));
    command.addAll(List.of("--summary", "summary.md"));
    command.addAll(List.of(more));
    return run(command.toArray(String[]::new));
  }

  @Test
  void answersArePublishedAndPromotedAndTheFirstHaveNothingToBeComparedWith()
      throws IOException, InterruptedException {
    ProgramRun ended = publishAnswers();

    assertThat(ended.exitCode()).as(ended.all()).isZero();
    assertThat(calls())
        .extracting(call -> call.replaceFirst(" --.*", ""))
        .containsExactly(
            "answers import",
            "models list answers/desk@production",
            "models publish answers/desk",
            "models promote answers/desk@3");
    assertThat(calls().getFirst()).contains("--csv a.csv").doesNotContain("--never");
    assertThat(calls().getLast()).contains("--alias production");
    assertThat(ended.all()).contains("models rollback answers/desk", "--from 3");
  }

  @Test
  void anEditOfAnswersIsShownAndMayBeRefused() throws IOException, InterruptedException {
    write("shown", "");
    write("gate", "3");

    ProgramRun ended = publishAnswers("--never", "never.txt");

    assertThat(ended.exitCode()).isEqualTo(3);
    assertThat(calls().getFirst()).contains("--never never.txt");
    assertThat(root.resolve("summary.md")).content().contains("1 entries added", "has no entries");
    assertThat(ended.all()).contains("production stays where it was");
    assertThat(run("infra/pipeline/publish-answers", "--store", "s").exitCode()).isEqualTo(2);
  }
}
