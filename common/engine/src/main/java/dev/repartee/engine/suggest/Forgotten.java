package dev.repartee.engine.suggest;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;

/**
 * Whose replies knowledge must not hold, whatever it is built from: {@value #FILE} in a model
 * folder.
 *
 * @param agents hashes of their ids, see {@link Memory#pseudonym}
 * @param conversations hashes of their ids, see {@link Memory#conversationHash}
 */
public record Forgotten(Set<String> agents, Set<String> conversations) {

  /** The file in a model folder. */
  public static final String FILE = "forgotten.json";

  /** Nobody. */
  public static final Forgotten NOBODY = new Forgotten(Set.of(), Set.of());

  public Forgotten {
    agents = Set.copyOf(agents);
    conversations = Set.copyOf(conversations);
  }

  /**
   * That of a model folder; nobody where it names none.
   *
   * @throws UserException when the file cannot be read
   */
  public static Forgotten read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return NOBODY;
    }
    try {
      return Json.COMPACT.readValue(Files.readString(file), Forgotten.class);
    } catch (IOException | JacksonException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes it into a model folder, in an order of its hashes that is always the same. */
  void write(Path folder) throws IOException {
    record Sorted(Set<String> agents, Set<String> conversations) {}
    AtomicFile.writeString(
        folder.resolve(FILE),
        Json.COMPACT.writeValueAsString(
            new Sorted(new TreeSet<>(agents), new TreeSet<>(conversations))));
  }
}
