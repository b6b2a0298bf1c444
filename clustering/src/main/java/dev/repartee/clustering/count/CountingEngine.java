package dev.repartee.clustering.count;

import dev.repartee.text.UserException;
import dev.repartee.text.privacy.PublicFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

/**
 * Counts what agents wrote. Every engine gives equal tallies for the same files; engines differ in
 * where they run. Engines other than {@link LocalCounting} are found by {@link ServiceLoader}.
 */
public interface CountingEngine {

  /** The engine's name on the command line. */
  String name();

  /**
   * Counts the agent messages of {@code files}, and the passages in them that repeat. Each file is
   * read as {@link dev.repartee.text.conversation.ConversationReader} reads it, twice.
   *
   * @param facts the public values, which stay readable
   * @param minAgents the least number of agents of a passage that repeats
   * @param progress receives a line for each step
   * @throws UserException if a file cannot be read or has bad lines, or if two conversations share
   *     an id
   */
  CorpusTally count(List<Path> files, PublicFacts facts, int minAgents, Consumer<String> progress);

  /**
   * Counts the values in {@code files} of which public facts are made. Reads them as {@link #count}
   * does, but need not report what is wrong with them.
   *
   * @param terms the team's own
   * @param progress receives a line for each step
   */
  PublicFacts.Counter countValues(List<Path> files, PublicFacts terms, Consumer<String> progress);

  /**
   * The engine called {@code name}.
   *
   * @throws UserException if there is none
   */
  static CountingEngine named(String name) {
    if (name.equals(LocalCounting.NAME)) {
      return new LocalCounting();
    }
    for (CountingEngine engine : ServiceLoader.load(CountingEngine.class)) {
      if (engine.name().equals(name)) {
        return engine;
      }
    }
    if (name.equals("spark")) {
      throw UserException.usage(
          "--engine spark: Spark is not on the class path; start it as 'scripts/repartee extract"
              + " --engine spark', which builds clustering/spark, or see docs/spark.md");
    }
    throw UserException.usage("--engine must be local or spark but is '" + name + "'");
  }
}
