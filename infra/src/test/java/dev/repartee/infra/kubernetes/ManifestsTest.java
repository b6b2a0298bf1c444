package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.kubernetes.CustomKinds.Kustomization;
import dev.repartee.infra.testing.Yaml;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Every file is valid, and is part of a deployment. */
class ManifestsTest {

  /** Not manifests: files of ConfigMaps, and the document that is sent to Service Management. */
  private static final Set<String> OTHERS = Set.of("serve.yaml", "gates.yaml", "openapi.yaml");

  static List<Path> manifests() throws IOException {
    try (Stream<Path> cluster = Files.walk(Deployments.ROOT);
        Stream<Path> endpoints = Files.walk(Path.of("endpoints"));
        Stream<Path> gateway = Files.walk(Path.of("gateway"))) {
      return Stream.of(cluster, endpoints, gateway)
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".yaml"))
          .filter(file -> !OTHERS.contains(file.getFileName().toString()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyFieldOfAFileIsKnown(Path file) {
    List<ObjectNode> documents = Yaml.documents(file);
    assertThat(documents).isNotEmpty();
    documents.forEach(ManifestsTest::removeDirectives);
    assertThat(documents).extracting(StrictModel::parse).doesNotContainNull();
  }

  /** A patch may have {@code $patch: delete}, which is no field of the object. */
  private static void removeDirectives(JsonNode node) {
    if (node instanceof ObjectNode object) {
      object.remove("$patch");
    }
    node.forEach(ManifestsTest::removeDirectives);
  }

  @ParameterizedTest
  @EnumSource(Deployments.class)
  void everyFieldOfADeploymentIsKnown(Deployments deployment) {
    Rendered rendered = Kustomize.render(deployment.folder());
    assertThat(rendered.documents()).extracting(StrictModel::parse).hasSizeGreaterThan(1);
    Set<String> names =
        rendered.documents().stream()
            .map(one -> Rendered.kind(one) + " " + Rendered.name(one))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(names).as("no object stands twice").hasSameSizeAs(rendered.documents());
  }

  @Test
  void noFileIsForgotten() throws IOException {
    Set<Path> named = new TreeSet<>();
    for (Path file : manifests()) {
      if (file.endsWith(Kustomize.FILE)) {
        Path folder = file.getParent();
        Kustomization content =
            StrictModel.parse(Yaml.documents(file).getFirst(), Kustomization.class);
        content.resources().forEach(one -> named.add(folder.resolve(one).normalize()));
        content.patches().stream()
            .filter(one -> one.path() != null) // or it stands in the file itself
            .forEach(one -> named.add(folder.resolve(one.path()).normalize()));
      }
    }
    assertThat(named)
        .containsAll(manifests().stream().filter(one -> !one.endsWith(Kustomize.FILE)).toList());
  }

  @ParameterizedTest
  @EnumSource(Deployments.class)
  void everythingIsInTheNamespaceButTheDriver(Deployments deployment) {
    for (ObjectNode document : Kustomize.render(deployment.folder()).documents()) {
      String expected =
          switch (Rendered.kind(document)) {
            case "Namespace" -> "";
            case "DaemonSet" -> "kube-system";
            default -> "repartee";
          };
      assertThat(document.at("/metadata/namespace").asString(""))
          .as(Rendered.kind(document) + " " + Rendered.name(document))
          .isEqualTo(expected);
    }
  }

  /** It is privileged, so it must run only on nodes that need it. */
  @Test
  void theDriverIsInstalledOnNodesWithAGpuAlone() {
    DaemonSet driver = Kustomize.render(Deployments.GPU.folder()).only(DaemonSet.class);
    assertThat(
            driver
                .getSpec()
                .getTemplate()
                .getSpec()
                .getAffinity()
                .getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms())
        .singleElement()
        .satisfies(
            term ->
                assertThat(term.getMatchExpressions())
                    .extracting(one -> one.getKey() + " " + one.getOperator())
                    .containsExactlyInAnyOrder(
                        "cloud.google.com/gke-accelerator Exists",
                        "cloud.google.com/gke-gpu-driver-version DoesNotExist"));
    assertThat(Kustomize.render(Deployments.CPU.folder()).all(DaemonSet.class)).isEmpty();
  }

  @Test
  void overlaysDifferInTheMachineAndTheImage() {
    Deployment cpu = Kustomize.render(Deployments.CPU.folder()).only(Deployment.class);
    Deployment gpu = Kustomize.render(Deployments.GPU.folder()).only(Deployment.class);
    assertThat(cpu.getSpec().getTemplate().getSpec().getNodeSelector())
        .containsEntry("cloud.google.com/machine-family", "c3");
    assertThat(gpu.getSpec().getTemplate().getSpec().getNodeSelector())
        .containsEntry("cloud.google.com/gke-accelerator", "nvidia-tesla-t4");
    assertThat(gpu.getSpec().getTemplate().getSpec().getTolerations())
        .anyMatch(one -> "nvidia.com/gpu".equals(one.getKey()));
    assertThat(Kustomize.render(Deployments.GPU.folder()).serving().getResources().getLimits())
        .containsKey("nvidia.com/gpu");
    assertThat(Kustomize.render(Deployments.GPU.folder()).serving().getArgs())
        .containsAll(Kustomize.render(Deployments.CPU.folder()).serving().getArgs())
        .contains("--device=cuda");
    assertThat(Kustomize.render(Deployments.CPU.folder()).serving().getImage())
        .isEqualTo("REGION-docker.pkg.dev/PROJECT/repartee/serving:VERSION");
    assertThat(Kustomize.render(Deployments.GPU.folder()).serving().getImage())
        .isEqualTo("REGION-docker.pkg.dev/PROJECT/repartee/serving-gpu:VERSION");
  }

  /** Without its GPU it fails and says so; it does not train on the CPU for days. */
  @Test
  void trainingOnAGpuAsksForOne() {
    assertThat(trainArguments(Deployments.TRAINING_SCHEDULE_GPU)).contains("--device=cuda");
    assertThat(trainArguments(Deployments.TRAINING_SCHEDULE)).doesNotContain("--device=cuda");
  }

  private static List<String> trainArguments(Deployments deployment) {
    return Kustomize.render(deployment.folder()).containers().getFirst().getArgs();
  }
}
