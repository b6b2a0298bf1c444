package dev.repartee.infra.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.infra.docker.Dockerfile.Instruction;
import dev.repartee.infra.testing.ExternalTools;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DockerfileTest {

  private static final Set<String> IMAGES = Set.of("serving", "serving-gpu", "training");
  private static final Set<String> SERVICES = Set.of("serving", "serving-gpu");

  @Test
  void keepsTheRules() {
    assertThat(broken(source())).isEmpty();
  }

  @Test
  void defaultTargetIsTheServingImage() {
    assertThat(Dockerfile.parse(source()).stages().getLast().name()).isEqualTo("serving");
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

  @Test
  void servingHoldsNothingOfTheGplModule() {
    Dockerfile file = Dockerfile.parse(source());
    for (String image : SERVICES) {
      assertThat(file.inherited(image))
          .filteredOn(each -> each.word().equals("COPY"))
          .noneMatch(copy -> copy.text().contains("/image/training"));
    }
  }

  /** Each row changes the real file in one place and names the rule that must then be reported. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "library/debian:trixie-slim@ | library/debian@ | no tag and digest",
        "@sha256:3a39 | '' | no tag and digest",
        "USER 10001:10001 | USER root | USER must be",
        "STOPSIGNAL SIGTERM | STOPSIGNAL SIGKILL | STOPSIGNAL",
        "ENTRYPOINT [\"/opt/repartee/bin/serve\"] | ENTRYPOINT /opt/repartee/bin/serve | JSON"
            + " array",
        "CMD [\"/opt/repartee/bin/health\"] | CMD true | bin/health",
        "COPY . . | ADD https://example.com/x . | use COPY",
        "ENV HOME=/tmp | ENV HOME=/tmp API_KEY=abc | a secret",
        "ARG LIBTORCH_SHA256 | ARG REGISTRY_PASSWORD | a secret",
        " && rm -rf /var/lib/apt/lists/* | '' | apt's lists",
        "--no-install-recommends | '' | nobody asked",
        "sha256sum -c - | cat | not checked",
        "/image/cache /var | /image/model.safetensors /var | models stay out",
        "WORKDIR /work | VOLUME /work | volume",
        "image.title= | image.name= | no label",
      })
  void reportsABrokenRule(String before, String after, String expected) {
    String from = before.replace("\\n", "\n");
    assertThat(source()).contains(from);
    assertThat(broken(source().replace(from, after.replace("\\n", "\n"))))
        .anySatisfy(broken -> assertThat(broken).contains(expected));
  }

  @Test
  void readerRefusesWhatItDoesNotRead() {
    ExternalTools.needParsers();
    assertThatThrownBy(() -> Dockerfile.parse("FROM a:1\nRUN <<EOF\nEOF\n"))
        .hasMessageContaining("line 2");
    assertThatThrownBy(() -> Dockerfile.parse("RUN true\n")).hasMessageContaining("line 1");
    assertThatThrownBy(() -> Dockerfile.parse("FROM a:1\nRUN true \\\n"))
        .hasMessageContaining("line 2");
  }

  @Test
  void readerJoinsLinesAndSplitsFlags() {
    Dockerfile file =
        Dockerfile.parse(
            "ARG B=a:1\nFROM ${B} AS x\nrun --mount=type=cache \\\n  # why\n  one \\\n  two\n");
    Instruction run = file.stage("x").all("RUN").getFirst();
    assertThat(run.line()).isEqualTo(3);
    assertThat(run.flag("mount")).contains("type=cache");
    assertThat(run.text().split("\\s+", -1)).containsExactly("one", "two");
    assertThat(file.substitute(file.stage("x").base())).isEqualTo("a:1");
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
