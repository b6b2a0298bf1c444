package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.lab.autoscaling.Assumptions.HpaSettings;
import dev.repartee.lab.autoscaling.Assumptions.ScalingPolicy;
import dev.repartee.lab.autoscaling.Assumptions.ScalingRules;
import dev.repartee.lab.autoscaling.Assumptions.SystemSettings;
import dev.repartee.text.testing.Repository;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The bundled assumptions of the simulator agree with the manifests. */
class AutoscalerManifestTest {

  private static final String MANIFEST = "infra/kubernetes/base/autoscaler.yaml";
  private static final String NODE_POOLS = "infra/terraform/variables-nodes.tf";
  private static final Pattern CPU_MAXIMUM =
      Pattern.compile(
          "^variable \"cpu_nodes\" \\{$(?:(?!^}).)*?maximum\\s*=\\s*optional\\(number, (\\d+)\\)",
          Pattern.DOTALL | Pattern.MULTILINE);

  private static final Assumptions ASSUMPTIONS = AssumptionsFile.read(Optional.empty(), List.of());
  private static final SystemSettings REPARTEE = ASSUMPTIONS.systems().getLast();

  private final JsonNode spec =
      new YAMLMapper().readTree(Repository.file(MANIFEST)).required("spec");

  @Test
  void theAutoscalerIsTheManifests() {
    HpaSettings assumed = REPARTEE.hpa();
    JsonNode behavior = spec.required("behavior");
    HpaSettings deployed =
        new HpaSettings(
            spec.required("minReplicas").intValue(),
            spec.required("maxReplicas").intValue(),
            target(),
            assumed.tolerance(), // the controller's own, as is the next
            assumed.syncSeconds(),
            rules(behavior.required("scaleUp")),
            rules(behavior.required("scaleDown")));
    assertThat(assumed).isEqualTo(deployed);
  }

  @Test
  void bothSystemsAreScaledAlike() {
    HpaSettings before = ASSUMPTIONS.systems().getFirst().hpa();
    HpaSettings withItsMost =
        new HpaSettings(
            REPARTEE.hpa().minReplicas(),
            before.maxReplicas(),
            REPARTEE.hpa().target(),
            REPARTEE.hpa().tolerance(),
            REPARTEE.hpa().syncSeconds(),
            REPARTEE.hpa().scaleUp(),
            REPARTEE.hpa().scaleDown());
    assertThat(before).isEqualTo(withItsMost);
  }

  /** Otherwise pods would wait for machines that never come, which is not simulated. */
  @Test
  void thePoolHasRoomForAllPods() {
    Matcher maximum = CPU_MAXIMUM.matcher(Repository.text(NODE_POOLS));
    assertThat(maximum.find()).as("the maximum of cpu_nodes in %s", NODE_POOLS).isTrue();
    assertThat(Integer.parseInt(maximum.group(1)) * REPARTEE.nodes().podsPerNode())
        .as("pods that the CPU pool holds")
        .isGreaterThanOrEqualTo(spec.required("maxReplicas").intValue());
  }

  /** Of the metric that is simulated: requests in flight. */
  private double target() {
    List<JsonNode> metrics =
        spec.required("metrics")
            .valueStream()
            .filter(metric -> metric.path("type").asString().equals("Pods"))
            .toList();
    assertThat(metrics).as("metrics of pods in %s", MANIFEST).hasSize(1);
    JsonNode target = metrics.getFirst().required("pods").required("target");
    return Quantity.parse(target.required("averageValue").asString())
        .getNumericalAmount()
        .doubleValue();
  }

  private static ScalingRules rules(JsonNode behavior) {
    return new ScalingRules(
        ScalingRules.SelectPolicy.valueOf(upper(behavior.required("selectPolicy"))),
        behavior.required("stabilizationWindowSeconds").doubleValue(),
        behavior.required("policies").valueStream().map(AutoscalerManifestTest::policy).toList());
  }

  private static ScalingPolicy policy(JsonNode policy) {
    return new ScalingPolicy(
        ScalingPolicy.Type.valueOf(upper(policy.required("type"))),
        policy.required("value").intValue(),
        policy.required("periodSeconds").doubleValue());
  }

  private static String upper(JsonNode word) {
    return word.asString().toUpperCase(Locale.ROOT);
  }
}
