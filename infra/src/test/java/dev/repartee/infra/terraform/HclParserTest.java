package dev.repartee.infra.terraform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HclParserTest {

  private static HclBlock only(String text) {
    List<HclBlock> blocks = HclParser.parse("t.tf", text);
    assertThat(blocks).hasSize(1);
    return blocks.getFirst();
  }

  @Test
  void readsBlocksAttributesAndComments() {
    HclBlock bucket =
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

    assertThat(bucket.where()).isEqualTo("t.tf:2: resource google_storage_bucket.b");
    assertThat(bucket.has("name", "x")).isTrue();
    assertThat(bucket.has(List.of("versioning", "enabled"), "true")).isTrue();
    assertThat(bucket.text("list")).contains("[ 1 , { a = \"}\" } , ]");
  }

  @Test
  void knowsTemplatesAndHeredocs() {
    HclBlock block =
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

    assertThat(TerraformModule.references(block))
        .containsExactly("data.google_project.p", "google_service_account.a", "local.y", "var.x");
  }

  @Test
  void takesDynamicBlocksForTheBlocksThatTheyMake() {
    HclBlock block =
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

    assertThat(block.has(List.of("encryption", "key"), "encryption.value")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a {            | `t.tf:1: 'end of file' stands where a name or } of a was expected`",
        "a = 1          | t.tf:1: 'a' stands in no block",
        "a { b = [1 }   | its opening bracket in 'b'",
        "a { b = (1     | t.tf:1: the value of 'b' is not whole",
        "a { b = }      | the value of 'b' is not whole",
        "a { b = \"x    | a string that does not end",
        "a { b = \"${x  | that does not end",
        "a { @ }        | t.tf:1: unexpected '@'",
        "a \"b\" = 1    | = or { after 'a'",
      })
  void saysWhereTextIsNoHcl(String text, String message) {
    assertThatThrownBy(() -> HclParser.parse("t.tf", text))
        .isInstanceOf(HclException.class)
        .hasMessageContaining(message);
  }

  @Test
  void saysWhereAHeredocBeganThatDoesNotEnd() {
    assertThatThrownBy(() -> HclParser.parse("t.tf", "a {\n  b = <<-E\n  x\n}"))
        .hasMessage("t.tf:2: a heredoc <<E that does not end");
  }

  @Test
  void refusesAnAttributeThatIsGivenTwice() {
    assertThatThrownBy(() -> HclParser.parse("t.tf", "a {\n  b = 1\n  b = 2\n}"))
        .hasMessage("t.tf:3: 'b' is given twice");
  }
}
