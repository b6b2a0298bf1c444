package dev.repartee.infra.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.CommandLines;
import dev.repartee.infra.testing.Sources;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * Documents, help texts, messages and scripts use none of the phrases of {@code plain-english.txt}.
 */
class PlainEnglishTest {

  private static final String LIST =
      "infra/src/test/resources/dev/repartee/infra/docs/plain-english.txt";

  /** A string of Java; strings that are joined over lines are one. */
  private static final Pattern STRING =
      Pattern.compile("\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\n]|\\\\.)*)\"", Pattern.DOTALL);

  private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

  private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\n]*", Pattern.DOTALL);

  /** Built or downloaded; nothing in them is written by hand. */
  private static final Set<String> OTHERS = Set.of("target", "node_modules", "demo-run", ".git");

  private record Rule(Pattern phrase, String instead) {}

  private record Allowed(String file, String words, String reason) {}

  private record Occurrence(String file, String around, Rule rule) {
    @Override
    public String toString() {
      return file + ": \"..." + around + "...\": write " + rule.instead();
    }
  }

  private final List<Rule> rules = new ArrayList<>();
  private final List<Allowed> allowed = new ArrayList<>();

  PlainEnglishTest() {
    for (String line : Repository.text(LIST).split("\n", -1)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      if (line.startsWith("allow ")) {
        String[] parts = line.substring("allow ".length()).split(" \\| ", 3);
        allowed.add(new Allowed(parts[0], parts[1], parts[2]));
      } else {
        String[] parts = line.split(" -> ", 2);
        rules.add(new Rule(Pattern.compile(parts[0], Pattern.CASE_INSENSITIVE), parts[1]));
      }
    }
  }

  @Test
  void textsUseNoPhraseOfTheList() throws IOException {
    Map<String, List<String>> texts = texts();
    assertThat(texts.keySet())
        .contains("README.md", "scripts/repartee", "help of repartee finetune")
        .hasSizeGreaterThan(300);

    List<Occurrence> found = new ArrayList<>();
    texts.forEach((file, parts) -> parts.forEach(text -> found.addAll(in(file, text))));
    assertThat(found.stream().filter(occurrence -> allowance(occurrence) == null)).isEmpty();
    assertThat(allowed)
        .as("an allowance that nothing uses can go")
        .allMatch(one -> found.stream().anyMatch(it -> one.equals(allowance(it))));
  }

  private List<Occurrence> in(String file, String text) {
    String line = text.replace("\\n", " ").replaceAll("\\s+", " ");
    List<Occurrence> found = new ArrayList<>();
    for (Rule rule : rules) {
      Matcher phrase = rule.phrase().matcher(line);
      while (phrase.find()) {
        String around =
            line.substring(
                Math.max(0, phrase.start() - 40), Math.min(line.length(), phrase.end() + 40));
        found.add(new Occurrence(file, around, rule));
      }
    }
    return found;
  }

  private Allowed allowance(Occurrence occurrence) {
    return allowed.stream()
        .filter(it -> occurrence.file().endsWith(it.file()))
        .filter(it -> occurrence.around().contains(it.words()))
        .findFirst()
        .orElse(null);
  }

  /** Every text by its file, or by its command. */
  private static Map<String, List<String>> texts() throws IOException {
    Map<String, List<String>> texts = new TreeMap<>();
    Path root = Repository.file("");
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return OTHERS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = root.relativize(file).toString().replace('\\', '/');
            if (name.endsWith(".java") && name.contains("/src/main/")) {
              texts.put(name, strings(Sources.text(file)));
            } else if (isPageScript(name)) {
              texts.put(name, List.of(COMMENT.matcher(Sources.text(file)).replaceAll(" ")));
            } else if (isDocument(name) || isScript(name, file)) {
              texts.put(name, List.of(Sources.text(file)));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    addHelp(texts, CommandLines.finetune());
    addHelp(texts, CommandLines.serve());
    addHelp(texts, CommandLines.lab());
    return texts;
  }

  private static boolean isDocument(String name) {
    return name.endsWith(".md")
        || name.endsWith("openapi.json")
        || name.endsWith("openapi.yaml")
        || name.startsWith(".github/");
  }

  private static boolean isPageScript(String name) {
    return name.endsWith(".js")
        && (name.contains("/src/main/") || name.startsWith("serving/assist/"));
  }

  private static boolean isScript(String name, Path file) {
    return (name.startsWith("scripts/") || name.startsWith("infra/") || name.startsWith(".ci/"))
        && !name.endsWith(".jsonl")
        && !name.endsWith(".png")
        && Files.isRegularFile(file) // not a link to a folder
        && Sources.text(file).startsWith("#!");
  }

  private static List<String> strings(String source) {
    return STRING
        .matcher(JOINED.matcher(source).replaceAll(""))
        .results()
        .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
        .filter(text -> text.contains(" "))
        .toList();
  }

  /** The help of a command and of its subcommands, as it is printed. */
  private static void addHelp(Map<String, List<String>> texts, CommandLine command) {
    texts.put(
        "help of " + command.getCommandSpec().qualifiedName(), List.of(command.getUsageMessage()));
    command.getSubcommands().values().forEach(child -> addHelp(texts, child));
  }
}
