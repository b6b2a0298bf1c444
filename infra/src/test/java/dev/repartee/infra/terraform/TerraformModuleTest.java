package dev.repartee.infra.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.infra.terraform.TerraformModule.Block;
import dev.repartee.infra.testing.ExternalTools;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the policies see of a Terraform file. */
class TerraformModuleTest {

  private static Block only(String text) {
    List<Block> blocks = TerraformModule.of(text).blocks();
    assertThat(blocks).hasSize(1);
    return blocks.getFirst();
  }

  @Test
  void readsBlocksAttributesAndComments() {
    Block bucket =
        only(
            """
            # comment { "
            resource "google_storage_bucket" "b" { // more
              name = "x" /* and
              more */
              versioning { enabled = true }
              list = [
                1,
                { a = "}" },
              ]
            }
            """);

    assertThat(bucket.where()).isEqualTo("test.tf:2: resource google_storage_bucket.b");
    assertThat(TerraformModule.has(bucket.body(), List.of("name"), "x")).isTrue();
    assertThat(TerraformModule.has(bucket.body(), List.of("versioning", "enabled"), "true"))
        .isTrue();
    assertThat(bucket.text("list")).contains("[1,{\"a\":\"}\"}]");
  }

  @Test
  void knowsTemplatesAndHeredocs() {
    Block block =
        only(
            """
            output "o" {
              value = "a ${var.x ? "}" : "${local.y}"} $${not.this}"
              text = <<-EOT
                "unbalanced { ${data.google_project.p.number}
              EOT
              last = google_service_account.a[0].email
            }
            """);

    assertThat(block.referencesToDeclared())
        .containsExactly("data.google_project.p", "google_service_account.a", "local.y", "var.x");
  }

  @Test
  void takesDynamicBlocksForTheBlocksThatTheyMake() {
    Block block =
        only(
            """
            resource "a" "b" {
              dynamic "encryption" {
                for_each = var.key
                content {
                  key = encryption.value
                }
              }
            }
            """);

    assertThat(TerraformModule.has(block.body(), List.of("encryption", "key"), "encryption.value"))
        .isTrue();
  }

  @Test
  void saysWhereTextIsNoHcl() {
    ExternalTools.needParsers();
    assertThatThrownBy(() -> TerraformModule.of("a {\n  b = [1 }"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("test.tf:2,");
    assertThatThrownBy(() -> TerraformModule.of("a = 1"))
        .hasMessageContaining("stands in no block");
  }
}
