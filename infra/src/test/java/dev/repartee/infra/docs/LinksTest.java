package dev.repartee.infra.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.Sources;
import dev.repartee.text.testing.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links of documents to files, headings and pictures of the repository lead somewhere. */
class LinksTest {

  private static final Pattern CODE = Pattern.compile("```.*?```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)|src=\"([^\"]+)\"");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  @Test
  void leadSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path document : documents()) {
      Matcher link = LINK.matcher(withoutCode(document));
      while (link.find()) {
        String target = link.group(1) == null ? link.group(2) : link.group(1);
        if (!target.matches("[a-z]+:.*") && !exists(document, target)) {
          broken.add(Repository.file("").relativize(document) + " -> " + target);
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  private static List<Path> documents() {
    List<Path> documents =
        Stream.of("docs", "infra", "clustering", "common", "finetune", "serving", "scripts")
            .flatMap(folder -> Sources.in(folder, ".md").stream())
            .filter(file -> !file.toString().contains("node_modules"))
            .collect(Collectors.toCollection(ArrayList::new));
    Stream.of("README", "CONTRIBUTING", "CHANGELOG", "SECURITY", "CODE_OF_CONDUCT")
        .forEach(name -> documents.add(Repository.file(name + ".md")));
    return documents;
  }

  private static boolean exists(Path document, String target) {
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]).normalize();
    return Files.exists(file)
        && (parts.length == 1
            || !file.toString().endsWith(".md")
            || anchors(file).contains(parts[1]));
  }

  /** The anchors that GitHub gives to a document's headings. */
  private static Set<String> anchors(Path document) {
    return HEADING
        .matcher(withoutCode(document))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1"))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N}_ -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  private static String withoutCode(Path document) {
    return CODE.matcher(Sources.text(document)).replaceAll("");
  }
}
