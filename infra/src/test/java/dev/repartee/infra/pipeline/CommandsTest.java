package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.infra.docs.Documents;
import dev.repartee.infra.testing.CommandLines;
import dev.repartee.infra.testing.Sources;
import dev.repartee.text.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every command in scripts, workflows, manifests and documents exists, with its options. */
class CommandsTest {

  private final CommandLines commands = new CommandLines();

  @TestFactory
  Stream<DynamicTest> commandsExist() {
    Stream<Path> shell =
        Stream.of(
                Sources.in(".github/workflows", ".yml"),
                Sources.in("infra/pipeline", ""),
                Sources.in("infra/cloudbuild", ""),
                Documents.all())
            .flatMap(List::stream);
    return Stream.concat(
        shell.map(file -> test(file, Commands.inShell(Sources.text(file)))),
        Stream.of(
                Sources.in("infra/kubernetes/training", ".yaml"),
                Sources.in("infra/kubernetes/builder", ".yaml"))
            .flatMap(List::stream)
            .map(file -> test(file, Commands.inManifest(Sources.text(file)))));
  }

  private DynamicTest test(Path file, List<List<String>> calls) {
    return dynamicTest(
        Repository.file("").relativize(file) + ", " + calls.size() + " calls",
        () -> {
          List<String> problems =
              calls.stream().flatMap(call -> commands.check(call).stream()).toList();
          assertThat(problems).isEmpty();
        });
  }

  /** Finds the calls of Repartee's command line in a text; quotes are ignored. */
  private static final class Commands {

    private static final Pattern COMMENT = Pattern.compile("(?m)(?:^|(?<=\\s))#\\s.*$");
    private static final Pattern CONTINUED = Pattern.compile("\\\\\\n\\s*");
    private static final Pattern CALL =
        Pattern.compile(
            "(?m)(?:^|[\\s`;(|])(?:scripts/repartee|/opt/repartee/bin/repartee|^\\s*repartee) +(?=[a-z])([^\\n|>;`)]+)");
    private static final Pattern ARGUMENT_LIST =
        Pattern.compile("(?m)^( *)args:\\n((?:\\1 *- .+\\n)+)");

    /** The words after {@code repartee} of each call in shell text. */
    static List<List<String>> inShell(String text) {
      List<List<String>> calls = new ArrayList<>();
      Matcher call =
          CALL.matcher(CONTINUED.matcher(COMMENT.matcher(text).replaceAll("")).replaceAll(" "));
      while (call.find()) {
        calls.add(words(Stream.of(call.group(1).split("\\s+"))));
      }
      return calls;
    }

    /** The containers' {@code args:} of a manifest, one word a line. */
    static List<List<String>> inManifest(String text) {
      List<List<String>> calls = new ArrayList<>();
      Matcher list = ARGUMENT_LIST.matcher(text);
      while (list.find()) {
        List<String> words = words(list.group(2).lines().map(line -> line.strip().substring(2)));
        if (!words.isEmpty() && words.getFirst().matches("[a-z]+")) {
          calls.add(words);
        }
      }
      return calls;
    }

    private static List<String> words(Stream<String> words) {
      return words
          .map(word -> word.replaceAll("[\"']", ""))
          .filter(word -> !word.isBlank())
          .toList();
    }
  }
}
