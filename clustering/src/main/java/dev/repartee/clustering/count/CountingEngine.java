package dev.repartee.clustering.count;

import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Counts what agents wrote. Every engine gives the same {@link Corpus} for the same files; they
 * differ in where they run. Engines beside {@link LocalCounting} are found by {@link
 * java.util.ServiceLoader}.
 */
public interface CountingEngine {

  /** What the engine is called on the command line. */
  String name();

  /**
   * Counts the agents' messages of {@code files}, each as {@link
   * dev.repartee.text.conversation.ConversationReader} reads it.
   *
   * @param progress told in a line what is being done
   * @throws UserException when a file cannot be read or has bad lines, and when two conversations
   *     share an id
   */
  Corpus count(List<Path> files, Consumer<String> progress);
}
