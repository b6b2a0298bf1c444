package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.io.Resources;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Named pools of phrasings, read from a file of {@code @name} headers and one phrasing a line. */
final class Phrasebook {

  private final String file;
  private final Map<String, Pool> pools = new LinkedHashMap<>();

  Phrasebook(String file) {
    this.file = file;
    Map<String, List<String>> sections = new LinkedHashMap<>();
    String name = "";
    for (String line : lines(file)) {
      if (line.startsWith("@")) {
        name = line.substring(1);
      } else {
        sections.computeIfAbsent(name, key -> new ArrayList<>()).add(line);
      }
    }
    sections.forEach((key, lines) -> pools.put(key, new Pool(key, lines)));
  }

  boolean has(String name) {
    return pools.containsKey(name);
  }

  Pool pool(String name) {
    Pool pool = pools.get(name);
    if (pool == null) {
      throw new IllegalArgumentException("samples/" + file + " has no section @" + name);
    }
    return pool;
  }

  /** The pool for a mood ({@code thanks.annoyed}), or the general one where moods don't matter. */
  Pool pool(String name, String mood) {
    String moody = name + "." + mood;
    return has(moody) ? pool(moody) : pool(name);
  }

  /** The text of a phrasing file on the test class path. */
  static String text(String name) {
    return Resources.text(Phrasebook.class, "/samples/" + name);
  }

  /** The lines that are neither blank nor comments ({@code # ...}), stripped. */
  static List<String> lines(String name) {
    return text(name)
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("# "))
        .toList();
  }

  /**
   * Different ways to say one thing; the first is the team's standard sentence.
   *
   * @param key names the pool, so that an agent keeps favourites in it
   * @param lines phrasings with {@code {a|b}} alternatives and {@code <slots>}
   */
  record Pool(String key, List<String> lines) {

    Pool {
      requireNonNull(key, "key is null");
      lines = List.copyOf(lines);
      if (lines.isEmpty()) {
        throw new IllegalArgumentException("pool '" + key + "' has no lines: write at least one");
      }
    }
  }
}
