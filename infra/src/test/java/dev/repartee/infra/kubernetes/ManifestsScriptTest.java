package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ExternalTools;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** What {@code scripts/manifests} fills in. */
@Timeout(60)
class ManifestsScriptTest {

  private static final String SCRIPT = Repository.file("scripts/manifests").toString();
  private static final List<String> PLACEHOLDERS =
      List.of("PROJECT", "REGION", "VERSION", "INGRESS_IP");

  private static ProgramRun run(String... arguments) throws IOException, InterruptedException {
    return ProgramRun.of(
        Stream.concat(Stream.of(SCRIPT), Stream.of(arguments)).toArray(String[]::new));
  }

  @ParameterizedTest
  @EnumSource(Deployments.class)
  void nothingIsLeftToFillIn(Deployments deployment) throws IOException, InterruptedException {
    Tools.need(Tools.has("kustomize") || Tools.has("kubectl"), ExternalTools.KUSTOMIZE_IS_MISSING);
    ProgramRun run =
        run(
            deployment.id(),
            "--project",
            "my-project",
            "--region",
            "europe-west4",
            "--version",
            "1");
    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output()).doesNotContain(PLACEHOLDERS);
    assertThat(run.output()).contains("europe-west4-docker.pkg.dev/my-project/repartee/");
    List<ObjectNode> documents = Yaml.documents("output", run.output());
    assertThat(documents)
        .extracting(StrictModel::parse)
        .hasSameSizeAs(Kustomize.render(deployment.folder()).documents());
  }

  /** The tags of a release are in a registry of its own. */
  @Test
  void imagesOfAReleaseNeedNoRegion() throws IOException, InterruptedException {
    Tools.need(Tools.has("kustomize") || Tools.has("kubectl"), ExternalTools.KUSTOMIZE_IS_MISSING);
    ProgramRun run =
        run(
            "gpu",
            "--project",
            "my-project",
            "--images",
            "ghcr.io/acme/repartee",
            "--version",
            "0.1.0");
    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output())
        .doesNotContain(PLACEHOLDERS)
        .contains("image: ghcr.io/acme/repartee/serving-gpu:0.1.0");
  }

  @Test
  void theApiIsFilledInWithoutKubectl() throws IOException, InterruptedException {
    ProgramRun run = run("openapi", "--project", "my-project", "--ingress-ip", "203.0.113.7");
    assertThat(run.exitCode()).as(run.errors()).isZero();
    ObjectNode document = Yaml.documents("output", run.output()).getFirst();
    assertThat(run.output()).doesNotContain(PLACEHOLDERS);
    assertThat(document.path("host").asString())
        .isEqualTo("repartee.endpoints.my-project.cloud.goog");
    assertThat(document.at("/x-google-endpoints/0/target").asString()).isEqualTo("203.0.113.7");
  }

  @Test
  void cloudRunIsFilledInWithoutKubectl() throws IOException, InterruptedException {
    ProgramRun run =
        run("cloud-run", "--project", "my-project", "--region", "europe-west4", "--version", "1");
    assertThat(run.exitCode()).as(run.errors()).isZero();
    assertThat(run.output())
        .doesNotContain(PLACEHOLDERS)
        .contains("image: europe-west4-docker.pkg.dev/my-project/repartee/serving:1");
    assertThat(Yaml.documents("output", run.output())).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tpu",
        "cpu --project P",
        "cpu --project my-project --region europe-west4",
        "cpu --project my-project --region europe-west4 --version latest",
        "openapi --project my-project --ingress-ip localhost"
      })
  void wrongUsageWritesNoManifest(String arguments) throws IOException, InterruptedException {
    ProgramRun run = run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors()).startsWith("error: ").contains("--help");
  }
}
