package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.CommandLines;
import dev.repartee.infra.testing.Yaml;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The service on Cloud Run. */
class CloudRunTest {

  /** Cloud Run gives a start this long, whatever its probe asks for. */
  private static final int MOST_START_SECONDS = 240;

  /** Of Knative's Service, the fields that Cloud Run reads and that are used here. */
  private record KnativeService(
      String apiVersion, String kind, ObjectMeta metadata, ServiceSpec spec) {
    record ServiceSpec(Template template) {}

    record Template(ObjectMeta metadata, Revision spec) {}

    record Revision(
        String serviceAccountName,
        int containerConcurrency,
        int timeoutSeconds,
        List<Container> containers,
        List<Volume> volumes) {}
  }

  private final KnativeService service =
      StrictModel.parse(
          Yaml.documents(Path.of("cloudrun/service.yaml")).getFirst(), KnativeService.class);
  private final KnativeService.Template template = service.spec().template();
  private final Container container = template.spec().containers().getFirst();

  @Test
  void theServiceTakesItsOptions() {
    CommandLine serve = CommandLines.serve().setCaseInsensitiveEnumValuesAllowed(true);
    var _ = serve.parseArgs(container.getArgs().toArray(String[]::new));
    assertThat(container.getArgs())
        .contains("--precision=int8", "--host=0.0.0.0", "--port=8080", "--admin-port=8081")
        // The disk ends with the instance, ten seconds after SIGTERM.
        .contains("--feedback-in-store", "--drain=0s")
        .noneMatch(argument -> argument.startsWith("--insecure"));
    assertThat(container.getPorts())
        .singleElement()
        .satisfies(port -> assertThat(port.getContainerPort()).isEqualTo(8080));
  }

  /** Google lets everybody in, so the service must ask. */
  @Test
  void callersNeedKeysOfSecretManager() {
    assertThat(service.metadata().getAnnotations())
        .containsEntry("run.googleapis.com/invoker-iam-disabled", "true");
    Map<String, String> environment =
        container.getEnv().stream().collect(Collectors.toMap(EnvVar::getName, EnvVar::getValue));
    String folder = container.getVolumeMounts().getFirst().getMountPath();
    String copy = environment.get("REPARTEE_API_KEYS_FILE");
    assertThat(container.getCommand())
        .containsExactly(
            "/bin/bash",
            "-c",
            "umask 077 && cp %s/keys %s && exec /opt/repartee/bin/serve \"$@\""
                .formatted(folder, copy),
            "serve");
    Volume keys = template.spec().volumes().getFirst();
    assertThat(keys.getName()).isEqualTo(container.getVolumeMounts().getFirst().getName());
    assertThat(keys.getSecret().getSecretName()).isEqualTo("repartee-api-keys");
    assertThat(keys.getSecret().getItems())
        .singleElement()
        .satisfies(
            item -> assertThat(item.getKey() + " " + item.getPath()).isEqualTo("latest keys"));
    assertThat(template.spec().serviceAccountName())
        .isEqualTo("repartee-serving@PROJECT.iam.gserviceaccount.com");
  }

  @Test
  void probesAskTheAdminPortAndAStartMayPullItsModel() {
    assertThat(container.getStartupProbe().getHttpGet().getPath()).isEqualTo("/health/startup");
    assertThat(container.getLivenessProbe().getHttpGet().getPath()).isEqualTo("/health/live");
    assertThat(List.of(container.getStartupProbe(), container.getLivenessProbe()))
        .allMatch(probe -> probe.getHttpGet().getPort().getIntVal() == 8081)
        .allMatch(probe -> probe.getTimeoutSeconds() <= probe.getPeriodSeconds());
    assertThat(seconds(container.getStartupProbe())).isEqualTo(MOST_START_SECONDS);
    assertThat(seconds(container.getLivenessProbe())).isGreaterThanOrEqualTo(30);
  }

  private static int seconds(Probe probe) {
    return probe.getPeriodSeconds() * probe.getFailureThreshold();
  }
}
