package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.infra.pipeline.CloudBuildRules.CloudBuild;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DatabindException;

class CloudBuildTest {

  private static final String GOOD =
      """
      steps:
        - id: one
          name: maven:3.9.11@sha256:407c4423cec0cf2981055bc2c6c0dc211d9605b6669279b95997f2d1c7e91e2c
          args: [$_MODEL, infra/pipeline/train-candidate]
          timeout: 100s
        - id: two
          name: ${_REGION}-docker.pkg.dev/${PROJECT_ID}/repartee/training:${_TAG}
          args: [infra/pipeline/promote-production, '--version=${_VERSION}', 'a $${NOT_ONE}']
          waitFor: [one]
      substitutions:
        _MODEL: acme
        _REGION: r
        _TAG: ''
        _VERSION: ''
      timeout: 600s
      options:
        logging: CLOUD_LOGGING_ONLY
      serviceAccount: x
      """;

  @TestFactory
  Stream<DynamicTest> ourBuildsKeepTheRules() {
    return Sources.in("infra/cloudbuild", ".yaml").stream()
        .map(
            file ->
                dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(CloudBuildRules.check(Files.readString(file))).isEmpty()));
  }

  @Test
  void thereAreFour() {
    assertThat(Sources.in("infra/cloudbuild", ".yaml"))
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "cloudbuild-promote.yaml",
            "cloudbuild-roll-out.yaml",
            "cloudbuild-train.yaml",
            "cloudbuild.yaml");
  }

  /** Nothing is substituted and no file is there, which is what they must complain about. */
  @TestFactory
  Stream<DynamicTest> thePipelinesScriptsKnowTheirOptions(@TempDir Path empty) {
    return Sources.in("infra/cloudbuild", ".yaml").stream()
        .flatMap(file -> Yaml.read(Sources.text(file), CloudBuild.class).steps().stream())
        .map(CloudBuild.Step::args)
        .filter(args -> !args.isEmpty() && args.getFirst().startsWith("infra/pipeline/"))
        .map(
            args ->
                dynamicTest(
                    args.getFirst(),
                    () -> {
                      List<String> command = new ArrayList<>(args);
                      command.set(0, Repository.file(args.getFirst()).toString());
                      ProgramRun ended = ProgramRun.of(empty, Map.of(), command);
                      assertThat(ended.exitCode()).as(ended.all()).isEqualTo(2);
                      assertThat(ended.errors())
                          .containsPattern(
                              "train\\.jsonl\\.gz does not exist|--version must be the number")
                          .doesNotContain("unknown option");
                    }));
  }

  @Test
  void aGoodBuildIsGood() {
    assertThat(CloudBuildRules.check(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "serviceAccount: x          | tags: []              | serviceAccount is missing",
        "logging: CLOUD_LOGGING_ONLY| logging: NONE         | options.logging must be",
        "timeout: 600s              | timeout: 10 min       | timeout must be given in seconds",
        "timeout: 600s              | timeout: 90000s       | above the 24 hours",
        "timeout: 600s              | timeout: 60s          | one may take longer than the build",
        "id: two                    | id: one               | id is missing or taken: one",
        "waitFor: [one]             | waitFor: [three]      | waits for 'three'",
        "waitFor: [one]             | waitFor: [two]        | waits for 'two'",
        "11@sha256:407              | 11 | is not pinned by digest",
        "repartee/training:${_TAG}  | repartee/training:7   | training:7 is not pinned by digest",
        "repartee/training:${_TAG}  | x@sha256:407c4423cec0cf2981055bc2c6c0dc211d9605b6669279b95997f2d1c7e91e2c | two must run in an image of ours",
        "_VERSION: ''               | _VERSION: candidate   | two must be given the version's number",
        "--version=${_VERSION}      | --version=candidate   | two must be given the version's number",
        "[$_MODEL, infra            | [mvn, $_MODEL, infra  | tests are for the account repartee-build",
        "$_MODEL                    | $_MODLE               | $_MODLE is used but not declared",
        "$_MODEL                    | x                     | $_MODEL is declared but not used",
        "train-candidate            | train-candidat        | is no script of ours",
      })
  void rulesObject(String good, String bad, String objection) {
    assertThat(CloudBuildRules.check(GOOD.replace(good, bad)))
        .anySatisfy(problem -> assertThat(problem).contains(objection));
  }

  @ParameterizedTest
  @CsvSource({
    "waitFor,waitfor",
    "substitutions,substitution",
    "logging,log",
    "CLOUD_LOGGING_ONLY,CLOUD"
  })
  void unknownKeysAndValuesAreRefused(String good, String bad) {
    String broken = GOOD.replace(good, bad);

    assertThatThrownBy(() -> CloudBuildRules.check(broken))
        .isInstanceOf(DatabindException.class)
        .hasMessageContaining(bad);
  }
}
