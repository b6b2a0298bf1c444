package dev.repartee.infra.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.text.testing.Repository;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TerraformPoliciesTest {

  private static final Map<String, Function<TerraformModule, List<String>>> POLICIES =
      Map.ofEntries(
          Map.entry("no broad roles", TerraformPolicies::noBroadRoles),
          Map.entry("buckets are closed", TerraformPolicies::bucketsAreClosed),
          Map.entry("nodes are their own", TerraformPolicies::nodesAreTheirOwn),
          Map.entry("cluster is protected", TerraformPolicies::clusterIsProtected),
          Map.entry("no secrets or projects", TerraformPolicies::noSecretsOrProjects),
          Map.entry("no keys", TerraformPolicies::noKeys),
          Map.entry("tests read no secrets", TerraformPolicies::testsReadNoSecrets),
          Map.entry(
              "repositories are trusted by number",
              TerraformPolicies::repositoriesAreTrustedByNumber),
          Map.entry("every kind is granted", TerraformPolicies::everyKindIsGranted),
          Map.entry("references exist", TerraformPolicies::referencesExist));

  private static TerraformModule ours() {
    return TerraformModule.read(Repository.file("infra/terraform"));
  }

  @TestFactory
  Stream<DynamicTest> ourTerraformKeepsEveryPolicy() {
    return POLICIES.entrySet().stream()
        .map(
            policy ->
                dynamicTest(
                    policy.getKey(), () -> assertThat(policy.getValue().apply(ours())).isEmpty()));
  }

  @Test
  void theModuleIsThere() {
    TerraformModule module = ours();

    assertThat(module.blocks("resource")).hasSizeGreaterThan(40);
    assertThat(module.resources("google_container_node_pool")).hasSize(3);
  }
}
