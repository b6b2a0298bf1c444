package dev.repartee.clustering.count;

import dev.repartee.text.UserException;
import java.util.ServiceLoader;

/** Finds counting engines by name. */
public final class CountingEngines {

  private CountingEngines() {}

  /**
   * The engine called {@code name}.
   *
   * @throws UserException when there is none
   */
  public static CountingEngine named(String name) {
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
