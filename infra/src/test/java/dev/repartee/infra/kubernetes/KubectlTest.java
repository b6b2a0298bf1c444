package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.node.ObjectNode;

/** Policies are checked on what kubectl would send, too. */
@Timeout(60)
class KubectlTest {

  @ParameterizedTest
  @EnumSource(Deployments.class)
  void rendersTheSame(Deployments deployment) throws IOException, InterruptedException {
    assumeTrue(ProgramRun.kubectlIsThere(), ProgramRun.KUBECTL_IS_MISSING);
    ProgramRun run = ProgramRun.of("kubectl", "kustomize", deployment.folder().toString());
    assertThat(run.errors()).isEmpty();
    // The hash of a ConfigMap's content, which it has in its name.
    String plain = run.output().replaceAll("(repartee-[a-z]+-config)-[a-z0-9]{10}", "$1");
    Map<String, ObjectNode> expected = byName(Yaml.documents("kubectl", plain));
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
