package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * Something customers write about.
 *
 * @param key names it within its domain
 * @param problem whether something went wrong, so that the agent shows regret before helping
 * @param needs the facts that the agent asks for, such as {@code order}
 * @param opening how customers put it
 * @param paths how it can go
 */
record Issue(String key, boolean problem, List<String> needs, Pool opening, List<Path> paths) {

  Issue {
    requireNonNull(key, "key is null");
    requireNonNull(opening, "opening is null");
    needs = List.copyOf(needs);
    paths = List.copyOf(paths);
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("issue '" + key + "' has no @path: write at least one");
    }
  }
}
