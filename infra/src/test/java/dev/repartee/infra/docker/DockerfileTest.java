package dev.repartee.infra.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.docker.Dockerfile.Instruction;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class DockerfileTest {

  private static final Set<String> IMAGES =
      Set.of("serving", "serving-gpu", "training", "repartee");
  private static final Set<String> SERVICES = Set.of("serving", "serving-gpu", "repartee");

  @Test
  void keepsTheRules() {
    assertThat(broken(source())).isEmpty();
  }

  @Test
  void defaultTargetIsTheServingImage() {
    Dockerfile.Stage last = Dockerfile.parse(source()).stages().getLast();
    assertThat(last.base()).isEqualTo("serving");
    assertThat(last.instructions()).isEmpty();
  }

  /** A layer over all others, so that both images share those. */
  @Test
  void onlyTheImageForALookHoldsAModelAndABuildWithoutItSaysWhatToGive() {
    Dockerfile file = Dockerfile.parse(source());
    Dockerfile.Stage look = file.stage("repartee");
    assertThat(look.base()).isEqualTo("serving");
    assertThat(look.all("COPY"))
        .singleElement()
        .satisfies(copy -> assertThat(copy.flag("from")).contains("sample"));
    for (Dockerfile.Stage stage : file.stages()) {
      if (!stage.equals(look)) {
        assertThat(stage.all("COPY"))
            .noneMatch(copy -> copy.flag("from").equals(Optional.of("sample")));
      }
    }
    assertThat(file.stage("sample").all("RUN").getLast().text())
        .contains("--build-context sample=FOLDER")
        .endsWith("exit 1");
  }

  @Test
  void copiesComeFromStagesThatExist() {
    Dockerfile file = Dockerfile.parse(source());
    List<String> names = file.stages().stream().map(Dockerfile.Stage::name).toList();
    for (Dockerfile.Stage stage : file.stages()) {
      for (Instruction copy : stage.all("COPY")) {
        copy.flag("from").ifPresent(from -> assertThat(names).contains(from));
      }
    }
  }

  /** What the layout takes from the checkout reaches the build; the launcher only builds first. */
  @Test
  void theBuildGetsEveryFileThatTheLayoutCopies() {
    List<String> sent =
        Repository.text(".dockerignore")
            .lines()
            .filter(line -> line.startsWith("!"))
            .map(line -> line.substring(1))
            .toList();
    assertThat(
            Pattern.compile("\\$root/([\\w./-]+)")
                .matcher(Repository.text("infra/docker/stage"))
                .results())
        .extracting(found -> found.group(1))
        .contains("scripts/java-settings", "infra/pipeline/train-candidate")
        .filteredOn(path -> !path.equals("scripts/repartee"))
        .allMatch(path -> sent.stream().anyMatch(path::startsWith));
  }

  @Test
  void servingHoldsNothingOfTheGplModule() {
    Dockerfile file = Dockerfile.parse(source());
    for (String image : SERVICES) {
      assertThat(file.inherited(image))
          .filteredOn(each -> each.word().equals("COPY"))
          .noneMatch(copy -> copy.text().contains("/image/training"));
    }
  }

  @Test
  void linterFindsNothing() throws Exception {
    ProgramRun run = ProgramRun.of(Repository.file("infra/lint-dockerfiles").toString());
    Tools.need(run.exitCode() != 4, run.all());
    assertThat(run.exitCode()).as(run.all()).isZero();
  }

  private static String source() {
    return Repository.text("infra/docker/Dockerfile");
  }

  private static List<String> broken(String source) {
    return DockerfilePolicies.broken(Dockerfile.parse(source), IMAGES, SERVICES);
  }
}
