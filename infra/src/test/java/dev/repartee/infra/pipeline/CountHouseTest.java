package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code scripts/count-house} in a repository of two modules and a script. */
class CountHouseTest {

  private static final String SHOP = "shop/src/main/java/org/shop/";

  @TempDir private Path root;

  @BeforeEach
  void layOut() throws IOException, InterruptedException {
    Tools.need(
        Tools.has("python3") && Tools.has("git"),
        "the script needs Python and git (apt-get install python3 git)");
    write("scripts/count-house", Repository.text("scripts/count-house"));
    assertThat(root.resolve("scripts/count-house").toFile().setExecutable(true)).isTrue();
    write(
        SHOP + "Order.java",
        """
        package org.shop;

        import org.parts.Part;

        /* A comment, and class Ghost in it. */
        public final class Order { // after code
          // only a comment
          static final String GLOB = "/*";
          Price price(Part.Size size, Till till) { return null; }
          private record Key(String text) {}
        }
        """);
    write(SHOP + "Price.java", "package org.shop;\nrecord Price(Currency currency) {}\n");
    write(SHOP + "Currency.java", "package org.shop;\nenum Currency { EURO }\n");
    write(SHOP + "Till.java", "package org.shop;\nclass Till {\n  record Key() {}\n}\n");
    write("shop/src/test/java/org/shop/OrderTest.java", "package org.shop;\nclass OrderTest {}\n");
    write(
        "parts/src/main/java/org/parts/Part.java",
        "package org.parts;\npublic interface Part {\n  enum Size { S }\n}\n");
    write("scripts/load/Key.java", "record Key() {}\n");
    write(
        "docs/architecture.md",
        """
        ## Four ways through the code
        ### An `order`
        1. [`Order`](../%sOrder.java) is placed.

        ## Formats
        [`Till`](../%sTill.java)
        """
            .formatted(SHOP, SHOP));
    git("init", "-q");
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void git(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("git", "-c", "user.name=t", "-c", "user.email=t@example.org"));
    command.addAll(List.of(arguments));
    ProgramRun ended = ProgramRun.of(root, Map.of(), command);
    assertThat(ended.exitCode()).as(ended.all()).isZero();
  }

  private ProgramRun run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("scripts/count-house"));
    command.addAll(List.of(options));
    return ProgramRun.of(root, Map.of(), command);
  }

  private JsonNode counts(String... options) throws IOException, InterruptedException {
    ProgramRun ended = run(options);
    assertThat(ended.exitCode()).as(ended.all()).isZero();
    return JsonMapper.shared().readTree(ended.output());
  }

  @Test
  void modulesAreCountedAndScriptsBesideThem() throws IOException, InterruptedException {
    JsonNode counted = counts("--json");

    assertThat(counted.at("/modules").valueStream().map(one -> one.at("/module").asString()))
        .containsExactly("parts", "shop", "scripts");
    assertThat(counted.at("/modules/1").toString())
        .isEqualTo(
            "{'module':'shop','product':true,'files':4,'lines':19,'code':10,'test_files':1,'test_lines':2}"
                .replace('\'', '"'));
    assertThat(counted.at("/product/files").asInt()).isEqualTo(5);
    assertThat(counted.at("/outside/files").asInt()).isEqualTo(1);
  }

  @Test
  void aNameThatSeveralTypesShareIsCountedOnce() throws IOException, InterruptedException {
    JsonNode counted = counts("--json");

    assertThat(counted.at("/type_names/counts").toString()).isEqualTo("{\"Key\":2}");
    assertThat(counted.at("/type_names/all_types").asInt()).isEqualTo(8);
    assertThat(counted.at("/type_names_with_outside/counts/Key").asInt()).isEqualTo(3);
  }

  /** The class Till is only called, and only the price mentions its currency. */
  @Test
  void aWayHasTheLinkedFilesAndTheDataThatTheyMention() throws IOException, InterruptedException {
    JsonNode way = counts("--json").at("/ways/0");

    assertThat(way.at("/way").asString()).isEqualTo("An order");
    assertThat(way.at("/names").valueStream().map(JsonNode::asString))
        .containsExactly("org.parts.Part", "org.shop.Order", "org.shop.Price");
  }

  @Test
  void anEarlierCommitIsCountedByTheSameRules() throws IOException, InterruptedException {
    git("add", ".");
    git("commit", "-q", "-m", "before");
    Files.delete(root.resolve(SHOP + "Till.java"));

    assertThat(counts("--json").at("/product/files").asInt()).isEqualTo(4);
    assertThat(counts("--json", "--commit", "HEAD").at("/product/files").asInt()).isEqualTo(5);
    assertThat(run().output()).contains("| product ", "| beside: scripts ", "| An order ");
  }

  @Test
  void whatCannotBeCountedIsNamed() throws IOException, InterruptedException {
    ProgramRun noCommit = run("--commit", "nowhere");
    assertThat(noCommit.exitCode()).isEqualTo(2);
    assertThat(noCommit.errors()).startsWith("error:").contains("nowhere");

    Files.delete(root.resolve(SHOP + "Order.java"));
    ProgramRun noFile = run();
    assertThat(noFile.exitCode()).isEqualTo(2);
    assertThat(noFile.errors()).contains("docs/architecture.md", "org.shop.Order");
  }
}
