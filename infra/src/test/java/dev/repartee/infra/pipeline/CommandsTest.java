package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every command that a script, workflow, manifest or page of instructions gives exists, options
 * included.
 */
class CommandsTest {

  private final CommandLines commands = new CommandLines();

  @TestFactory
  Stream<DynamicTest> commandsExist() {
    Stream<Path> shell =
        Stream.of(
                YamlFiles.in(".github/workflows", ".yml"),
                YamlFiles.in("infra/pipeline", ""),
                YamlFiles.in("infra/cloudbuild", ""),
                List.of(Repository.file("scripts/recipe"), Repository.file("docs/deploy.md")))
            .flatMap(List::stream);
    return Stream.concat(
        shell.map(file -> test(file, Commands.inShell(text(file)))),
        YamlFiles.in("infra/kubernetes/training", ".yaml").stream()
            .map(file -> test(file, Commands.inManifest(text(file)))));
  }

  private DynamicTest test(Path file, List<List<String>> calls) {
    return dynamicTest(
        Repository.file("").relativize(file) + ", " + calls.size() + " calls",
        () -> {
          List<String> problems =
              calls.stream().flatMap(call -> commands.check(call).stream()).toList();
          if (!commands.hasGates()) {
            assumeThat(problems)
                .as("`models gates` is not there, so what goes with it cannot be checked")
                .isEmpty();
          }
          assertThat(problems).isEmpty();
        });
  }

  @Test
  void callsAreFound() {
    assertThat(
            Commands.inShell(
                """
                # scripts/repartee is the launcher
                  repartee models publish "$model" --store "$store" \\
                    --model x > out
                scripts/repartee doctor | cat
                """))
        .containsExactly(
            List.of("models", "publish", "$model", "--store", "$store", "--model", "x"),
            List.of("doctor"));
    assertThat(Commands.inManifest("  args:\n    - models\n    - --store=x\n  args:\n    - --y\n"))
        .containsExactly(List.of("models", "--store=x"));
    assertThat(Commands.inShell(text(Repository.file("scripts/recipe")))).hasSizeGreaterThan(3);
  }

  @Test
  void whatDoesNotExistIsFound() {
    assertThat(commands.check(List.of("modles", "list")))
        .singleElement()
        .asString()
        .contains("modles");
    assertThat(commands.check(List.of("models", "lst")))
        .singleElement()
        .asString()
        .contains("models lst");
    assertThat(commands.check(List.of("models", "list", "--stor=x")))
        .singleElement()
        .asString()
        .contains("--stor");
    assertThat(commands.check(List.of("extract", "--conversation", "x")))
        .singleElement()
        .asString()
        .contains("--conversation");
    assertThat(commands.check(List.of("extract", "--conversations", "x", "--set", "a=b")))
        .isEmpty();
    assertThat(commands.check(List.of("serve", "--model", "x", "--adminport=1")))
        .singleElement()
        .asString()
        .contains("--adminport");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
