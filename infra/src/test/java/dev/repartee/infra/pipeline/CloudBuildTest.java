package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.infra.testing.Sources;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DatabindException;

class CloudBuildTest {

  private static final String GOOD =
      """
      steps:
        - id: one
          name: maven:3.9.11
          args: [$_MODEL, infra/pipeline/train-candidate]
          timeout: 100s
        - id: two
          name: docker:24.0.9
          args: ['${PROJECT_ID}', 'a $${NOT_ONE}']
          waitFor: [one]
      substitutions:
        _MODEL: acme
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
  void thereAreThree() {
    assertThat(Sources.in("infra/cloudbuild", ".yaml"))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("cloudbuild-promote.yaml", "cloudbuild-train.yaml", "cloudbuild.yaml");
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
        "maven:3.9.11               | maven:latest          | maven:latest is not pinned",
        "maven:3.9.11               | maven                 | maven is not pinned",
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
