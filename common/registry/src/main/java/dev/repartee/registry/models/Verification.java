package dev.repartee.registry.models;

import java.util.List;

/**
 * What was found when every byte of a model was read again.
 *
 * @param model its name
 * @param intact numbers of the versions of which every file has its size and hash
 * @param problems one line each; none when all is well
 */
public record Verification(String model, List<Integer> intact, List<String> problems) {

  public Verification {
    intact = List.copyOf(intact);
    problems = List.copyOf(problems);
  }
}
