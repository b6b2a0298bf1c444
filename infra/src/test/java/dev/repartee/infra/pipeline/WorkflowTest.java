package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class WorkflowTest {

  @TestFactory
  Stream<DynamicTest> ourWorkflowsKeepTheRules() {
    return Sources.in(".github/workflows", ".yml").stream()
        .map(
            file ->
                dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(WorkflowRules.check(Files.readString(file))).isEmpty()));
  }

  @Test
  void thereAreThoseThatTheDocumentsName() {
    assertThat(Sources.in(".github/workflows", ".yml"))
        .extracting(file -> file.getFileName().toString())
        .contains(
            "ci.yml", "images.yml", "nightly.yml", "release.yml", "rollback.yml", "train.yml");
  }

  /** Otherwise a run that is repeated after a failure would go back twice. */
  @Test
  void theRollbackNamesTheVersionThatItLeaves() {
    ObjectNode rollback = workflow("rollback.yml");
    assertThat(rollback.at("/jobs/rollback/env/FROM").asString()).isEqualTo("${{ inputs.from }}");
    assertThat(scripts(rollback.at("/jobs/rollback")))
        .filteredOn(script -> script.contains(" rollback "))
        .hasSize(1)
        .allMatch(script -> script.contains("--from \"$FROM\"")) // an empty one is refused
        .allMatch(script -> script.contains("[ -n \"$WHY\" ]"));
  }

  @Test
  void theSlowTestsRunEveryNight() {
    ObjectNode nightly = workflow("nightly.yml");
    assertThat(nightly.at("/on/schedule/0/cron").asString()).isNotEmpty();
    assertThat(nightly.path("on").has("workflow_dispatch")).isTrue();
    assertThat(nightly.at("/jobs/slow/timeout-minutes").intValue()).isEqualTo(90);
    assertThat(scripts(nightly.at("/jobs/slow"))).contains("mvn -B -Pslow verify");
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
        .filteredOn(file -> !file.startsWith("/gcs/")) // Vertex AI reads a copy, see below
        .hasSize(5)
        .containsOnly("infra/kubernetes/training/base/gates.yaml");
    assertThat(Repository.text("docs/deploy.md"))
        .contains("gcloud storage cp infra/kubernetes/training/base/gates.yaml gs://$PROJECT-");
    assertThat(Repository.text("infra/kubernetes/training/base/kustomization.yaml"))
        .as("what the jobs in the cluster read")
        .contains("      - gates.yaml");
  }

  @Test
  void theBillsOfMaterialsAreScanned() {
    ObjectNode ci = workflow("ci.yml");
    JsonNode scan = ci.at("/jobs/vulnerabilities");
    assertThat(scripts(scan))
        .anyMatch(script -> script.contains("-Psbom"))
        .anyMatch(script -> script.contains("sbom.json") && script.contains("--fail-on"));
    assertThat(scan.toString()).contains("anchore/scan-action/download-grype@");
  }

  /** The version comes from the tag, and nothing is written before a reviewer has approved. */
  @Test
  void aReleaseIsATagAway() {
    ObjectNode release = workflow("release.yml");
    assertThat(release.at("/on/push/tags/0").asString()).isEqualTo("v*");
    assertThat(scripts(release.at("/jobs/package")))
        .anyMatch(script -> script.contains("scripts/verify --yes -Pslow"))
        .anyMatch(script -> script.contains("scripts/package --version \"${GITHUB_REF_NAME#v}\""));
    assertThat(scripts(release.at("/jobs/images")))
        .as("as in infra/cloudbuild/image")
        .anyMatch(
            script -> script.contains("${LIBTORCH_SHA256:+--build-arg TRAINING_LIBTORCH=cuda}"));
    for (String job : List.of("images", "publish")) {
      assertThat(release.at("/jobs/" + job + "/environment").asString()).isEqualTo("release");
    }
  }

  /** Where a tool is missing there, tests fail: elsewhere they are skipped. */
  @ParameterizedTest
  @CsvSource({"ci.yml, verify", "nightly.yml, slow"})
  void continuousBuildsHaveEveryTool(String file, String job) {
    ObjectNode workflow = workflow(file);
    JsonNode tests = workflow.path("jobs").path(job);
    assertThat(tests.at("/env/REPARTEE_REQUIRE_TOOLS").asString()).isEqualTo("1");
    assertThat(scripts(tests)).contains("infra/lint/install");
  }

  private static ObjectNode workflow(String file) {
    return Yaml.documents(Repository.file(".github/workflows/" + file)).getFirst();
  }

  private static List<String> scripts(JsonNode job) {
    return job.path("steps").valueStream().map(step -> step.path("run").asString("")).toList();
  }
}
