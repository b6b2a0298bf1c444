package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
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

class CloudBuildTest {

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
}
