package dev.repartee.infra.terraform;

import dev.repartee.infra.terraform.TerraformModule.Block;
import dev.repartee.registry.models.RegistryKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Rules for our Terraform. Each returns its violations. */
final class TerraformPolicies {

  private static final Pattern PRIMITIVE =
      Pattern.compile("(?<![\\w./])roles/(owner|editor|viewer|storage\\.admin)(?![\\w.])");
  private static final Pattern PUBLIC = Pattern.compile("\\ball(Authenticated)?Users\\b");
  private static final Pattern SECRET =
      Pattern.compile(
          "-----BEGIN|\\bAIza[0-9A-Za-z_-]{30}|\\bya29\\.|\"private_key\"|\\bgh[pousr]_[0-9A-Za-z]{30}");
  private static final Pattern PROJECT_ID =
      Pattern.compile(
          "projects/[a-z][a-z0-9-]{5,}(?=/)|@[a-z][a-z0-9-]{5,}\\.iam\\.gserviceaccount\\.com");
  private static final String TESTER = "google_service_account.build.member";
  private static final Pattern READS_SECRETS =
      Pattern.compile("roles/(container\\.(developer|admin|clusterAdmin)|secretmanager\\.)");
  private static final String BY_NUMBER =
      "assertion.repository_id == '${var.github_repository_id}'"
          + " && assertion.repository_owner_id == '${var.github_owner_id}'";
  private static final Map<List<String>, String> BUCKET =
      Map.of(
          List.of("uniform_bucket_level_access"), "true",
          List.of("public_access_prevention"), "enforced",
          List.of("versioning", "enabled"), "true");
  private static final Map<List<String>, String> NODES =
      Map.of(
          List.of("workload_metadata_config", "mode"), "GKE_METADATA",
          List.of("service_account"), "google_service_account.nodes.email",
          List.of("shielded_instance_config", "enable_integrity_monitoring"), "true");
  private static final Map<List<String>, String> CLUSTER =
      Map.of(
          List.of("deletion_protection"), "var.deletion_protection",
          List.of("enable_shielded_nodes"), "true",
          List.of("datapath_provider"), "ADVANCED_DATAPATH",
          List.of("private_cluster_config", "enable_private_nodes"), "true",
          List.of("monitoring_config", "managed_prometheus", "enabled"), "true");

  private TerraformPolicies() {}

  static List<String> noBroadRoles(TerraformModule module) {
    return strings(module)
        .filter(
            found -> PRIMITIVE.matcher(found.text()).find() || PUBLIC.matcher(found.text()).find())
        .map(found -> found.where() + ": grants too much: " + found.text())
        .toList();
  }

  static List<String> bucketsAreClosed(TerraformModule module) {
    return module
        .resources("google_storage_bucket")
        .flatMap(bucket -> missing(bucket, bucket.body(), BUCKET).stream())
        .toList();
  }

  /** Holds for node pools and for the default pool of a cluster. */
  static List<String> nodesAreTheirOwn(TerraformModule module) {
    Stream<Block> owners =
        Stream.concat(
            module.resources("google_container_node_pool"),
            module.resources("google_container_cluster"));
    List<String> problems = new ArrayList<>();
    owners.forEach(
        owner -> {
          List<JsonNode> configs = TerraformModule.children(owner.body(), "node_config").toList();
          if (configs.isEmpty()) {
            problems.add(owner.where() + ": has no node_config");
          }
          configs.forEach(config -> problems.addAll(missing(owner, config, NODES)));
        });
    return problems;
  }

  static List<String> clusterIsProtected(TerraformModule module) {
    return module
        .resources("google_container_cluster")
        .flatMap(cluster -> missing(cluster, cluster.body(), CLUSTER).stream())
        .toList();
  }

  static List<String> noSecretsOrProjects(TerraformModule module) {
    return strings(module)
        .filter(
            found -> SECRET.matcher(found.text()).find() || PROJECT_ID.matcher(found.text()).find())
        .map(found -> found.where() + ": holds a secret or a project's id: " + found.text())
        .toList();
  }

  /** Keys of service accounts never expire, and the value of a secret would be in the state. */
  static List<String> noKeys(TerraformModule module) {
    return Stream.of("google_service_account_key", "google_secret_manager_secret_version")
        .flatMap(module::resources)
        .map(block -> block.where() + ": must not be made by Terraform")
        .toList();
  }

  /** Its builds run tests, and tests run other people's code, too. */
  static List<String> testsReadNoSecrets(TerraformModule module) {
    return module
        .blocks("resource")
        .filter(block -> block.strings().anyMatch(text -> text.contains(TESTER)))
        .filter(block -> block.strings().anyMatch(text -> READS_SECRETS.matcher(text).find()))
        .map(block -> block.where() + ": the account that runs the tests may read secrets")
        .toList();
  }

  /** A name that its owner gave up can become somebody else's. */
  static List<String> repositoriesAreTrustedByNumber(TerraformModule module) {
    return module
        .resources("google_iam_workload_identity_pool_provider")
        .filter(provider -> !provider.text("attribute_condition").orElse("").equals(BY_NUMBER))
        .map(provider -> provider.where() + ": needs attribute_condition = " + BY_NUMBER)
        .toList();
  }

  /** What nobody may read is not served: rights are given by the prefixes of objects' names. */
  static List<String> everyKindIsGranted(TerraformModule module) {
    return Stream.of(RegistryKind.values())
        .map(RegistryKind::prefix)
        .filter(prefix -> strings(module).noneMatch(found -> found.text().endsWith("/" + prefix)))
        .map(prefix -> "no right names " + prefix)
        .toList();
  }

  static List<String> referencesExist(TerraformModule module) {
    Set<String> declared = module.declared();
    return module.blocks().stream()
        .flatMap(
            block ->
                block.referencesToDeclared().stream()
                    .filter(reference -> !declared.contains(reference))
                    .map(reference -> block.where() + ": " + reference + " is not declared"))
        .toList();
  }

  private record Found(String where, String text) {}

  private static Stream<Found> strings(TerraformModule module) {
    return module.blocks().stream()
        .flatMap(block -> block.strings().map(text -> new Found(block.where(), text)));
  }

  private static List<String> missing(
      Block owner, JsonNode body, Map<List<String>, String> wanted) {
    return wanted.entrySet().stream()
        .filter(entry -> !TerraformModule.has(body, entry.getKey(), entry.getValue()))
        .map(
            entry ->
                owner.where()
                    + ": needs "
                    + String.join(".", entry.getKey())
                    + " = "
                    + entry.getValue())
        .toList();
  }
}
