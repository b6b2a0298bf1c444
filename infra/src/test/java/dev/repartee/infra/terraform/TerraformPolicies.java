package dev.repartee.infra.terraform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What our Terraform must and must not say. Each policy answers with what offends it, empty for
 * nothing.
 */
final class TerraformPolicies {

  private static final Set<String> PRIMITIVE =
      Set.of("roles/owner", "roles/editor", "roles/viewer", "roles/storage.admin");
  private static final Pattern PUBLIC = Pattern.compile("\\ball(Authenticated)?Users\\b");
  private static final Pattern SECRET =
      Pattern.compile(
          "-----BEGIN|\\bAIza[0-9A-Za-z_-]{30}|\\bya29\\.|\"private_key\"|\\bgh[pousr]_[0-9A-Za-z]{30}");
  private static final Pattern PROJECT_ID =
      Pattern.compile(
          "projects/[a-z][a-z0-9-]{5,}(?=/)|@[a-z][a-z0-9-]{5,}\\.iam\\.gserviceaccount\\.com");
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
        .filter(found -> PRIMITIVE.contains(found.text()) || PUBLIC.matcher(found.text()).find())
        .map(found -> found.where() + ": grants too much: " + found.text())
        .toList();
  }

  static List<String> bucketsAreClosed(TerraformModule module) {
    return missing(module.resources("google_storage_bucket"), BUCKET);
  }

  /** Node pools, and the default pool that a cluster is born with. */
  static List<String> nodesAreTheirOwn(TerraformModule module) {
    Stream<HclBlock> owners =
        Stream.concat(
            module.resources("google_container_node_pool"),
            module.resources("google_container_cluster"));
    List<String> problems = new ArrayList<>();
    owners.forEach(
        owner -> {
          List<HclBlock> configs = owner.children("node_config").toList();
          if (configs.isEmpty()) {
            problems.add(owner.where() + ": has no node_config");
          }
          problems.addAll(missing(configs.stream(), NODES));
        });
    return problems;
  }

  static List<String> clusterIsProtected(TerraformModule module) {
    return missing(module.resources("google_container_cluster"), CLUSTER);
  }

  static List<String> noSecretsOrProjects(TerraformModule module) {
    return strings(module)
        .filter(
            found -> SECRET.matcher(found.text()).find() || PROJECT_ID.matcher(found.text()).find())
        .map(found -> found.where() + ": holds a secret or a project's id: " + found.text())
        .toList();
  }

  /** Keys of service accounts never expire, and a secret's value would stand in the state. */
  static List<String> noKeys(TerraformModule module) {
    return Stream.of("google_service_account_key", "google_secret_manager_secret_version")
        .flatMap(module::resources)
        .map(block -> block.where() + ": must not be made by Terraform")
        .toList();
  }

  static List<String> variablesAreExplained(TerraformModule module) {
    return Stream.concat(
            module
                .blocks("variable")
                .filter(
                    block -> block.text("type").isEmpty() || block.text("description").isEmpty())
                .map(block -> block.where() + ": needs type and description"),
            module
                .blocks("output")
                .filter(block -> block.text("description").isEmpty())
                .map(block -> block.where() + ": needs a description"))
        .toList();
  }

  static List<String> versionsArePinned(TerraformModule module) {
    List<HclBlock> settings = module.blocks("terraform").toList();
    List<String> problems = new ArrayList<>();
    if (settings.stream().noneMatch(block -> block.text("required_version").isPresent())) {
      problems.add("no required_version");
    }
    String providers =
        String.join(
            " ",
            settings.stream()
                .flatMap(block -> block.children("required_providers"))
                .flatMap(
                    block ->
                        block.attributes().keySet().stream()
                            .map(name -> name + ":" + block.text(name).orElseThrow()))
                .toList());
    module
        .blocks("resource")
        .map(block -> block.label(0).replaceFirst("_.*", ""))
        .distinct()
        .filter(
            name ->
                !Pattern.compile(name + ":[^}]*version = \"~> \\d+\\.\\d+")
                    .matcher(providers)
                    .find())
        .forEach(name -> problems.add("provider " + name + " is not pinned with ~> MAJOR.MINOR"));
    return problems;
  }

  static List<String> referencesExist(TerraformModule module) {
    Set<String> declared = module.declared();
    return module.blocks().stream()
        .flatMap(
            block ->
                TerraformModule.references(block).stream()
                    .filter(reference -> !declared.contains(reference))
                    .map(reference -> block.where() + ": " + reference + " is not declared"))
        .toList();
  }

  /** Variables and locals that nobody reads are left-overs. */
  static List<String> nothingIsUnused(TerraformModule module) {
    Set<String> used = new TreeSet<>();
    module.blocks().forEach(block -> used.addAll(TerraformModule.references(block)));
    return module.declared().stream()
        .filter(name -> name.startsWith("var.") || name.startsWith("local."))
        .filter(name -> !used.contains(name))
        .map(name -> name + " is never used")
        .toList();
  }

  /** A name that two blocks have is an error that only `terraform validate` would find. */
  static List<String> namesAreUnique(TerraformModule module) {
    Set<String> seen = new TreeSet<>();
    return module.blocks().stream()
        .filter(block -> !block.labels().isEmpty())
        .filter(block -> !seen.add(block.type() + " " + block.labels()))
        .map(block -> block.where() + ": is declared twice")
        .toList();
  }

  private record Found(String where, String text) {}

  private static Stream<Found> strings(TerraformModule module) {
    return module
        .all()
        .flatMap(
            block ->
                block.attributes().values().stream()
                    .flatMap(HclToken::runs)
                    .flatMap(List::stream)
                    .filter(token -> token.kind() == HclToken.Kind.STRING)
                    .map(token -> new Found(block.where(), token.text())));
  }

  private static List<String> missing(Stream<HclBlock> blocks, Map<List<String>, String> wanted) {
    return blocks
        .flatMap(
            block ->
                wanted.entrySet().stream()
                    .filter(entry -> !block.has(entry.getKey(), entry.getValue()))
                    .map(
                        entry ->
                            block.where()
                                + ": needs "
                                + String.join(".", entry.getKey())
                                + " = "
                                + entry.getValue()))
        .toList();
  }
}
