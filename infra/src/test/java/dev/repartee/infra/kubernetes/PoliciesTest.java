package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy holds for every deployment. */
class PoliciesTest {

  static Stream<Arguments> policies() {
    return Stream.of(Deployments.values())
        .flatMap(
            deployment ->
                Stream.of(Policy.values())
                    .filter(policy -> policy.concerns(deployment.what()))
                    .map(policy -> Arguments.of(policy, deployment)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void holds(Policy policy, Deployments deployment) {
    assertThat(policy.violations(Kustomize.render(deployment.folder()))).isEmpty();
  }
}
