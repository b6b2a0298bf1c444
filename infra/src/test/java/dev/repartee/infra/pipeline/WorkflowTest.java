package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who may do what in our workflows; {@code infra/lint-workflows} checks their syntax. */
class WorkflowTest {

  private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");
  private static final Pattern FOREIGN =
      Pattern.compile("\\$\\{\\{[^}]*\\b(inputs|github\\.event|github\\.head_ref)\\b");
  private static final Pattern BUILD = Pattern.compile("\\bmvn\\b|scripts/repartee");
  private static final Set<String> WRITES = Set.of("id-token", "pull-requests");

  /** What only jobs of the environment {@code release}, which has reviewers, may write. */
  private static final Set<String> RELEASE_WRITES = Set.of("contents", "packages");

  private static final String AUTHENTICATION = "google-github-actions/auth@";

  @TestFactory
  Stream<DynamicTest> ourWorkflowsKeepTheRules() {
    return Sources.in(".github/workflows", ".yml").stream()
        .map(
            file ->
                dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(problems(Yaml.documents(file).getFirst())).isEmpty()));
  }

  private static List<String> problems(JsonNode workflow) {
    List<String> problems = new ArrayList<>();
    if (!workflow.has("permissions")) {
      problems.add("permissions are missing: the default may write to the repository");
    }
    workflow
        .path("jobs")
        .forEachEntry(
            (name, job) -> {
              rights(job).forEach(problem -> problems.add(name + ": " + problem));
              job.path("steps")
                  .forEach(step -> step(step).forEach(one -> problems.add(name + ": " + one)));
            });
    return problems;
  }

  /**
   * Only jobs of the environment `production`, which has reviewers, may move that alias; and only a
   * job that logs in gets an identity token.
   */
  private static List<String> rights(JsonNode job) {
    List<String> problems = new ArrayList<>();
    String environment = job.path("environment").asString("");
    job.path("permissions")
        .forEachEntry(
            (right, value) -> {
              boolean released = environment.equals("release") && RELEASE_WRITES.contains(right);
              if (value.asString().equals("write") && !WRITES.contains(right) && !released) {
                problems.add("may write " + right);
              }
            });
    List<JsonNode> steps = job.path("steps").valueStream().toList();
    List<JsonNode> logins = steps.stream().filter(step -> uses(step, AUTHENTICATION)).toList();
    if (job.path("permissions").has("id-token") == logins.isEmpty()) {
      problems.add("id-token: write goes with " + AUTHENTICATION + ", both or neither");
    }
    if (!logins.isEmpty()
        && steps.stream()
            .anyMatch(step -> uses(step, "actions/cache") || step.path("with").has("cache"))) {
      problems.add("a cache that other jobs fill is not for a job that logs in");
    }
    if (environment.equals("production")
        && steps.stream()
            .anyMatch(
                step -> uses(step, "actions/setup-java") || BUILD.matcher(script(step)).find())) {
      problems.add("must build nothing; infra/pipeline/in-image runs what was tested");
    }
    for (JsonNode login : logins) {
      if (!login.path("with").has("workload_identity_provider")
          || login.path("with").has("credentials_json")) {
        problems.add("must log in by workload identity, without a key");
      }
      if (login.at("/with/service_account").asString("").startsWith("repartee-ci@")
          && !environment.equals("production")) {
        problems.add("repartee-ci is for the environment production alone");
      }
    }
    return problems;
  }

  private static List<String> step(JsonNode step) {
    List<String> problems = new ArrayList<>();
    if (step.has("uses") && !PINNED.matcher(step.path("uses").asString()).matches()) {
      problems.add(step.path("uses").asString() + " is not pinned to a commit");
    }
    if (uses(step, "actions/checkout@")
        && !step.at("/with/persist-credentials").asString("").equals("false")) {
      problems.add("a checkout must not leave its token to the steps after it");
    }
    if (FOREIGN.matcher(script(step)).find()) {
      problems.add(
          "a script must get what others write through env, not by ${{ }}: it could end the command");
    }
    return problems;
  }

  private static boolean uses(JsonNode step, String action) {
    return step.path("uses").asString("").startsWith(action);
  }

  private static String script(JsonNode step) {
    return step.path("run").asString("");
  }

  /** Otherwise a run that is repeated after a failure would go back twice. */
  @Test
  void theRollbackNamesTheVersionThatItLeaves() {
    JsonNode job = workflow("rollback.yml").at("/jobs/rollback");
    assertThat(job.at("/env/FROM").asString()).isEqualTo("${{ inputs.from }}");
    assertThat(job.path("steps").valueStream().map(WorkflowTest::script))
        .filteredOn(script -> script.contains(" rollback "))
        .hasSize(1)
        .allMatch(script -> script.contains("--from \"$FROM\"")) // an empty one is refused
        .allMatch(script -> script.contains("[ -n \"$WHY\" ]"));
  }

  /** Not those of the samples, which ask for a model of their conversations. */
  @Test
  void allPipelinesAskForTheGatesOfOneFile() {
    Pattern gates = Pattern.compile("--gates[= ](\\S+)");
    Stream<Path> files =
        Stream.of(
                Sources.in(".github/workflows", ".yml"),
                Sources.in("infra/cloudbuild", ".yaml"),
                List.of(Repository.file("docs/deploy.md")))
            .flatMap(List::stream);
    assertThat(files.flatMap(file -> gates.matcher(Sources.text(file)).results()))
        .extracting(found -> found.group(1))
        .filteredOn(file -> !file.startsWith("/gcs/")) // Vertex AI reads a copy
        .hasSize(5)
        .containsOnly("infra/kubernetes/training/base/gates.yaml");
  }

  /** Where a tool is missing there, tests fail: elsewhere they are skipped. */
  @ParameterizedTest
  @CsvSource({"ci.yml, verify", "nightly.yml, slow"})
  void continuousBuildsHaveEveryTool(String file, String job) {
    JsonNode tests = workflow(file).path("jobs").path(job);
    assertThat(tests.at("/env/REPARTEE_REQUIRE_TOOLS").asString()).isEqualTo("1");
    assertThat(tests.path("steps").valueStream().map(WorkflowTest::script))
        .contains("infra/lint/install");
  }

  /**
   * The commands of the release themselves, on the README as it is, and on what they made of it.
   */
  @Test
  void aReleaseNamesItsImageInTheReadmeAndTheNotes(@TempDir Path folder) throws Exception {
    Tools.need(Tools.has("bash"), "bash is missing: apt-get install bash");
    Path readme = Files.writeString(folder.resolve("README.md"), Repository.text("README.md"));
    for (String version : List.of("0.1.0", "0.2.0-rc1")) {
      ProgramRun named = released(folder, version, "Name the image in the README");
      assertThat(named.exitCode()).as(named.all()).isZero();
      assertThat(Files.readAllLines(readme))
          .filteredOn(line -> line.contains("docker run") || line.contains("first release"))
          .singleElement()
          .asString()
          .startsWith(
              "docker run --rm -p 127.0.0.1:8080:8080 ghcr.io/acme/repartee/repartee:%s demo   # "
                  .formatted(version));
    }
    assertThat(Files.readAllLines(readme))
        .hasSameSizeAs(Repository.text("README.md").lines().toList());
    Files.writeString(readme, "# Repartee\n");
    assertThat(released(folder, "0.1.0", "Name the image in the README").exitCode()).isEqualTo(1);

    Files.writeString(
        Files.createDirectories(folder.resolve("artifacts/release/notes")).resolve("notes.md"),
        "First.\n");
    Files.writeString(
        Files.createDirectories(folder.resolve("artifacts/images")).resolve("images.txt"),
        "ghcr.io/acme/repartee/serving@sha256:1\n");
    Path gh =
        Files.writeString(
            Files.createDirectories(folder.resolve("bin")).resolve("gh"), "#!/bin/sh\n");
    assertThat(gh.toFile().setExecutable(true)).isTrue();
    ProgramRun drafted = released(folder, "0.1.0", "Draft the release");
    assertThat(drafted.exitCode()).as(drafted.all()).isZero();
    assertThat(folder.resolve("artifacts/notes.md"))
        .hasContent(
            """
            First.

            ### Images

            - `ghcr.io/acme/repartee/serving@sha256:1`

            To look: `docker run --rm -p 127.0.0.1:8080:8080 ghcr.io/acme/repartee/repartee:0.1.0 demo`
            """);
  }

  private static ProgramRun released(Path folder, String version, String step)
      throws IOException, InterruptedException {
    String command =
        workflow("release.yml")
            .at("/jobs/publish/steps")
            .valueStream()
            .filter(one -> one.path("name").asString("").equals(step))
            .map(WorkflowTest::script)
            .findFirst()
            .orElseThrow();
    return ProgramRun.of(
        folder,
        Map.of(
            "IMAGES",
            "ghcr.io/Acme/Repartee",
            "GITHUB_REF_NAME",
            "v" + version,
            "PATH",
            folder.resolve("bin") + ":" + System.getenv("PATH")),
        List.of("bash", "-eo", "pipefail", "-c", command));
  }

  private static ObjectNode workflow(String file) {
    return Yaml.documents(Repository.file(".github/workflows/" + file)).getFirst();
  }
}
