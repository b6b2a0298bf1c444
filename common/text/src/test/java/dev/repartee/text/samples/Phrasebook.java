package dev.repartee.text.samples;

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
    for (String line : Resources.lines(file)) {
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

  List<Exchange> exchanges(String name) {
    return pool(name).lines().stream().map(Exchange::parse).toList();
  }
}
