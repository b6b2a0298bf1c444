package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.DatabindException;

class WorkflowTest {

  private static final String GOOD =
      """
      name: x
      on:
        workflow_dispatch:
      permissions: {}
      concurrency: x
      env:
        STORE: gs://x
      jobs:
        first:
          runs-on: ubuntu-latest
          timeout-minutes: 5
          outputs:
            version: ${{ steps.train.outputs.version }}
          steps:
            - uses: actions/checkout@v4
            - id: train
              run: echo "$STORE" "$GITHUB_SHA"
        second:
          needs: first
          runs-on: ubuntu-latest
          timeout-minutes: 5
          environment: production
          permissions:
            id-token: write
          env:
            VERSION: ${{ needs.first.outputs.version }}
          steps:
            - uses: google-github-actions/auth@v2
              with:
                workload_identity_provider: p
                service_account: repartee-ci@p
            - run: echo "$VERSION"
      """;

  @TestFactory
  Stream<DynamicTest> ourWorkflowsKeepTheRules() {
    return YamlFiles.in(".github/workflows", ".yml").stream()
        .map(
            file ->
                dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(WorkflowRules.check(Files.readString(file))).isEmpty()));
  }

  @Test
  void thereAreThoseThatTheDocumentsName() {
    assertThat(YamlFiles.in(".github/workflows", ".yml"))
        .extracting(file -> file.getFileName().toString())
        .contains("ci.yml", "images.yml", "rollback.yml", "train.yml");
  }

  @Test
  void aGoodWorkflowIsGood() {
    assertThat(WorkflowRules.check(GOOD)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permissions: {}           | defaults: {}              | permissions are missing",
        "concurrency: x            | defaults: {}              | concurrency is missing",
        "timeout-minutes: 5        | if: always()              | timeout-minutes is missing",
        "needs: first              | needs: [frist]            | needs 'frist'",
        "needs: first              | if: always()              | is no output of a job that it needs",
        "needs.first.outputs.version|needs.first.outputs.vrsion| is no output",
        "steps.train.outputs       | steps.trian.outputs       | no step has the id 'trian'",
        "id-token: write           | contents: write           | may write contents",
        "id-token: write           | contents: read            | id-token: write goes with",
        "environment: production   | environment: test         | for the environment production alone",
        "workload_identity_provider| credentials_json          | without a key",
        "checkout@v4               | checkout@main             | checkout@main is not pinned",
        "$STORE                    | $STROE                    | $STROE is in no env",
        "$STORE                    | ${{ inputs.x }}           | through env",
      })
  void rulesObject(String good, String bad, String objection) {
    assertThat(WorkflowRules.check(GOOD.replace(good, bad)))
        .anySatisfy(problem -> assertThat(problem).contains(objection));
  }

  @ParameterizedTest
  @CsvSource({"runs-on,run-on", "timeout-minutes,timeout", "with:,wiht:", "outputs:,output:"})
  void unknownKeysAreRefused(String good, String bad) {
    String broken = GOOD.replace(good, bad);

    assertThatThrownBy(() -> WorkflowRules.check(broken)).isInstanceOf(DatabindException.class);
  }
}
