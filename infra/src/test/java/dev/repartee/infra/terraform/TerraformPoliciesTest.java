package dev.repartee.infra.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.text.testing.Repository;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TerraformPoliciesTest {

  /**
   * A rule with a mutation test.
   *
   * @param broken Terraform that violates the rule
   * @param objection part of the violation's message
   */
  private record Policy(
      String name, Function<TerraformModule, List<String>> rule, String broken, String objection) {}

  private static final List<Policy> POLICIES =
      List.of(
          new Policy(
              "no primitive role",
              TerraformPolicies::noBroadRoles,
              "resource \"google_project_iam_member\" \"a\" { role = \"roles/editor\" }",
              "roles/editor"),
          new Policy(
              "nothing for everybody",
              TerraformPolicies::noBroadRoles,
              "resource \"google_storage_bucket_iam_member\" \"a\" { member = \"allUsers\" }",
              "allUsers"),
          new Policy(
              "buckets are closed",
              TerraformPolicies::bucketsAreClosed,
              """
              resource "google_storage_bucket" "a" {
                uniform_bucket_level_access = true
                public_access_prevention    = "inherited"
                versioning {
                  enabled = true
                }
              }
              """,
              "public_access_prevention = enforced"),
          new Policy(
              "nodes have an account of their own",
              TerraformPolicies::nodesAreTheirOwn,
              """
              resource "google_container_node_pool" "a" {
                node_config {
                  workload_metadata_config {
                    mode = "GKE_METADATA"
                  }
                }
              }
              """,
              "service_account"),
          new Policy(
              "nodes hide their metadata",
              TerraformPolicies::nodesAreTheirOwn,
              """
              resource "google_container_node_pool" "a" {
                node_config {
                  service_account = google_service_account.nodes.email
                }
              }
              """,
              "workload_metadata_config.mode = GKE_METADATA"),
          new Policy(
              "a pool says what its nodes are",
              TerraformPolicies::nodesAreTheirOwn,
              "resource \"google_container_node_pool\" \"a\" { node_count = 1 }",
              "has no node_config"),
          new Policy(
              "images for GPUs are streamed",
              TerraformPolicies::gpuImagesAreStreamed,
              """
              resource "google_container_node_pool" "a" {
                node_config {
                  guest_accelerator {
                    count = 1
                  }
                }
              }
              """,
              "gcfs_config.enabled = true"),
          new Policy(
              "streaming has its API",
              TerraformPolicies::gpuImagesAreStreamed,
              "locals { role = \"roles/serviceusage.serviceUsageConsumer\" }",
              "needs containerfilesystem.googleapis.com"),
          new Policy(
              "a pool with GPUs asks for their driver",
              TerraformPolicies::gpuDriversComeFromGke,
              """
              resource "google_container_node_pool" "a" {
                node_config {
                  guest_accelerator {
                    count = 1
                  }
                }
              }
              """,
              "gpu_driver_version = var.gpu_driver"),
          new Policy(
              "GKE installs the driver",
              TerraformPolicies::gpuDriversComeFromGke,
              "variable \"gpu_driver\" { default = \"INSTALLATION_DISABLED\" }",
              "the default is not LATEST"),
          new Policy(
              "the cluster is protected",
              TerraformPolicies::clusterIsProtected,
              "resource \"google_container_cluster\" \"a\" { deletion_protection = false }",
              "deletion_protection = var.deletion_protection"),
          new Policy(
              "no project's id",
              TerraformPolicies::noSecretsOrProjects,
              "locals { a = \"ci@acme-prod-1.iam.gserviceaccount.com\" }",
              "acme-prod-1"),
          new Policy(
              "no secret",
              TerraformPolicies::noSecretsOrProjects,
              "locals {\n  a = <<-E\n    -----BEGIN PRIVATE KEY-----\n  E\n}",
              "BEGIN PRIVATE KEY"),
          new Policy(
              "no keys",
              TerraformPolicies::noKeys,
              "resource \"google_service_account_key\" \"a\" {}",
              "must not be made"),
          new Policy(
              "tests read no secrets",
              TerraformPolicies::testsReadNoSecrets,
              """
              resource "google_project_iam_member" "a" {
                role   = "roles/container.developer"
                member = google_service_account.build.member
              }
              """,
              "may read secrets"),
          new Policy(
              "both kinds of the registry have rights",
              TerraformPolicies::everyKindIsGranted,
              "locals { models = \"objects/registry/models/\" }",
              "no right names libraries/"),
          new Policy(
              "variables are explained",
              TerraformPolicies::variablesAreExplained,
              "variable \"a\" { type = string }",
              "type and description"),
          new Policy(
              "providers are pinned",
              TerraformPolicies::versionsArePinned,
              """
              terraform {
                required_version = ">= 1.9.0"
                required_providers {
                  google = { source = "hashicorp/google", version = ">= 6" }
                }
              }
              resource "google_service_account" "a" {}
              """,
              "google is not pinned"),
          new Policy(
              "references exist",
              TerraformPolicies::referencesExist,
              "output \"a\" { value = \"x-${google_storage_bucket.gone.name}\" }",
              "google_storage_bucket.gone is not declared"),
          new Policy(
              "references within calls exist",
              TerraformPolicies::referencesExist,
              "locals { a = [for x in toset(var.gone) : upper(x)] }",
              "var.gone is not declared"),
          new Policy(
              "nothing is unused",
              TerraformPolicies::nothingIsUnused,
              "variable \"left\" {}",
              "var.left is never used"),
          new Policy(
              "names are unique",
              TerraformPolicies::namesAreUnique,
              "variable \"a\" {}\nvariable \"a\" {}",
              "test.tf:2: variable a: is declared twice"));

  private static TerraformModule ours() {
    return TerraformModule.read(Repository.file("infra/terraform"));
  }

  @TestFactory
  Stream<DynamicTest> ourTerraformKeepsEveryPolicy() {
    return POLICIES.stream()
        .map(
            policy ->
                dynamicTest(
                    policy.name(), () -> assertThat(policy.rule().apply(ours())).isEmpty()));
  }

  @TestFactory
  Stream<DynamicTest> everyPolicyObjectsToWhatBreaksIt() {
    return POLICIES.stream()
        .map(
            policy ->
                dynamicTest(
                    policy.name(),
                    () ->
                        assertThat(policy.rule().apply(TerraformModule.of(policy.broken())))
                            .anySatisfy(line -> assertThat(line).contains(policy.objection()))));
  }

  @Test
  void theModuleIsThere() {
    TerraformModule module = ours();

    assertThat(module.blocks("resource")).hasSizeGreaterThan(40);
    assertThat(module.resources("google_container_node_pool")).hasSize(3);
  }
}
