package dev.repartee.infra.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every policy holds for every deployment, and finds each mistake of {@link Mutation}. */
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

  static List<Mutation> mutations() {
    return Mutation.ALL;
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void isBroken(Mutation mutation) {
    Rendered broken = mutation.apply(Kustomize.render(mutation.deployment().folder()));
    assertThat(mutation.policy().violations(broken)).isNotEmpty();
  }

  @Test
  void noPolicyIsWithoutACaseThatBreaksIt() {
    Set<Policy> broken = Mutation.ALL.stream().map(Mutation::policy).collect(Collectors.toSet());
    assertThat(broken).containsExactlyInAnyOrderElementsOf(Arrays.asList(Policy.values()));
  }
}
