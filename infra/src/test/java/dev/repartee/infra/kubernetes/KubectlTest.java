package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ExternalTools;
import dev.repartee.text.testing.Tools;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** kubectl sends what the policies were checked on. */
@Timeout(60)
class KubectlTest {

  @ParameterizedTest
  @EnumSource(Deployments.class)
  void rendersTheSame(Deployments deployment) {
    Tools.need(Tools.has("kubectl"), ExternalTools.KUBECTL_IS_MISSING);
    Rendered kubectl = Kustomize.render(List.of("kubectl", "kustomize"), deployment.folder());
    Map<String, ObjectNode> expected = byName(kubectl.documents());
    Map<String, ObjectNode> actual = byName(Kustomize.render(deployment.folder()).documents());
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, object) -> assertThat(object).as(name).isEqualTo(expected.get(name)));
  }

  private static Map<String, ObjectNode> byName(List<ObjectNode> documents) {
    Map<String, ObjectNode> named = new TreeMap<>();
    documents.forEach(one -> named.put(Rendered.kind(one) + " " + Rendered.name(one), one));
    return named;
  }
}
