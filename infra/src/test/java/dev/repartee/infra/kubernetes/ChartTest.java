package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import dev.repartee.infra.testing.Yaml;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The Helm chart, as Helm's own library renders it, under the policies of the overlays. */
class ChartTest {

  private static final Path CHART = Path.of("helm/repartee");

  /** The account's name is what the policies of Google's identity want. */
  private static final String REQUIRED =
      """
      image: REGION-docker.pkg.dev/PROJECT/repartee/serving:VERSION
      model: acme@production
      store: gs://PROJECT-repartee-models/registry
      serviceAccountAnnotations:
        iam.gke.io/gcp-service-account: repartee-serving@PROJECT.iam.gserviceaccount.com
      """;

  /** What a user writes beside the required values. */
  enum Values {
    MINIMAL("{}"),
    TOKENS("{keys: '', jwt: {issuer: 'https://issuer.example', audience: repartee}}"),
    KEYS_AND_TOKENS("jwt: {issuer: 'https://issuer.example', audience: repartee}"),
    CLAIM("{store: /store/registry, claim: models, memory: 8Gi, options: {learn: true}}"),
    AUTOSCALED("autoscaling: {minReplicas: 3, maxReplicas: 5, metric: inflight}"),
    AUTOSCALED_BY_CPU("autoscaling: {minReplicas: 3, maxReplicas: 5}"),
    INGRESS("ingress: {host: desk.example, className: nginx, tlsSecret: desk-tls}"),
    GATEWAY("gateway: {host: desk.example, name: web, namespace: edge, sectionName: https}");

    private final String yaml;

    Values(String yaml) {
      this.yaml = yaml;
    }
  }

  @TempDir private Path folder;

  private Rendered render(String more) throws IOException {
    Path required = Files.writeString(folder.resolve("required.yaml"), REQUIRED);
    String output =
        new Helm(CHART)
            .template()
            .withKubeVersion("1.30.0")
            .withNamespace("repartee")
            .withValuesFile(required)
            .withValuesFile(Files.writeString(folder.resolve("more.yaml"), more))
            .call();
    return new Rendered(Yaml.documents("the chart's output", output));
  }

  static Stream<Arguments> policies() {
    return Stream.of(Values.values())
        .flatMap(
            values ->
                Stream.of(Policy.values())
                    .filter(policy -> policy.concerns(Deployments.What.SERVICE))
                    .filter(policy -> policy != Policy.KEYS || values != Values.TOKENS)
                    .map(policy -> Arguments.of(policy, values)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void policyHolds(Policy policy, Values values) throws IOException {
    assertThat(policy.violations(render(values.yaml))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void everyFieldIsKnownAndInTheNamespaceOfTheRelease(Values values) throws IOException {
    List<?> objects =
        render(values.yaml).documents().stream()
            .peek(
                one -> assertThat(one.at("/metadata/namespace").asString("")).isEqualTo("repartee"))
            .map(StrictModel::parse)
            .toList();
    assertThat(objects).hasSizeGreaterThanOrEqualTo(8);
  }

  /** One description: the container is that of the overlay, whatever is changed in it later. */
  @Test
  void theContainerIsThatOfTheOverlay() throws IOException {
    assertThat(render("{}").serving())
        .isEqualTo(Kustomize.render(Deployments.CPU.folder()).serving());
  }

  @Test
  void theBuilderIsThatOfTheKustomization() throws IOException {
    String builder = "builder: {image: 'REGION-docker.pkg.dev/PROJECT/repartee/training:VERSION'}";
    assertThat(render(builder).containers())
        .contains(Kustomize.render(Deployments.BUILDER.folder()).containers().getFirst());
    assertThat(render(builder.replace("}", ", answers: desk@live}")).containers())
        .anyMatch(one -> one.getArgs().contains("--answers=desk@live"));
  }

  @Test
  void tokensReplaceTheKeys() throws IOException {
    Rendered rendered = render(Values.TOKENS.yaml);
    assertThat(rendered.configuration("serve.yaml").orElseThrow().path("jwt-issuer").asString())
        .isEqualTo("https://issuer.example");
    assertThat(rendered.serving().getEnv()).extracting("name").containsExactly("OMP_NUM_THREADS");
    assertThat(rendered.pods().getFirst().getSpec().getVolumes())
        .extracting(Volume::getName)
        .doesNotContain("api-keys");
  }

  @Test
  void aStoreMayBeAFolderOfAVolume() throws IOException {
    Rendered rendered = render(Values.CLAIM.yaml);
    assertThat(rendered.pods().getFirst().getSpec().getVolumes())
        .filteredOn(volume -> volume.getName().equals("store"))
        .extracting(Volume::getPersistentVolumeClaim)
        .extracting(PersistentVolumeClaimVolumeSource::getClaimName)
        .containsExactly("models");
    assertThat(rendered.serving().getVolumeMounts())
        .anyMatch(one -> "/store".equals(one.getMountPath()));
    assertThat(rendered.serving().getResources().getLimits().get("memory")).hasToString("8Gi");
    assertThat(rendered.configuration("serve.yaml").orElseThrow().path("learn").asBoolean())
        .isTrue();
  }

  @Test
  void anAutoscalerOwnsTheNumberOfPods() throws IOException {
    assertThat(render("replicas: 4").only(Deployment.class).getSpec().getReplicas()).isEqualTo(4);
    Rendered rendered = render(Values.AUTOSCALED.yaml);
    HorizontalPodAutoscaler scaler = rendered.only(HorizontalPodAutoscaler.class);
    assertThat(rendered.only(Deployment.class).getSpec().getReplicas()).isNull();
    assertThat(scaler.getSpec().getMinReplicas()).isEqualTo(3);
    assertThat(scaler.getSpec().getMetrics().getFirst().getPods().getMetric().getName())
        .isEqualTo("inflight");
    assertThat(
            render(Values.AUTOSCALED_BY_CPU.yaml)
                .only(HorizontalPodAutoscaler.class)
                .getSpec()
                .getMetrics())
        .extracting("type")
        .containsExactly("ContainerResource");
  }

  @Test
  void waysInHaveTlsAndLeadToTheService() throws IOException {
    Ingress ingress = render(Values.INGRESS.yaml).only(Ingress.class);
    assertThat(ingress.getSpec().getTls().getFirst().getHosts()).containsExactly("desk.example");
    assertThat(
            ingress
                .getSpec()
                .getRules()
                .getFirst()
                .getHttp()
                .getPaths()
                .getFirst()
                .getBackend()
                .getService()
                .getName())
        .isEqualTo("repartee");
    HTTPRoute route = render(Values.GATEWAY.yaml).only(HTTPRoute.class);
    assertThat(route.getSpec().getParentRefs().getFirst().getSectionName()).isEqualTo("https");
    assertThat(route.getSpec().getRules().getFirst().getBackendRefs().getFirst().getName())
        .isEqualTo("repartee");
  }

  @Test
  void requiredValuesAreNamed() {
    assertThatThrownBy(() -> new Helm(CHART).template().withKubeVersion("1.30.0").call())
        .hasMessageContaining("missing properties 'image', 'model', 'store'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "image: null | at '/image': got null, want string",
        "immage: a/b:1 | additional properties 'immage' not allowed",
        "image: a/b:latest | name a tag that stays",
        "image: serving | '/image'",
        "model: acme | '/model'",
        "store: /data | '/store'",
        "store: /store | name the PersistentVolumeClaim",
        "keys: null | keys and jwt are empty",
        "jwt: {issuer: 'https://issuer.example'} | missing property 'audience'",
        "options: {insecure: true} | options.insecure is set by the chart",
        "memory: 6GB | '/memory'",
        "builder: {answers: desk@live} | missing property 'image'",
        "replicas: 0 | '/replicas'",
        "ingress: {host: desk.example} | missing property 'tlsSecret'",
        "gateway: {host: desk.example, name: web} | missing property 'sectionName'"
      })
  void aWrongValueIsNamed(String yaml, String message) {
    assertThatThrownBy(() -> render(yaml)).hasMessageContaining(message);
  }

  @Test
  void helmsOwnRulesHold() throws IOException {
    Path chart = Files.createDirectory(folder.resolve("repartee"));
    for (String file : List.of("Chart.yaml", "values.schema.json", "templates", "base")) {
      Files.createSymbolicLink(chart.resolve(file), CHART.resolve(file).toRealPath());
    }
    Files.writeString(
        chart.resolve("values.yaml"),
        Files.readString(CHART.resolve("values.yaml"))
            + REQUIRED.replaceAll("(?s)serviceAccount.*", ""));
    LintResult result = new Helm(chart).lint().strict().call();
    assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
  }
}
