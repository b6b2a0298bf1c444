package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Whom Cloud Build's builds run as, what they run, and in which images. */
class CloudBuildTest {

  private static final Pattern PINNED = Pattern.compile(".+@sha256:[0-9a-f]{64}");
  private static final Pattern OURS =
      Pattern.compile(
          "\\$\\{_REGION}-docker\\.pkg\\.dev/\\$\\{PROJECT_ID}/repartee/[a-z-]+:\\$\\{_TAG}");
  private static final String PROMOTE = "infra/pipeline/promote-production";

  @TestFactory
  Stream<DynamicTest> ourBuildsKeepTheRules() {
    return Sources.in("infra/cloudbuild", ".yaml").stream()
        .map(
            file ->
                dynamicTest(
                    file.getFileName().toString(),
                    () -> assertThat(problems(Yaml.documents(file).getFirst())).isEmpty()));
  }

  private static List<String> problems(JsonNode build) {
    List<String> problems = new ArrayList<>();
    String account = build.path("serviceAccount").asString("");
    if (account.isEmpty()) {
      problems.add("serviceAccount is missing: the default one may edit the whole project");
    }
    for (JsonNode step : build.path("steps")) {
      String id = step.path("id").asString("");
      String image = step.path("name").asString();
      List<String> args = args(step);
      if (!PINNED.matcher(image).matches() && !OURS.matcher(image).matches()) {
        problems.add(id + ": image " + image + " is not pinned by digest");
      }
      args.stream()
          .filter(argument -> argument.startsWith("infra/"))
          .filter(file -> !Files.isExecutable(Repository.file(file)))
          .forEach(file -> problems.add(id + ": " + file + " is no script of ours"));
      // Tests run other people's code, too.
      boolean tests = step.path("entrypoint").asString("").equals("mvn") || args.contains("mvn");
      if (tests && !account.contains("/repartee-build@")) {
        problems.add("tests are for the account repartee-build, which may not read secrets");
      }
      if (args.contains(PROMOTE) && !OURS.matcher(image).matches()) {
        problems.add(id + " must run in an image of ours, so that nothing is built");
      }
      if (args.contains(PROMOTE)
          && (!args.contains("--version=${_VERSION}")
              || !build.at("/substitutions/_VERSION").asString("none").isEmpty())) {
        problems.add(id + " must be given the version's number when it is started");
      }
    }
    return problems;
  }

  private static List<String> args(JsonNode step) {
    return step.path("args").valueStream().map(JsonNode::asString).toList();
  }

  /** Nothing is substituted and no file is there, which is what they must complain about. */
  @TestFactory
  Stream<DynamicTest> thePipelinesScriptsKnowTheirOptions(@TempDir Path empty) {
    return Sources.in("infra/cloudbuild", ".yaml").stream()
        .flatMap(file -> Yaml.documents(file).getFirst().path("steps").valueStream())
        .map(CloudBuildTest::args)
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
