package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import java.util.List;

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
