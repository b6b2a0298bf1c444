package dev.repartee.text;

import dev.repartee.text.io.Resources;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The words and phrases of a resource file, in lists that have a name, such as a language. A line
 * in brackets, {@code [name]}, begins a list; white space separates words; an underscore stands for
 * a blank in a phrase; a line that begins with {@code #} is a comment.
 */
public final class WordLists {

  /** Words in order. A name may come again: then its lists are read as one. */
  public record WordList(String name, List<String> words) {}

  private final String resource;
  private final List<WordList> lists = new ArrayList<>();

  /** Reads a resource beside {@code owner}. */
  public WordLists(Class<?> owner, String resource) {
    this.resource = resource;
    for (String line : Resources.text(owner, resource).lines().toList()) {
      if (line.startsWith("[")) {
        lists.add(new WordList(line.substring(1, line.length() - 1), new ArrayList<>()));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        for (String word : line.strip().split("\\s+", -1)) {
          lists.getLast().words().add(word.replace('_', ' '));
        }
      }
    }
  }

  /** All lists in the order of the file. */
  public List<WordList> all() {
    return List.copyOf(lists);
  }

  /**
   * The words of the lists with these names, list by list.
   *
   * @throws IllegalArgumentException when there is no list of a name
   */
  public List<String> words(String... names) {
    return Stream.of(names).flatMap(this::named).toList();
  }

  private Stream<String> named(String name) {
    List<WordList> named = lists.stream().filter(list -> list.name().equals(name)).toList();
    if (named.isEmpty()) {
      throw new IllegalArgumentException(resource + " has no list '" + name + "'");
    }
    return named.stream().flatMap(list -> list.words().stream());
  }
}
